using GanOnnx.Imaging;

namespace GanOnnx.Trust;

/// <summary>What a file's XMP claims, as a reason of a verdict.</summary>
internal static class XmpReason
{
    /// <summary>As <c>XMP: GanOnnx 0.2.0, model 'm', seed 0, image 3, label 7, unsigned: anyone can write that.</c></summary>
    public static string Of(Provenance xmp) => $"XMP: {xmp.CreatorTool ?? "unknown tool"}"
        + Said("model", xmp.Model is { } model ? $"'{model}'" : null) + Said("seed", xmp.Seeds) + Said("image", xmp.Indices)
        + Said("label", xmp.Label) + Said("prompt", xmp.Prompt is { } prompt ? $"'{prompt}'" : null) + ", unsigned: anyone can write that.";

    private static string Said(string what, string? value) => value is null ? "" : $", {what} {value}";
}
