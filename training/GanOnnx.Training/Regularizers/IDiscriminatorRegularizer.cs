using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>What a discriminator is regularized on.</summary>
/// <param name="Score">The discriminator with its labels: images <c>[N, C, H, W]</c> to scores <c>[N]</c>.</param>
/// <param name="Real">Real images as the discriminator sees them (augmented where training augments), without a graph.</param>
/// <param name="Fake">Generated images as the discriminator sees them, as many, without a graph.</param>
public sealed record DiscriminatorBatch(Func<Tensor, Tensor> Score, Tensor Real, Tensor Fake)
{
    /// <summary>
    /// Where images are judged with sentences: the discriminator, images <c>[N, C, H, W]</c> and vectors <c>[N, D]</c> to scores
    /// <c>[N]</c>, and the vectors of the real images' own. The default is null: they aren't.
    /// </summary>
    public (Func<Tensor, Tensor, Tensor> Score, Tensor Text)? Matching { get; init; }

    /// <summary>Where images are judged with sentences: gives the scores <c>[N, K]</c> of real images, each with all of K sentences, image
    /// i's own the i-th. The default is null: they aren't.</summary>
    public Func<Tensor>? Matches { get; init; }

    /// <summary>Scores of real images with their own sentences, and of the same with those of others, as many. The default is null:
    /// none.</summary>
    internal (Tensor Own, Tensor Others)? Mismatched { get; init; }
}

/// <summary>A term of the discriminator's loss.</summary>
public interface IDiscriminatorRegularizer
{
    /// <summary>
    /// The term before its weight, a scalar whose gradient reaches the discriminator's weights. Where it is applied
    /// only every k-th step (lazily), the weight is multiplied by k.
    /// </summary>
    Tensor Penalty(DiscriminatorBatch batch);
}

/// <summary>The derivative of a discriminator, on which three regularizers are built.</summary>
internal static class ScoreGradient
{
    private static readonly long[] _pixels = [1, 2, 3];

    /// <summary>∂D/∂x at the images: <c>[N, C, H, W]</c>, differentiable again.</summary>
    public static Tensor At(Tensor images, Func<Tensor, Tensor> score)
    {
        var x = images.detach().requires_grad_();
        var scores = score(x);
        // Native code would abort the process for scores that depend on no images, or wrongly shaped ones.
        if (!scores.requires_grad || scores.ndim != 1 || scores.shape[0] != images.shape[0])
            throw new ArgumentException($"A discriminator gives [{images.shape[0]}] scores with their graph, not {scores}.", nameof(score));
        return autograd.grad([scores.sum()], [x], retain_graph: true, create_graph: true)[0];
    }

    /// <summary>½ E‖∂D/∂x‖² at the images.</summary>
    public static Tensor HalfSquaredNorm(Tensor images, Func<Tensor, Tensor> score)
    {
        var gradient = At(images, score);
        return (gradient * gradient).sum(_pixels).mean().mul(_half);
    }

    private static readonly Scalar _half = 0.5;
}
