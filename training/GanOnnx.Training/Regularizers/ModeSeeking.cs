using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// Mode seeking: E|z₁ − z₂| / E|G(z₁) − G(z₂)| for two latents with the same label or sentence, which grows where a generator makes the same of
/// all latents.
/// </summary>
/// <remarks>
/// Q. Mao et al.: "Mode Seeking Generative Adversarial Networks for Diverse Image Synthesis", 2019, https://arxiv.org/abs/1903.05628, equation
/// 3, turned over as its code does, so that it is a loss.
/// </remarks>
internal sealed class ModeSeeking : IGeneratorRegularizer
{
    // Below an eighth of a step of 8 bits images count as equal, or the first steps would be endless.
    private const double LeastDistance = 0.001;

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [];

    /// <inheritdoc/>
    public Tensor Penalty(GeneratorBatch batch)
    {
        var latents = randn([2L * batch.Count, batch.LatentSize], device: batch.Device);
        var images = batch.Generate(latents);
        return Distance(latents, batch.Count) / Distance(images, batch.Count).clamp_min(LeastDistance);
    }

    private static Tensor Distance(Tensor both, long count) => (both.narrow(0, 0, count) - both.narrow(0, count, count)).abs().mean();

    /// <summary>Does nothing.</summary>
    public void Dispose()
    {
    }
}
