using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GanOnnx.ContentCredentials.Checking;

/// <summary>What C2PA asks of a certificate that signs claims, specification 2.2, section 14.5.1.</summary>
internal static class CertificateProfile
{
    private const string AnyPurpose = "2.5.29.37.0";

    private const int FewestRsaBits = 2048;

    /// <summary>What is wrong with a certificate; null if nothing.</summary>
    public static CredentialProblem? Fault(X509Certificate2 certificate, DateTime now)
    {
        try
        {
            return FaultOf(certificate, now);
        }
        catch (CryptographicException e)
        {
            // A certificate is read piece by piece, and each may be damaged.
            return new("signingCredential.invalid", $"The certificate is damaged: {e.Message}");
        }
    }

    private static CredentialProblem? FaultOf(X509Certificate2 certificate, DateTime now)
    {
        if (now < certificate.NotBefore.ToUniversalTime() || now > certificate.NotAfter.ToUniversalTime())
            return new("signingCredential.expired", FormattableString.Invariant(
                $"The certificate counts from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}."));
        var extensions = certificate.Extensions;
        var purposes = extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(usage => usage.EnhancedKeyUsages.Cast<Oid>())
            .Select(purpose => purpose.Value).ToArray();
        var reason = certificate.Version != 3 ? "it isn't of version 3"
            : extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)
                ? "it is an authority's"
            : certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? "it signed itself"
            : !extensions.OfType<X509KeyUsageExtension>().Any(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
                ? "its key usage isn't digitalSignature"
            : purposes.Length == 0 ? "it has no extended key usage; document signing (1.3.6.1.5.5.7.3.36) is one that serves"
            : purposes.Contains(AnyPurpose) ? "its extended key usage is any"
            : !extensions.OfType<X509AuthorityKeyIdentifierExtension>().Any() ? "it has no authority key identifier"
            : IsWeak(certificate) ? $"its RSA key has less than {FewestRsaBits} bits" : null;
        return reason is null ? null : new("signingCredential.invalid", $"C2PA doesn't allow the certificate: {reason}.");
    }

    private static bool IsWeak(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        return rsa?.KeySize < FewestRsaBits;
    }
}
