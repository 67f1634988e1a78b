using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>
/// What is done to real and generated images alike before the discriminator sees them, so that it can't learn a small
/// data set by heart. Differentiable once (regularizers take the augmented images as their inputs). Its randomness is
/// torch's global generator, its state belongs to checkpoints.
/// </summary>
public interface IAugmentation : IDisposable
{
    /// <summary>What it remembers from step to step, to be saved and copied back into.</summary>
    IEnumerable<(string Name, Tensor Value)> State => [];

    /// <summary>How probable each of its changes is now, 0 … 1, a scalar that stays its own. The default is null:
    /// that isn't steered.</summary>
    Tensor? Probability => null;

    /// <summary>The images, −1 … 1 (and what brightness makes of it), as the discriminator shall see them.</summary>
    /// <param name="images"><c>[N, C, H, W]</c> with 1 or 3 channels.</param>
    /// <param name="progress">How much of the training is done, 0 … 1.</param>
    Tensor Apply(Tensor images, double progress);

    /// <summary>Learns how sure the discriminator is: its scores <c>[N]</c> of a step's real images.</summary>
    void Observe(Tensor realScores) { }

    /// <summary>Frees the state.</summary>
    void IDisposable.Dispose() { }
}
