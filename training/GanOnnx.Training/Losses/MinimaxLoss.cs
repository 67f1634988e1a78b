using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>
/// The game of the first paper, taken literally: the discriminator minimises the cross-entropy, the generator
/// log(1 − D(G(z))). The generator's gradient, −D(G(z)) for each score, vanishes where the discriminator wins.
/// </summary>
/// <param name="labelSmoothing">How far below 1 the target of real images is.</param>
/// <remarks>I. Goodfellow et al.: "Generative Adversarial Nets", 2014, https://arxiv.org/abs/1406.2661, equation 1.</remarks>
internal sealed class MinimaxLoss(double labelSmoothing = 0) : IGanLoss
{
    private readonly Scalar? _smoothing = labelSmoothing > 0 ? (Scalar)labelSmoothing : null;

    /// <inheritdoc/>
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) => CrossEntropy.Discriminator(realScores, fakeScores, _smoothing);

    /// <inheritdoc/>
    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null) => -CrossEntropy.Fake(fakeScores).mean();
}
