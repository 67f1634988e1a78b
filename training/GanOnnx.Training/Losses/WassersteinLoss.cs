using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>
/// The Wasserstein-1 distance by its dual: the critic minimises D(G(z)) − D(x), the generator −D(G(z)). It is that
/// distance only for a critic of bounded slope, which weight clipping, a gradient penalty or spectral
/// normalization gives.
/// </summary>
/// <remarks>M. Arjovsky, S. Chintala, L. Bottou: "Wasserstein GAN", 2017, https://arxiv.org/abs/1701.07875.</remarks>
internal sealed class WassersteinLoss : IGanLoss
{
    /// <inheritdoc/>
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) => fakeScores.mean() - realScores.mean();

    /// <inheritdoc/>
    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null) => -fakeScores.mean();
}
