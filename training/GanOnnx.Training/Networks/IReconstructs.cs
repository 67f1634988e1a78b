using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>
/// A discriminator with decoders, which make images again from its features: what the regularizer <c>reconstruction</c> looks at. It is
/// built with them where <see cref="NetworkShape.Decoders"/> says so.
/// </summary>
public interface IReconstructs
{
    /// <summary>Images <c>[N, C, H, W]</c> and labels int64 <c>[N]</c> or null to the scores <c>[N]</c> and the features that they were
    /// made from.</summary>
    (Tensor Scores, IReadOnlyList<Tensor> Features) ScoreWithFeatures(Tensor images, Tensor? labels);

    /// <summary>What the decoders make of features, images <c>[N, C, h, w]</c> from −1 to 1, not larger than what they show.</summary>
    /// <param name="features">Features of <see cref="ScoreWithFeatures"/>.</param>
    /// <param name="part">Which quarter of the images the second one shows: 0 and 1 above, 2 and 3 below, from left to right.</param>
    (Tensor Whole, Tensor Quarter) Reconstruct(IReadOnlyList<Tensor> features, int part);
}
