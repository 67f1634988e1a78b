using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Convolution;

namespace GanOnnx.Data;

/// <summary>What can be derived of an image, to learn the way back: each gives the same of the same image.</summary>
internal static class Derivations
{
    /// <summary>Without colours.</summary>
    public const string Grey = "grey";

    // The index is the image; see RandomStreams of training.
    private const uint CutoutStream = 259;

    private const int Reduced = 4, BlurredPart = 32;

    private static readonly Catalog<Derivation> _all = new("derivation")
    {
        ["edges"] = new("dark lines on white (Sobel's operator): learns to make pictures of sketches",
            (image, _) => image.Mutate(context => context.DetectEdges(EdgeDetector2DKernel.SobelKernel, true).Invert())),
        [Grey] = new("without color: learns to color", (image, _) => image.Mutate(context => context.Grayscale(GrayscaleMode.Bt709))),
        ["blur"] = new("blurred (Gaussian, sigma a 32nd of the size): learns to sharpen",
            (image, _) => image.Mutate(context => context.GaussianBlur((float)image.Width / BlurredPart))),
        ["low-resolution"] = new("a quarter of the pixels in each direction, enlarged again: learns what is fine", (image, _) =>
        {
            var (width, height) = (image.Width, image.Height);
            image.Mutate(context => context.Resize((width + Reduced - 1) / Reduced, (height + Reduced - 1) / Reduced)
                .Resize(width, height));
        }),
        ["cutout"] = new("a grey square, a quarter of the area, somewhere: learns to fill in", CutOut),
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => _all.Names;

    /// <summary>A derivation in one line.</summary>
    public static string Description(string name) => _all[name].Description;

    /// <summary>Derives an image.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="pixels">Bytes <c>[size, size, channels]</c>.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="number">The image's number, so that each has a draw of its own.</param>
    /// <returns>Bytes of the same shape.</returns>
    public static byte[] Derive(string name, byte[] pixels, int size, int channels, ulong seed, int number) =>
        channels == 1 ? Derive<L8>(_all[name], pixels, size, seed, number) : Derive<Rgb24>(_all[name], pixels, size, seed, number);

    private static byte[] Derive<TPixel>(Derivation derivation, byte[] pixels, int size, ulong seed, int number)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Image.LoadPixelData<TPixel>(pixels, size, size);
        derivation.Change(image, index => new RandomStream(seed, CutoutStream).Below((ulong)number, index));
        var derived = new byte[pixels.Length];
        image.CopyPixelDataTo(derived);
        return derived;
    }

    private static void CutOut(Image image, Func<int, int> below)
    {
        var side = (image.Width + 1) / 2;
        var places = image.Width - side + 1;
        var place = below(places * places);
        using var grey = new Image<L8>(side, side, new L8(128));
        image.Mutate(context => context.DrawImage(grey, new Point(place % places, place / places), 1));
    }

    /// <summary>A way to derive images.</summary>
    /// <param name="Description">One line for people.</param>
    /// <param name="Change">Changes an image; gets what draws a number from 0 to below another.</param>
    private sealed record Derivation(string Description, Action<Image, Func<int, int>> Change);
}
