using GanOnnx.Training.Losses;
using static TorchSharp.torch;

namespace OwnLoss;

/// <summary>The discriminator lowers exp(−D(x)) + exp(D(G(z))), as boosting does, the generator exp(−D(G(z))). Scores are kept within
/// ±8.</summary>
internal sealed class ExponentialLoss : IGanLoss
{
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) => Exp(-realScores) + Exp(fakeScores);

    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null) => Exp(-fakeScores);

    private static Tensor Exp(Tensor scores) => scores.clamp(-8, 8).exp().mean();
}
