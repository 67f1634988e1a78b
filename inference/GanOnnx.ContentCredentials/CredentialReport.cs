namespace GanOnnx.ContentCredentials;

/// <summary>What the credentials of a picture say, and whether they hold.</summary>
/// <remarks>
/// That they hold means: the picture is as it was when it was signed with the key of <see cref="Certificate"/>. Who that is, nobody has
/// checked: anyone can make a certificate in any name.
/// </remarks>
public sealed record CredentialReport
{
    /// <summary>The program that made the claim; null where it isn't said.</summary>
    public string? Generator { get; init; }

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<CredentialAction> Actions { get; init; } = [];

    /// <summary>The SHA-256 of the pictures that it was made of, as far as they are ours to read, in hexadecimal.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>What the signer is called in the certificate; null where there is none to read.</summary>
    public string? Signer { get; init; }

    /// <summary>The signer's certificate (DER); null where there is none to read.</summary>
    public ReadOnlyMemory<byte>? Certificate { get; init; }

    /// <summary>What is wrong, empty where they hold.</summary>
    public IReadOnlyList<CredentialProblem> Problems { get; init; } = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool Holds => Problems.Count == 0;
}

/// <summary>An action of a claim.</summary>
/// <param name="Name">As <c>c2pa.created</c>.</param>
/// <param name="DigitalSourceType">How the picture came about; null where it isn't said.</param>
/// <param name="Parameters">What is said in words; other parameters are left out.</param>
public sealed record CredentialAction(string Name, string? DigitalSourceType, IReadOnlyDictionary<string, string> Parameters);

/// <summary>Something about credentials that doesn't hold.</summary>
/// <param name="Code">A failure code of the C2PA specification 2.2, section 15.2.2.3, as <c>assertion.dataHash.mismatch</c>.</param>
/// <param name="Message">The same in a sentence.</param>
public sealed record CredentialProblem(string Code, string Message);
