using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>The quarters of images and features: 0 and 1 above, 2 and 3 below, from left to right.</summary>
internal static class Quarters
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    /// <summary><c>[N, C, H, W]</c> to <c>[N, C, H/2, W/2]</c>.</summary>
    public static Tensor Of(Tensor images, int quarter)
    {
        var (height, width) = (images.shape[2] / 2, images.shape[3] / 2);
        return images.narrow(2, quarter / 2 * height, height).narrow(3, quarter % 2 * width, width);
    }
}
