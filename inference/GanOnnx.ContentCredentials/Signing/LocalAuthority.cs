using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GanOnnx.ContentCredentials.Signing;

/// <summary>
/// Makes certificates as C2PA asks for (specification 2.2, section 14.5.1): validators refuse one that signed itself, so a local
/// authority signs one for pictures. Nothing in them says whose they are.
/// </summary>
internal static class LocalAuthority
{
    private const string KeyFile = "key.pem", CertificateFile = "certificate.pem", AuthorityFile = "authority.pem";

    private const string DocumentSigning = "1.3.6.1.5.5.7.3.36";

    private const int Years = 20;

    public static SigningIdentity Open(string folder, out bool isNew)
    {
        isNew = !Directory.Exists(folder) && Make(folder);
        try
        {
            return SigningIdentity.Load(Path.Combine(folder, KeyFile), Path.Combine(folder, CertificateFile));
        }
        catch (Exception e) when (e is CredentialException or FileNotFoundException)
        {
            throw new CredentialException($"The signing certificate of '{folder}' can't be used: {e.Message} Move the folder away, and a "
                + "new one is made.", e);
        }
    }

    public static SigningIdentity Temporary()
    {
        var (key, certificate, authority) = Create();
        authority.Dispose();
        return new([certificate], key);
    }

    // The folder appears with all that is in it; of two that make it at the same time, the first one counts.
    private static bool Make(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var parent = Path.GetDirectoryName(folder)!;
        CreateOwn(parent);
        var making = Path.Combine(parent, $".making-{Path.GetRandomFileName()}");
        CreateOwn(making);
        try
        {
            var (key, certificate, authority) = Create();
            using (key)
            using (certificate)
            using (authority)
            {
                WriteOwn(Path.Combine(making, KeyFile), key.ExportPkcs8PrivateKeyPem());
                WriteOwn(Path.Combine(making, CertificateFile), certificate.ExportCertificatePem());
                WriteOwn(Path.Combine(making, AuthorityFile), authority.ExportCertificatePem());
            }
            Directory.Move(making, folder);
            return true;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return false;
        }
        finally
        {
            if (Directory.Exists(making))
                Directory.Delete(making, recursive: true);
        }
    }

    private static (ECDsa Key, X509Certificate2 Certificate, X509Certificate2 Authority) Create()
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddYears(Years));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Local authority, O=GanOnnx on this computer", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var authority = request.CreateSelfSigned(from, to);

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        request = new("CN=Local signer, O=GanOnnx on this computer", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(DocumentSigning)], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        return (key, request.Create(authority, from, to, RandomNumberGenerator.GetBytes(16)), authority);
    }

    private static void CreateOwn(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void WriteOwn(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
