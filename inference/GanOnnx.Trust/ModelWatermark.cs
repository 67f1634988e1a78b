using System.CommandLine;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.Trust;

/// <summary>The watermark of a model's pictures.</summary>
/// <param name="Name">How strong it is, as it is typed and as metadata says.</param>
/// <param name="Strength">The same for the library.</param>
/// <param name="Payload">The model's bits.</param>
internal sealed record ModelWatermark(string Name, WatermarkStrength Strength, uint Payload)
{
    private static readonly string[] _names = [.. Enum.GetNames<WatermarkStrength>().Select(name => name.ToLowerInvariant())];

    public static Option<string> Option { get; } = new Option<string>("--watermark")
    {
        HelpName = string.Join('|', _names),
        Description = "Put a watermark into the pixels as well, which stays where metadata is lost: 32 bits of the model's SHA-256, in "
            + $"pictures of {Watermark.SmallestSide} pixels or more. There is none unless asked for.",
    }.AcceptOnlyFromAmong(_names);

    /// <summary>The one that is asked for; null for none.</summary>
    public static ModelWatermark? Of(ParseResult parsed, ModelDescription model) =>
        parsed.GetValue(Option) is { } name ? Of(name, model) : null;

    /// <summary>The one of a name; null where there is none of that name.</summary>
    public static ModelWatermark? Of(string name, ModelDescription model) => Array.IndexOf(_names, name) is >= 0 and var i
        ? new(name, (WatermarkStrength)i, Watermark.PayloadOf(model.Sha256)) : null;

    /// <summary>The picture with it.</summary>
    /// <exception cref="ImageException">It is too small or too large.</exception>
    public Image Embed(Image image, out bool isReadable) => Watermark.Embed(image, Payload, Strength, out isReadable);
}
