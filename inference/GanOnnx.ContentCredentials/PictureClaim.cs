namespace GanOnnx.ContentCredentials;

/// <summary>What is said of a picture and signed: a <c>c2pa.created</c> action of the C2PA specification 2.2, section 18.14.</summary>
public sealed record PictureClaim
{
    /// <summary>The program that made the picture (<c>claim_generator_info</c>).</summary>
    public required string Generator { get; init; }

    /// <summary>Its version. The default is null, not said.</summary>
    public string? GeneratorVersion { get; init; }

    /// <summary>How the picture came about, a term of the IPTC digital source type vocabulary.</summary>
    public required string DigitalSourceType { get; init; }

    /// <summary>More about it, under names with a domain in front, as <c>org.example.seed</c>. The default is empty.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The picture that this one was made of. The default is null, there was none.</summary>
    public Ingredient? Input { get; init; }
}
