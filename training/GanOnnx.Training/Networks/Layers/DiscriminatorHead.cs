using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// A discriminator's end: features <c>[N, F]</c> to scores <c>[N]</c>, by one linear layer; where labels get in by
/// projection, the product of the features with the class's vector is added, or with the sentence's where there are some. Compares the
/// images of the batch before, where that is asked for.
/// </summary>
internal sealed class DiscriminatorHead : nn.Module
{
    private readonly MinibatchDiscrimination? minibatch;
    private readonly nn.Module<Tensor, Tensor> score;
    private readonly ClassVectors? classes;
    private readonly SentenceVectors? sentences;

    /// <param name="shape">What the network is built from.</param>
    /// <param name="features">Features per image (F).</param>
    /// <param name="linear">Makes a linear layer of so many features to one.</param>
    public DiscriminatorHead(NetworkShape shape, long features, Func<long, nn.Module<Tensor, Tensor>> linear)
        : base(nameof(DiscriminatorHead))
    {
        if (shape.MinibatchDiscrimination)
            minibatch = new MinibatchDiscrimination(features);
        score = linear(features + (minibatch is null ? 0 : MinibatchDiscrimination.Kernels));
        if (shape.Condition is Conditioning.Projection or Conditioning.Mapping)
            classes = new ClassVectors(shape.Classes, features);
        else if (shape.Condition == Conditioning.Text)
            sentences = new SentenceVectors(shape.TextSize, features);
        RegisterComponents();
    }

    /// <summary>Features of N images and M sentences to the scores of each with each, <c>[N, M]</c>.</summary>
    public Tensor Scores(Tensor features, Tensor texts) =>
        score.call(minibatch is null ? features : minibatch.call(features)) + features.matmul(sentences!.call(texts).t());

    public Tensor Score(Tensor features, Tensor? labels)
    {
        var scores = score.call(minibatch is null ? features : minibatch.call(features)).squeeze(1);   // [N]
        var along = classes?.call(labels!) ?? sentences?.call(labels!);
        return along is null ? scores : scores + (along * features).sum([1L]);
    }
}
