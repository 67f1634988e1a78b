using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>How far colours are from grey.</summary>
internal static class Saturation
{
    private static readonly long[] _channels = [1];

    /// <summary>Multiplies each pixel's distance to its own grey, of images <c>[N, C, H, W]</c>, by <c>[N, 1, 1, 1]</c>; grey images
    /// stay.</summary>
    public static Tensor Times(Tensor images, Tensor factor)
    {
        if (images.shape[1] == 1)
            return images;
        var grey = images.mean(_channels, keepdim: true);
        return grey + (images - grey) * factor;
    }
}
