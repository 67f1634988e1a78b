using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>
/// Instance noise: normal noise on real and generated images, its standard deviation falling linearly to 0 at the end
/// of the training. It gives both distributions a common support, without which the discriminator wins outright.
/// </summary>
/// <param name="deviation">The standard deviation at first, in the images' units (−1 … 1), above 0.</param>
/// <remarks>
/// C. K. Sønderby et al.: "Amortised MAP Inference for Image Super-resolution", 2017, https://arxiv.org/abs/1610.04490,
/// section 3.3.
/// </remarks>
internal sealed class InstanceNoise(double deviation) : IAugmentation
{
    private const double Default = 0.1;

    /// <summary>Reads the standard deviation.</summary>
    public static Func<Device, IAugmentation> Read(string? argument)
    {
        var deviation = Default;
        return argument is null || (double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out deviation)
            && deviation > 0 && double.IsFinite(deviation))
            ? _ => new InstanceNoise(deviation)
            : throw new FormatException($"the standard deviation of instance-noise is a number above 0, not '{argument}'");
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor images, double progress)
    {
        if (progress >= 1)
            return images;
        using Scalar now = deviation * (1 - progress);
        return images + randn_like(images.detach()).mul(now);
    }
}
