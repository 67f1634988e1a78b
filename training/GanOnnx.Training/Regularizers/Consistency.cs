using GanOnnx.Training.Augmentation;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// Consistency: E(D(x) − D(T(x)))² at real images, where T mirrors half of them and shifts each by up to an eighth of
/// its size, with pixels mirrored in at the border. The discriminator should not care.
/// </summary>
/// <remarks>
/// H. Zhang et al.: "Consistency Regularization for Generative Adversarial Networks", 2020,
/// https://arxiv.org/abs/1910.12027, equation 4, with the discriminator's last layer.
/// </remarks>
internal sealed class Consistency : IDiscriminatorRegularizer
{
    private const double LargestShift = 0.125;

    /// <inheritdoc/>
    public Tensor Penalty(DiscriminatorBatch batch)
    {
        var changed = Shift.Randomly(Mirror.Half(batch.Real), LargestShift, ShiftBorder.Mirrored);
        var distance = batch.Score(batch.Real) - batch.Score(changed);
        return (distance * distance).mean();
    }
}
