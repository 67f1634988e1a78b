using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>
/// The loss that the first paper trains with: the discriminator minimises the cross-entropy, the generator
/// −log D(G(z)), whose gradient is largest where the discriminator wins.
/// </summary>
/// <param name="labelSmoothing">How far below 1 the target of real images is.</param>
/// <remarks>I. Goodfellow et al.: "Generative Adversarial Nets", 2014, https://arxiv.org/abs/1406.2661, section 3.</remarks>
internal sealed class NonSaturatingLoss(double labelSmoothing = 0) : IGanLoss
{
    private readonly Scalar? _smoothing = labelSmoothing > 0 ? (Scalar)labelSmoothing : null;

    /// <inheritdoc/>
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) => CrossEntropy.Discriminator(realScores, fakeScores, _smoothing);

    /// <inheritdoc/>
    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null) => CrossEntropy.Real(fakeScores).mean();
}
