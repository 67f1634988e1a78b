using System.Drawing;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Hosting.Internals;

/// <summary>A generated image as a file for whoever asked for it, with what makes it again.</summary>
internal static class GeneratedPicture
{
    /// <summary>The most pixels that a picture is resized to.</summary>
    public const long MostPixels = 64_000_000;

    // The largest that JSON's numbers hold exactly, so that a seed survives the way through a web page.
    private const long LargestDrawnSeed = 1L << 53;

    /// <summary>Files' extensions by media type.</summary>
    public static IReadOnlyDictionary<string, string> Extensions { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
        ["image/webp"] = ".webp",
    };

    /// <summary>A seed for who gives none.</summary>
    public static ulong DrawSeed() => (ulong)Random.Shared.NextInt64(LargestDrawnSeed);

    /// <summary>Encodes an image of a batch.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="index">Which of its images.</param>
    /// <param name="model">What made it.</param>
    /// <param name="sample">What makes it again.</param>
    /// <param name="size">The picture's size, where it isn't the model's: resized bicubically.</param>
    /// <param name="extension">The format's.</param>
    /// <param name="saving">Quality and provenance.</param>
    public static byte[] Encode(ImageBatch images, int index, ModelDescription model, Sample sample, Size? size, string extension,
        ImageSaveOptions saving)
    {
        using var image = images.ToImage(index);
        if (size is { } asked && (asked.Width, asked.Height) != (image.Width, image.Height))
            image.Mutate(context => context.Resize(asked.Width, asked.Height, KnownResamplers.Bicubic));
        return ImageFile.Encode(image, extension, saving with { Provenance = saving.Provenance?.With(model, sample) });
    }
}
