using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>
/// Relativistic average: D(x) = sigmoid(score(x) − mean score of the other side), the probability that x is more real
/// than the average of the others. The discriminator minimises −log D(x) − log(1 − D(G(z))), the generator the same
/// with the sides exchanged, so it also lowers the scores of real images.
/// </summary>
/// <remarks>
/// A. Jolicoeur-Martineau: "The relativistic discriminator: a key element missing from standard GAN", 2018,
/// https://arxiv.org/abs/1807.00734, equations 15 and 16 (RaSGAN).
/// </remarks>
internal sealed class RelativisticAverageLoss : IGanLoss
{
    /// <inheritdoc/>
    public bool IsRelativistic => true;

    /// <inheritdoc/>
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) => Loss(realScores, fakeScores);

    /// <inheritdoc/>
    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null)
    {
        ArgumentNullException.ThrowIfNull(realScores);
        return Loss(fakeScores, realScores);
    }

    private static Tensor Loss(Tensor raised, Tensor lowered) =>
        CrossEntropy.Real(raised - lowered.mean()).mean() + CrossEntropy.Fake(lowered - raised.mean()).mean();
}
