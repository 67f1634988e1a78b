using GanOnnx.Training.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// Reconstruction: E|x − G(f(x))| of real images, where f are the discriminator's features and G its decoders: one makes the whole
/// image again, the other a quarter of it that is drawn for each batch. To keep what they need, the features have to describe the
/// image, and not only what tells it from generated ones. Images are averaged down to the decoders' size; the draw is torch's own
/// generator's, which each step and each shard seeds.
/// </summary>
/// <remarks>
/// B. Liu et al.: "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis", 2021,
/// https://arxiv.org/abs/2101.04775, equation 4. The paper compares by features of a trained network (LPIPS); here it is the mean
/// absolute difference of pixels, which needs none.
/// </remarks>
internal sealed class Reconstruction : IDiscriminatorRegularizer
{
    /// <inheritdoc/>
    public Tensor Penalty(DiscriminatorBatch batch)
    {
        if (batch.Reconstruct is null)
            throw new ArgumentException("Reconstruction needs a discriminator with decoders.", nameof(batch));
        // Drawn on the CPU, where reading it waits for nothing.
        var part = (int)randint(0, Quarters.Count, [1]).item<long>();
        var (whole, quarter) = batch.Reconstruct(part);
        return Distance(whole, batch.Real) + Distance(quarter, Quarters.Of(batch.Real, part));
    }

    private static Tensor Distance(Tensor made, Tensor real) =>
        l1_loss(made, adaptive_avg_pool2d(real, [made.shape[2], made.shape[3]]));
}
