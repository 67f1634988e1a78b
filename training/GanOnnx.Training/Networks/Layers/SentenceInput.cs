using GanOnnx.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// What networks do first with sentences <c>[N, D]</c>: they are brought to length 1, and then each value to mean 0 over the training
/// data's captions, and to a deviation that makes their length 1 on average. An encoder's vectors of captions of one kind are much alike;
/// without it a network would have to learn from small differences. A sentence unlike all of them is shortened to length 2.
/// </summary>
internal sealed class SentenceInput : TracedModule
{
    // Of values that all captions have alike.
    private const double LeastDeviation = 1e-4;

    private const double LeastSquare = 1e-8;

    // What is unlike all captions would be many times as long as they are.
    private const double Longest = 2;

    private readonly Tensor mean, scale;

    public SentenceInput(int textSize) : base(nameof(SentenceInput))
    {
        mean = zeros(textSize);
        scale = ones(textSize);
        RegisterComponents();
    }

    /// <summary>The one of a network that takes sentences; null for others.</summary>
    public static SentenceInput? Of(NetworkShape shape) => shape.Condition == Conditioning.Text ? new SentenceInput(shape.TextSize) : null;

    /// <summary>Measures captions' vectors, <c>[K, D]</c>.</summary>
    public void Fit(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var sentences = OfLength1(vectors).Tensor;
        mean.copy_(sentences.mean([0L]));
        scale.copy_((sentences.std(0, unbiased: false).clamp_min(LeastDeviation) * Math.Sqrt(sentences.shape[1])).reciprocal());
    }

    public override TracedTensor forward(TracedTensor sentences)
    {
        var seen = (OfLength1(sentences) - mean) * scale;
        return seen * ((seen.square().sum([1L], true).clamp(min: Longest * Longest)).rsqrt() * Longest);
    }

    private static TracedTensor OfLength1(TracedTensor sentences) => sentences * (sentences.square().sum([1L], true) + LeastSquare).rsqrt();
}
