using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>
/// The hinge loss: the discriminator minimises max(0, 1 − D(x)) + max(0, 1 + D(G(z))), the generator −D(G(z)), where D
/// is the score itself.
/// </summary>
/// <remarks>
/// J. H. Lim, J. C. Ye: "Geometric GAN", 2017, https://arxiv.org/abs/1705.02894; T. Miyato et al.: "Spectral
/// Normalization for Generative Adversarial Networks", 2018, https://arxiv.org/abs/1802.05957, equations 16 and 17.
/// </remarks>
internal sealed class HingeLoss : IGanLoss
{
    private static readonly Scalar _one = 1.0;

    /// <inheritdoc/>
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) =>
        (-realScores).add(_one).relu().mean() + fakeScores.add(_one).relu().mean();

    /// <inheritdoc/>
    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null) => -fakeScores.mean();
}
