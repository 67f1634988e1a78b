using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GanOnnx.ContentCredentials.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SigningIdentityTests : IDisposable
{
    private const string DocumentSigning = "1.3.6.1.5.5.7.3.36";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void OfUser_IsMadeOnceAndOnlyForTheUser()
    {
        using var first = SigningIdentity.OfUser(_folder["ganonnx/signing"], out var isNew);
        using var second = SigningIdentity.OfUser(_folder["ganonnx/signing"], out var isNewAgain);

        Assert.That((isNew, isNewAgain), Is.EqualTo((true, false)));
        Assert.That(second.Certificate.ToArray(), Is.EqualTo(first.Certificate.ToArray()));
        Assert.That(Directory.GetFileSystemEntries(_folder["ganonnx"]).Select(Path.GetFileName), Is.EqualTo(["signing"]));
        if (OperatingSystem.IsWindows())
            return;
        foreach (var entry in Directory.GetFileSystemEntries(_folder["ganonnx"], "*", SearchOption.AllDirectories))
            Assert.That((int)File.GetUnixFileMode(entry) & 0b000_111_111, Is.Zero, entry);
    }

    [Test]
    public void OfUser_MadeByManyAtOnce_IsOne()
    {
        var certificates = new string[8];
        var made = 0;
        Parallel.For(0, certificates.Length, new ParallelOptions { MaxDegreeOfParallelism = certificates.Length }, i =>
        {
            using var identity = SigningIdentity.OfUser(_folder["signing"], out var isNew);
            certificates[i] = Convert.ToHexString(identity.Certificate.Span);
            Interlocked.Add(ref made, isNew ? 1 : 0);
        });
        Assert.That(certificates.Distinct().Count(), Is.EqualTo(1));
        Assert.That(made, Is.EqualTo(1));
    }

    [Test]
    public void OfUser_DamagedFolder_IsNamed()
    {
        Directory.CreateDirectory(_folder["signing"]);
        Assert.That(() => SigningIdentity.OfUser(_folder["signing"], out _), Throws.TypeOf<CredentialException>()
            .With.Message.StartsWith($"The signing certificate of '{_folder["signing"]}' can't be used: ")
            .And.Message.EndsWith("Move the folder away, and a new one is made."));
    }

    [TestCase("P-256")]
    [TestCase("P-384")]
    [TestCase("P-521")]
    [TestCase("RSA")]
    public void Load_OwnKey_Signs(string kind)
    {
        Write(kind, DocumentSigning);
        using var identity = SigningIdentity.Load(_folder["key.pem"], _folder["cert.pem"]);
        var report = SignedPicture.Read(ContentCredential.Sign(SignedPicture.Plain("a.jpg"), SignedPicture.Claim, identity))!;
        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.Signer, Is.EqualTo("CN=Somebody"));
    }

    [Test]
    public void Load_CertificateWithoutPurpose_IsRefused()
    {
        Write("P-256", null);
        Assert.That(() => SigningIdentity.Load(_folder["key.pem"], _folder["cert.pem"]), Throws.TypeOf<CredentialException>()
            .With.Message.Contains("it has no extended key usage; document signing (1.3.6.1.5.5.7.3.36) is one that serves"));
    }

    [Test]
    public void Load_CertificateThatSignedItself_IsRefused()
    {
        Write("P-256", DocumentSigning, isSelfSigned: true);
        Assert.That(() => SigningIdentity.Load(_folder["key.pem"], _folder["cert.pem"]), Throws.TypeOf<CredentialException>()
            .With.Message.Contains("it signed itself"));
    }

    [Test]
    public void Load_KeyOfAnother_IsRefused()
    {
        Write("P-256", DocumentSigning);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_folder["key.pem"], other.ExportPkcs8PrivateKeyPem());
        Assert.That(() => SigningIdentity.Load(_folder["key.pem"], _folder["cert.pem"]), Throws.TypeOf<CredentialException>()
            .With.Message.Contains("isn't that of the certificate"));
    }

    [TestCase("key.pem", "holds no private key as PEM that fits the certificate")]
    [TestCase("cert.pem", "certificates as PEM")]
    public void Load_OtherFile_IsNamed(string file, string expected)
    {
        Write("P-256", DocumentSigning);
        File.WriteAllText(_folder[file], "nothing");
        Assert.That(() => SigningIdentity.Load(_folder["key.pem"], _folder["cert.pem"]), Throws.TypeOf<CredentialException>()
            .With.Message.Contains(_folder[file]).And.Message.Contains(expected));
    }

    private void Write(string kind, string? purpose, bool isSelfSigned = false)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9));
        using var authority = request.CreateSelfSigned(from, to);

        using AsymmetricAlgorithm key = kind switch
        {
            "RSA" => RSA.Create(2048),
            "P-521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        };
        request = key is RSA rsa ? new("CN=Somebody", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new("CN=Somebody", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        if (purpose is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        using var certificate = isSelfSigned ? request.CreateSelfSigned(from, to)
            : request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), from, to, [1, 2, 3]);
        File.WriteAllText(_folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder["cert.pem"], certificate.ExportCertificatePem());
    }
}
