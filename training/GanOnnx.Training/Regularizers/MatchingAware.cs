using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// The matching-aware gradient penalty: ½ E[‖∂D/∂x‖² + Var(∂D/∂s · s′)] at real images x with their own sentences s, over the batch's
/// sentences s′, so that scores are flat where image and sentence match.
/// </summary>
/// <remarks>
/// M. Tao et al.: "DF-GAN", 2020, https://arxiv.org/abs/2008.05865, equation 2, with the square of R1 in the place of its sixth power, which
/// overflows where the first slopes are above 1, and with the slopes towards other sentences of the batch, as captions of one kind are much
/// alike.
/// </remarks>
internal sealed class MatchingAware : IDiscriminatorRegularizer
{
    private static readonly Scalar _half = 0.5;

    /// <inheritdoc/>
    public Tensor Penalty(DiscriminatorBatch batch)
    {
        var (score, text) = batch.Matching ?? throw new ArgumentException("A discriminator of images alone has no sentences to match.", nameof(batch));
        var (x, s) = (batch.Real.detach().requires_grad_(), text.detach().requires_grad_());
        var gradients = autograd.grad([score(x, s).sum()], [x, s], retain_graph: true, create_graph: true);
        var (ofImage, ofSentence) = (gradients[0], gradients[1].mm((text - text.mean([0L])).t()));                   // [N, C, H, W], [N, N]
        return (ofImage.square().sum([1L, 2L, 3L]) + ofSentence.square().mean([1L])).mean().mul(_half);
    }
}
