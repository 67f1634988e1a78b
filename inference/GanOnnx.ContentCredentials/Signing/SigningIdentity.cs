using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using System.Security.Cryptography.X509Certificates;

namespace GanOnnx.ContentCredentials;

/// <summary>A private key and the certificates that say whose it is. Safe to use from several threads at once.</summary>
public sealed class SigningIdentity : IDisposable
{
    // RFC 9360.
    private const int CertificateChain = 33;

    private const int MostPemBytes = 1 << 20, MostCertificates = 10;

    private readonly AsymmetricAlgorithm _key;
    private readonly byte[] _chain;
    private readonly X509Certificate2 _certificate;
    private readonly Lock _gate = new();

    internal SigningIdentity(X509Certificate2Collection certificates, AsymmetricAlgorithm key)
    {
        _key = key;
        _certificate = certificates[0];
        _chain = Encode(certificates);
        SignatureLength = Sign([]).Length;
    }

    /// <summary>The certificate (DER) of the key.</summary>
    public ReadOnlyMemory<byte> Certificate => _certificate.RawDataMemory;

    /// <summary>Whom the certificate names.</summary>
    public string Name => _certificate.Subject;

    /// <summary>How many bytes <see cref="Sign"/> gives.</summary>
    internal int SignatureLength { get; }

    /// <summary>Reads a key and its certificates from files.</summary>
    /// <param name="keyPath">PEM: an unencrypted private key, elliptic (P-256, P-384, P-521) or RSA of 2,048 bits or more.</param>
    /// <param name="certificatePath">PEM: the key's certificate, then those of the authorities that signed it, without the last.</param>
    /// <exception cref="CredentialException">A file is no such, they don't belong together, or C2PA doesn't allow the
    /// certificate.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static SigningIdentity Load(string keyPath, string certificatePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyPath);
        ArgumentException.ThrowIfNullOrEmpty(certificatePath);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(ReadPem(certificatePath));
        }
        catch (CryptographicException e)
        {
            throw new CredentialException($"'{certificatePath}' holds no certificate as PEM: {e.Message}", e);
        }
        if (certificates.Count is 0 or > MostCertificates)
            throw new CredentialException($"'{certificatePath}' holds {certificates.Count} certificates as PEM; 1 to {MostCertificates} "
                + "are expected, the key's own first.");
        if (Checking.CertificateProfile.Fault(certificates[0], DateTime.UtcNow) is { } fault)
            throw new CredentialException($"The certificate of '{certificatePath}' can't sign pictures: {fault.Message}");
        return new(certificates, Key(keyPath, certificatePath, certificates[0]));
    }

    /// <summary>A certificate of the system's store, <c>My</c> of this user or of the machine, with its private key; and those of the
    /// authorities between, as far as they are known there.</summary>
    /// <param name="thumbprint">Its thumbprint: the SHA-1 of the certificate in hexadecimal, as systems show it; spaces and colons are
    /// passed over.</param>
    /// <exception cref="CredentialException">There is none, its private key isn't there or can't be used, or C2PA doesn't allow the
    /// certificate.</exception>
    public static SigningIdentity OfStore(string thumbprint)
    {
        ArgumentException.ThrowIfNullOrEmpty(thumbprint);
        var wanted = string.Concat(thumbprint.Where(char.IsAsciiHexDigit));
        try
        {
            if ((Find(StoreLocation.CurrentUser, wanted) ?? Find(StoreLocation.LocalMachine, wanted)) is not { } certificate)
                throw new CredentialException($"There is no certificate with the thumbprint '{thumbprint}' in the store of this user or machine (My).");
            if (Checking.CertificateProfile.Fault(certificate, DateTime.UtcNow) is { } fault)
                throw new CredentialException($"The certificate '{thumbprint}' can't sign pictures: {fault.Message}");
            AsymmetricAlgorithm key = certificate.GetECDsaPrivateKey() as AsymmetricAlgorithm ?? certificate.GetRSAPrivateKey()
                ?? throw new CredentialException($"The private key of the certificate '{thumbprint}' isn't in the store, or is neither elliptic nor RSA.");
            return new(WithAuthorities(certificate), key);
        }
        catch (CryptographicException e)
        {
            throw new CredentialException($"The certificate '{thumbprint}' can't be used: {e.Message}", e);
        }
    }

    private static X509Certificate2? Find(StoreLocation location, string thumbprint)
    {
        using var store = new X509Store(StoreName.My, location);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (CryptographicException)
        {
            return null; // this system has no such store
        }
        return store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false).FirstOrDefault();
    }

    // Without the last, which whoever checks has to know.
    private static X509Certificate2Collection WithAuthorities(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllFlags;
        chain.Build(certificate);
        return [certificate, .. chain.ChainElements.Select(element => element.Certificate).Skip(1)
            .Where(authority => authority.Subject != authority.Issuer).Take(MostCertificates - 1)];
    }

    /// <summary>
    /// The identity of this user: a certificate that a local authority signed, in three files of a folder (<c>key.pem</c>,
    /// <c>certificate.pem</c>, <c>authority.pem</c>) that only the user can read. They are made the first time; the authority's key
    /// isn't kept.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isNew">Whether they were made now.</param>
    /// <exception cref="CredentialException">What is there can't be used.</exception>
    /// <exception cref="IOException">The folder can't be read or made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read or made.</exception>
    public static SigningIdentity OfUser(string folder, out bool isNew)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Signing.LocalAuthority.Open(folder, out isNew);
    }

    /// <summary>An identity for this moment, kept nowhere.</summary>
    public static SigningIdentity Temporary() => Signing.LocalAuthority.Temporary();

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }

    /// <summary>A COSE_Sign1 (RFC 9052) over what isn't in it, with the certificates in its protected header.</summary>
    internal byte[] Sign(byte[] content)
    {
        var headers = new CoseHeaderMap { { new CoseHeaderLabel(CertificateChain), CoseHeaderValue.FromEncodedValue(_chain) } };
        var signer = _key is RSA rsa ? new CoseSigner(rsa, RSASignaturePadding.Pss, HashAlgorithmName.SHA256, headers)
            : new CoseSigner(_key, HashOf(_key), headers);
        lock (_gate)
            return CoseSign1Message.SignDetached(content, signer);
    }

    private static HashAlgorithmName HashOf(AsymmetricAlgorithm key) => key.KeySize switch
    {
        <= 256 => HashAlgorithmName.SHA256,
        <= 384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    private static byte[] Encode(X509Certificate2Collection certificates)
    {
        var writer = new CborWriter();
        if (certificates.Count > 1)
            writer.WriteStartArray(certificates.Count);
        foreach (var certificate in certificates)
            writer.WriteByteString(certificate.RawDataMemory.Span);
        if (certificates.Count > 1)
            writer.WriteEndArray();
        return writer.Encode();
    }

    private static AsymmetricAlgorithm Key(string keyPath, string certificatePath, X509Certificate2 certificate)
    {
        AsymmetricAlgorithm key = certificate.GetECDsaPublicKey() is { } elliptic ? Disposed(elliptic, ECDsa.Create())
            : certificate.GetRSAPublicKey() is { } rsa ? Disposed(rsa, RSA.Create())
            : throw new CredentialException($"The key of '{certificatePath}' is neither elliptic nor RSA.");
        try
        {
            key.ImportFromPem(ReadPem(keyPath));
            if (key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo()))
                return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CredentialException($"'{keyPath}' holds no private key as PEM that fits the certificate: {e.Message}", e);
        }
        throw new CredentialException($"The key '{keyPath}' isn't that of the certificate '{certificatePath}'. Give the two that belong "
            + "together.");
    }

    private static AsymmetricAlgorithm Disposed(IDisposable other, AsymmetricAlgorithm key)
    {
        other.Dispose();
        return key;
    }

    private static string ReadPem(string path) => new FileInfo(path) is { Exists: true, Length: > MostPemBytes } file
        ? throw new CredentialException($"'{path}' has {file.Length:N0} bytes; that is no PEM file of a key or certificate.")
        : File.ReadAllText(path);
}
