using static TorchSharp.torch;

namespace GanOnnx.Training.Losses;

/// <summary>What the two players minimise, given the discriminator's scores (logits) of shape <c>[N]</c>.</summary>
public interface IGanLoss
{
    /// <summary>Whether the generator's loss looks at the real images' scores too.</summary>
    bool IsRelativistic => false;

    /// <summary>The discriminator's loss, a scalar.</summary>
    Tensor Discriminator(Tensor realScores, Tensor fakeScores);

    /// <summary>The generator's loss, a scalar.</summary>
    /// <param name="fakeScores">The scores of images of the generator, with their graph.</param>
    /// <param name="realScores">The scores of real images; needed where <see cref="IsRelativistic"/>, otherwise not looked at.</param>
    Tensor Generator(Tensor fakeScores, Tensor? realScores = null);
}
