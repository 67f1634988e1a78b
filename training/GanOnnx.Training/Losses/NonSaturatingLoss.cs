using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Losses;

/// <summary>
/// The non-saturating loss of the first paper: the discriminator minimises −log D(x) − log(1 − D(G(z))), the
/// generator −log D(G(z)), where D = sigmoid(score). Written with softplus(s) = log(1 + eˢ), which doesn't overflow.
/// </summary>
/// <remarks>I. Goodfellow et al.: "Generative Adversarial Nets", 2014, https://arxiv.org/abs/1406.2661, section 3.</remarks>
internal sealed class NonSaturatingLoss : IGanLoss
{
    /// <inheritdoc/>
    public torch.Tensor Discriminator(torch.Tensor realScores, torch.Tensor fakeScores) =>
        softplus(-realScores).mean() + softplus(fakeScores).mean();

    /// <inheritdoc/>
    public torch.Tensor Generator(torch.Tensor fakeScores) => softplus(-fakeScores).mean();
}
