using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;

namespace GanOnnx.Trust;

/// <summary>What was found of a picture, as it goes into JSON.</summary>
/// <param name="File">The picture.</param>
/// <param name="Verdict">One of <see cref="Trust.Verdict"/>.</param>
/// <param name="Reasons">Why, in sentences.</param>
/// <param name="Xmp">What its XMP says; null if nothing.</param>
/// <param name="Credentials">Its Content Credentials; null if there are none.</param>
/// <param name="Watermark">The watermark in its pixels; null if none is found.</param>
/// <param name="Contradictions">What they say differently.</param>
/// <param name="Model">The file of the model that made it again; null where it wasn't.</param>
/// <param name="Remade">How it compares with what the model makes; null where it wasn't made again.</param>
internal sealed record VerifiedPicture(string File, string Verdict, IReadOnlyList<string> Reasons, Provenance? Xmp,
    FoundCredentials? Credentials, FoundWatermark? Watermark, IReadOnlyList<string> Contradictions, string? Model, Likeness? Remade)
{
    /// <summary>What the detector says, where nothing else does; null where it wasn't asked.</summary>
    public FoundDetection? Detection { get; init; }
}

/// <summary>Content Credentials of a picture.</summary>
/// <param name="Holds">Whether the picture is as it was signed.</param>
/// <param name="Signer">Whom the certificate names; nobody has checked that.</param>
/// <param name="IsOwn">Whether it is this user's certificate.</param>
/// <param name="Says">What was signed of its origin; null if nothing.</param>
/// <param name="Inputs">The SHA-256 of the pictures that it was made of.</param>
/// <param name="Problems">What doesn't hold.</param>
internal sealed record FoundCredentials(bool Holds, string? Signer, bool IsOwn, Provenance? Says, IReadOnlyList<string> Inputs,
    IReadOnlyList<CredentialProblem> Problems);

/// <summary>A watermark of a picture.</summary>
/// <param name="Payload">Its bits, in hexadecimal: how the SHA-256 of the model begins.</param>
/// <param name="Agreement">How well the picture agrees with it, up to 1.</param>
/// <param name="Scale">How many times as large the picture is as when it was marked.</param>
/// <param name="Model">The file of the model whose SHA-256 begins so; null where none is known.</param>
internal sealed record FoundWatermark(string Payload, double Agreement, double Scale, string? Model);

/// <summary>What may come out.</summary>
internal static class Verdict
{
    /// <summary>Made again, it is that image, and nothing contradicts.</summary>
    public const string Holds = "holds";

    /// <summary>It is as it was signed, but couldn't be made again.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>It has marks, be they only in its pixels, that anyone could have written, and couldn't be made again.</summary>
    public const string Unproven = "unproven";

    /// <summary>It has no marks.</summary>
    public const string Unmarked = "unmarked";

    /// <summary>It can't be decoded.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Its signature doesn't hold, its marks contradict each other, or it isn't the image that they name.</summary>
    public const string Contradicted = "contradicted";
}
