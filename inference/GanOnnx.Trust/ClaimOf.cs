using System.Reflection;
using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Metadata;

namespace GanOnnx.Trust;

/// <summary>Provenance as a claim of Content Credentials, and back: the same names as in XMP, with <c>org.ganonnx.</c> in front.</summary>
internal static class ClaimOf
{
    private const string Prefix = "org.ganonnx.", License = Prefix + "license";

    // The others are fields of a claim's own.
    private static readonly PropertyInfo[] _properties = [.. typeof(Provenance).GetProperties()
        .Where(property => property.Name is not (nameof(Provenance.DigitalSourceType) or nameof(Provenance.CreatorTool)))];

    /// <summary>The claim about a picture.</summary>
    public static PictureClaim Picture(Provenance provenance, string? license, Ingredient? input)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var property in _properties)
            if (property.GetValue(provenance) is string value)
                parameters[NameOf(property)] = ProvenanceXmp.Writable(value); // as it stands in XMP
        if (license is not null)
            parameters[License] = license;
        var tool = (provenance.CreatorTool ?? "GanOnnx").Split(' ', 2);
        return new()
        {
            Generator = tool[0],
            GeneratorVersion = tool.Length > 1 ? tool[1] : null,
            DigitalSourceType = provenance.DigitalSourceType ?? Provenance.TrainedAlgorithmicMedia,
            Parameters = parameters,
            Input = input,
        };
    }

    /// <summary>What a claim says of a picture's origin; null if nothing.</summary>
    public static Provenance? Read(CredentialReport report)
    {
        if (report.Actions is not [var action, ..])
            return null;
        var provenance = new Provenance { DigitalSourceType = action.DigitalSourceType, CreatorTool = report.Generator };
        foreach (var property in _properties)
            property.SetValue(provenance, action.Parameters.GetValueOrDefault(NameOf(property)));
        return provenance;
    }

    private static string NameOf(PropertyInfo property) => $"{Prefix}{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}";
}
