using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Losses;

/// <summary>
/// The discriminator of the first paper, D = sigmoid(score), and what it minimises:
/// −log D(x) − log(1 − D(G(z))), with log sigmoid, which doesn't overflow.
/// </summary>
/// <remarks>
/// I. Goodfellow et al.: "Generative Adversarial Nets", 2014, https://arxiv.org/abs/1406.2661. One-sided label
/// smoothing: T. Salimans et al.: "Improved Techniques for Training GANs", 2016, https://arxiv.org/abs/1606.03498,
/// section 3.4: the target of real images is t = 1 − smoothing, that of generated ones stays 0. The cross-entropy
/// −t log D − (1 − t) log(1 − D) is −log D + smoothing · score.
/// </remarks>
internal static class CrossEntropy
{
    /// <summary>−log D, elementwise: how far the scores are from being called real.</summary>
    public static Tensor Real(Tensor scores) => -logsigmoid(scores);

    /// <summary>−log(1 − D), elementwise: how far the scores are from being called generated.</summary>
    public static Tensor Fake(Tensor scores) => -logsigmoid(-scores);

    /// <summary>The discriminator's loss.</summary>
    public static Tensor Discriminator(Tensor realScores, Tensor fakeScores, Scalar? smoothing) =>
        smoothing is null
            ? Real(realScores).mean() + Fake(fakeScores).mean()
            : Real(realScores).mean() + realScores.mean().mul(smoothing) + Fake(fakeScores).mean();
}
