using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>A small picture, saved as what its file's extension says.</summary>
internal static class Picture
{
    /// <summary>A file name of each format.</summary>
    public static readonly string[] Formats = ["a.png", "a.jpg", "a.webp", "a.gif"];

    /// <summary>A provenance that says all there is to say.</summary>
    public static readonly Provenance Full = new()
    {
        Model = "faces <α> & \"more\"",
        ModelSha256 = new string('a', 64),
        Seeds = "0,4-6",
        Indices = "0-63",
        Frames = "0-59 of 60, open",
        Label = "3",
        Truncation = "0.7",
        StyleMix = "7-10:3",
        Watermark = "normal",
    };

    public static void Save(string path, Provenance? provenance)
    {
        using var image = Make();
        if (path.EndsWith(".gif", StringComparison.Ordinal))
            ImageAnimation.Save([image, image], path, 10, new ImageAnimationOptions { Provenance = provenance });
        else
            ImageFile.Save(image, path, new ImageSaveOptions { Provenance = provenance });
    }

    /// <summary>With the options nobody gave.</summary>
    public static void Save(string path)
    {
        using var image = Make();
        if (path.EndsWith(".gif", StringComparison.Ordinal))
            ImageAnimation.Save([image, image], path, 10);
        else
            ImageFile.Save(image, path);
    }

    private static Image<Rgb24> Make() => new(15, 9, new Rgb24(10, 20, 30));
}
