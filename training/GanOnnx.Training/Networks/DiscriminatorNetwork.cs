using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>Images <c>[N, C, H, W]</c> from −1 to 1, and labels int64 <c>[N]</c>, sentences float32 <c>[N, D]</c> or null, to scores
/// (logits) <c>[N]</c>.</summary>
/// <param name="name">The module's name.</param>
/// <param name="shape">What it is built from.</param>
public abstract class DiscriminatorNetwork(string name, NetworkShape shape) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    /// <summary>What it was built from.</summary>
    public NetworkShape Shape { get; } = shape;

    /// <summary>The shape of an image, <c>[C, H, W]</c>.</summary>
    internal virtual long[] ImageShape => [Shape.Channels, Shape.Size, Shape.Size];

    /// <summary>What a weight is drawn from at first: N(mean, deviation²).</summary>
    /// <param name="owner">The module that has the weight.</param>
    /// <param name="weightName">The weight's name in it, as <c>bias</c>.</param>
    /// <param name="weight">The weight.</param>
    /// <returns>
    /// Unless overridden, N(0, 2 / inputs) (K. He et al., 2015, https://arxiv.org/abs/1502.01852), 1 for the scales of batch
    /// normalization and 0 for biases.
    /// </returns>
    protected virtual (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
        InitialWeights.He(owner, weightName, weight);

    /// <summary>Draws the first weights: the same for a seed, whatever the machine.</summary>
    internal void DrawWeights(ulong seed) => InitialWeights.Draw(this, seed, player: 1, FirstWeight);
}

/// <summary>A discriminator that looks at the image first and at the sentence last, so that an image is judged with several sentences at
/// the cost of one.</summary>
internal interface IJudgesMatches
{
    /// <summary>Images <c>[N, C, H, W]</c> to features.</summary>
    Tensor Features(Tensor images);

    /// <summary>Features and sentences <c>[N, D]</c> to scores <c>[N]</c>.</summary>
    Tensor Score(Tensor features, Tensor? sentences);

    /// <summary>Features of N images and sentences <c>[M, D]</c> to the scores of each image with each sentence, <c>[N, M]</c>.</summary>
    Tensor Scores(Tensor features, Tensor sentences);
}
