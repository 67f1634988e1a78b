using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Regularizers;

/// <summary>
/// The contrastive loss of images and sentences: −E log softmax over sentences s′ of D(x, s′), at an image's own sentence; s′ are those of
/// the batch and others of the data. The discriminator learns it of real images, and the generator is trained to be told by it: which of so
/// many sentences was asked for is a clearer word than whether this one fits.
/// </summary>
/// <remarks>
/// H. Zhang et al.: "Cross-Modal Contrastive Learning for Text-to-Image Generation" (XMC-GAN), 2021, https://arxiv.org/abs/2101.04702,
/// equation 4, with the discriminator's own scores in the place of cosines, and with more sentences than a batch has.
/// </remarks>
internal sealed class Contrastive : IDiscriminatorRegularizer, IGeneratorRegularizer
{
    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [];

    /// <inheritdoc/>
    public Tensor Penalty(DiscriminatorBatch batch) => Loss(batch.Matches);

    /// <inheritdoc/>
    public Tensor Penalty(GeneratorBatch batch) => Loss(batch.Matches);

    /// <summary>The scores <c>[N, N + M]</c> of images with their own sentences, each with all, and with others.</summary>
    /// <param name="scores">Images or their features, and K sentences, to scores of each with each, <c>[N, K]</c>.</param>
    /// <param name="images">The images, or their features.</param>
    /// <param name="own">Their own sentences, <c>[N, D]</c>. Of an equal one in another place the score is left out.</param>
    /// <param name="others">Others, <c>[M, D]</c>.</param>
    public static Tensor Scores(Func<Tensor, Tensor, Tensor> scores, Tensor images, Tensor own, Tensor others)
    {
        const double LeftOut = -1e4;
        var all = cat([own, others]);
        var equal = own.unsqueeze(1).eq(all.unsqueeze(0)).all(2);
        var elsewhere = eye(own.shape[0], all.shape[0], dtype: ScalarType.Bool, device: own.device).logical_not();
        return scores(images, all).masked_fill(equal.logical_and(elsewhere), LeftOut);
    }

    /// <summary>Does nothing.</summary>
    public void Dispose()
    {
    }

    private static Tensor Loss(Func<Tensor>? matches)
    {
        var scores = (matches ?? throw new ArgumentException("A discriminator of images alone has no sentences to match.", nameof(matches)))();
        return functional.cross_entropy(scores, arange(scores.shape[0], ScalarType.Int64, scores.device));
    }
}
