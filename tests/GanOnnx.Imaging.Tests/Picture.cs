using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>A small picture, saved as what its file's extension says.</summary>
internal static class Picture
{
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
