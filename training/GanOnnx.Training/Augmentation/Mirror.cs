using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>Left and right exchanged.</summary>
internal static class Mirror
{
    private static readonly Scalar _half = 0.5;

    /// <summary>Mirrors each of the images <c>[N, C, H, W]</c> with probability ½.</summary>
    public static Tensor Half(Tensor images) => Where(images, rand([images.shape[0], 1, 1, 1], device: images.device).lt(_half));

    /// <summary>Mirrors the images <c>[N, C, H, W]</c> for which the truth value <c>[N, 1, 1, 1]</c> says so.</summary>
    public static Tensor Where(Tensor images, Tensor chosen) => where(chosen, images.flip(3), images);
}
