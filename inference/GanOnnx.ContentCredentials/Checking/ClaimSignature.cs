using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using System.Security.Cryptography.X509Certificates;
using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Checking;

/// <summary>A claim's signature, a COSE_Sign1 with the signer's certificates (C2PA specification 2.2, section 13.2).</summary>
internal sealed class ClaimSignature
{
    private const int MostCertificates = 10;

    private static readonly CoseHeaderLabel[] _chainLabels = [new(33), new("x5chain")];

    private readonly CoseSign1Message _message;
    private readonly X509Certificate2[] _chain;

    private ClaimSignature(CoseSign1Message message, X509Certificate2[] chain) =>
        (_message, _chain, Signer) = (message, chain, chain[0].Subject);

    public string Signer { get; }

    public ReadOnlyMemory<byte> Certificate => _chain[0].RawDataMemory;

    /// <summary>Reads one.</summary>
    /// <exception cref="MalformedException">It is none, or has no certificate.</exception>
    public static ClaimSignature Read(ReadOnlyMemory<byte> bytes)
    {
        // The nesting of what follows is bounded by this.
        _ = CborValue.Read(bytes);
        try
        {
            var message = CoseMessage.DecodeSign1(bytes.ToArray());
            return message.Content is null ? new(message, Chain(message)) : throw new MalformedException("the signature has a content");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or InvalidOperationException)
        {
            throw new MalformedException($"the signature or a certificate can't be read: {e.Message}");
        }
    }

    /// <summary>What is wrong with it, as a signature of these bytes.</summary>
    public IReadOnlyList<CredentialProblem> Check(ReadOnlySpan<byte> claim)
    {
        var problems = new List<CredentialProblem>();
        if (!Verifies(claim, problems))
            problems.Add(new("claimSignature.mismatch", "The claim or its certificate was changed since it was signed."));
        if (CertificateProfile.Fault(_chain[0], DateTime.UtcNow) is { } fault)
            problems.Add(fault);
        if (_chain.Length > 1 && !IsSignedThrough())
            problems.Add(new("signingCredential.invalid", "The certificates didn't sign one another."));
        return problems;
    }

    private bool Verifies(ReadOnlySpan<byte> claim, List<CredentialProblem> problems)
    {
        try
        {
            using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)_chain[0].GetECDsaPublicKey() ?? _chain[0].GetRSAPublicKey();
            if (key is not null)
                return _message.VerifyDetached(key, claim);
            problems.Add(new("algorithm.unsupported", "The signer's key is neither elliptic nor RSA; it can't be checked here."));
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    private static X509Certificate2[] Chain(CoseSign1Message message)
    {
        if (HeaderOf(message.ProtectedHeaders) is { } inside && HeaderOf(message.UnprotectedHeaders) is null)
            return Certificates(inside);
        return Certificates(HeaderOf(message.ProtectedHeaders) is null ? HeaderOf(message.UnprotectedHeaders) : null);
    }

    private static CoseHeaderValue? HeaderOf(CoseHeaderMap headers)
    {
        foreach (var label in _chainLabels)
            if (headers.TryGetValue(label, out var value))
                return value;
        return null;
    }

    private static X509Certificate2[] Certificates(CoseHeaderValue? header)
    {
        var value = header is { } there ? CborValue.Read(there.EncodedValue) : null;
        var chain = value is byte[] one ? [one] : (value as List<object?> ?? []).OfType<byte[]>().ToArray();
        return chain.Length is > 0 and <= MostCertificates ? Array.ConvertAll(chain, X509CertificateLoader.LoadCertificate)
            : throw new MalformedException($"the signature names {chain.Length} certificates, not 1 to {MostCertificates}");
    }

    private bool IsSignedThrough()
    {
        try
        {
            return Chains();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private bool Chains()
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_chain[^1]);
        chain.ChainPolicy.ExtraStore.AddRange(_chain[1..]);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority
            | X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(_chain[0]) && chain.ChainElements.Count >= _chain.Length;
    }
}
