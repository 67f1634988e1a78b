using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>
/// Relativistic pairing: sigmoid(score(x) − score(G(z))) is the probability that a real image is more real than the generated one it
/// is paired with. The discriminator minimises its −log, the generator that of the opposite, so no side can drop all of the other.
/// </summary>
/// <remarks>
/// A. Jolicoeur-Martineau: "The relativistic discriminator: a key element missing from standard GAN", 2018,
/// https://arxiv.org/abs/1807.00734, equations 3 and 4 (RSGAN). With R1 and R2 it is the loss of N. Huang et al.: "The GAN is dead;
/// long live the GAN! A Modern GAN Baseline", 2024, https://arxiv.org/abs/2501.05441.
/// </remarks>
internal sealed class RelativisticPairingLoss : IGanLoss
{
    /// <inheritdoc/>
    public bool IsRelativistic => true;

    /// <inheritdoc/>
    public Tensor Discriminator(Tensor realScores, Tensor fakeScores) => CrossEntropy.Real(realScores - fakeScores).mean();

    /// <inheritdoc/>
    public Tensor Generator(Tensor fakeScores, Tensor? realScores = null)
    {
        ArgumentNullException.ThrowIfNull(realScores);
        return CrossEntropy.Real(fakeScores - realScores).mean();
    }
}
