using System.Drawing;
using System.Globalization;
using GanOnnx.Hosting.Internals;
using GanOnnx.Imaging;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>What a picture is asked for as: PNG, JPEG or WebP, how good, how large.</summary>
/// <param name="MediaType">As <c>image/png</c>.</param>
/// <param name="Saving">Quality and provenance.</param>
/// <param name="Size">The size asked for; null for the model's own.</param>
internal sealed record PictureFormat(string MediaType, ImageSaveOptions Saving, Size? Size)
{
    // WebP's, and about what an encoder takes in a row.
    private const int LongestSide = 16383;

    public string Extension => GeneratedPicture.Extensions[MediaType];

    /// <summary>As OpenAI calls it: <c>png</c>, <c>jpeg</c> or <c>webp</c>.</summary>
    public string Name => MediaType["image/".Length..];

    /// <summary>Reads it from a request's values.</summary>
    /// <param name="fields">The values.</param>
    /// <param name="format">What the format is called there.</param>
    /// <param name="quality">What the quality is called there.</param>
    /// <param name="mostPixels">The most that are made.</param>
    public static PictureFormat Read(Fields fields, string format, string quality, long mostPixels)
    {
        var name = fields.Word(format, "png", "jpeg", "webp") ?? "png";
        var saving = new ImageSaveOptions();
        if (fields.Whole(quality, 0, 100) is { } asked)
            saving = saving with { Quality = Math.Max(1, (int)asked) };
        return new($"image/{name}", saving, ReadSize(fields, mostPixels));
    }

    private static Size? ReadSize(Fields fields, long mostPixels)
    {
        if (fields.Text("size") is not { Length: > 0 } text || text.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return null;
        if (text.Split('x', 'X') is not [var first, var last] || !TryLength(first, out var width) || !TryLength(last, out var height))
            throw Errors.Wrong("size", $"'{Errors.Shown(text)}'", $"auto, or width and height in pixels, 1 to {LongestSide}, as 256x256");
        return (long)width * height <= mostPixels ? new Size(width, height) : throw Errors.TooManyPixels("size", width, height, mostPixels);
    }

    private static bool TryLength(string text, out int length) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length is > 0 and <= LongestSide;
}
