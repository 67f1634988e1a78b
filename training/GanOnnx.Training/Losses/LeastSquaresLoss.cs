using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>
/// Least squares: the discriminator minimises ½(D(x) − 1)² + ½D(G(z))², the generator ½(D(G(z)) − 1)², where D is the
/// score itself. Images on the right side but far from the target still have a gradient.
/// </summary>
/// <remarks>
/// X. Mao et al.: "Least Squares Generative Adversarial Networks", 2017, https://arxiv.org/abs/1611.04076, equation 9.
/// </remarks>
internal sealed class LeastSquaresLoss : IGanLoss
{
    private static readonly Scalar _half = 0.5, _one = 1.0;

    /// <inheritdoc/>
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) => HalfSquare(realScores.sub(_one)) + HalfSquare(fakeScores);

    /// <inheritdoc/>
    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null) => HalfSquare(fakeScores.sub(_one));

    private static Tensor HalfSquare(Tensor distance) => (distance * distance).mean().mul(_half);
}
