using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// The gradient penalty of WGAN-GP: E(‖∂D/∂x‖ − 1)² at points drawn uniformly on the lines between real and generated
/// images, one point for each pair. Two-sided: slopes below 1 cost too.
/// </summary>
/// <remarks>
/// I. Gulrajani et al.: "Improved Training of Wasserstein GANs", 2017, https://arxiv.org/abs/1704.00028, equation 3.
/// </remarks>
internal sealed class GradientPenalty : IDiscriminatorRegularizer
{
    private static readonly Scalar _one = 1.0;

    /// <inheritdoc/>
    public Tensor Penalty(DiscriminatorBatch batch)
    {
        var (real, fake) = (batch.Real, batch.Fake);
        if (!real.shape.SequenceEqual(fake.shape))
            throw new ArgumentException($"The gradient penalty needs as many real images as generated ones, not {real} and {fake}.",
                nameof(batch));
        var share = rand([real.shape[0], 1, 1, 1], device: real.device);
        var gradient = ScoreGradient.At(fake + share * (real - fake), batch.Score);
        // norm(), unlike a square root, has the derivative 0 where the gradient is 0.
        var excess = gradient.flatten(1).norm(1).sub(_one);
        return (excess * excess).mean();
    }
}
