using GanOnnx.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// What networks do first with sentences <c>[N, D]</c>: they are brought to length 1 and then whitened, so that over the training data's
/// captions each value has mean 0, none goes with another, and their length is 1 on average. An encoder's vectors of captions of one kind
/// are much alike, and what one word changes in them is small beside what another does: a network would learn the large first and the small
/// hardly. A sentence unlike all captions is shortened to length 2.
/// </summary>
/// <remarks>J. Su et al.: "Whitening Sentence Representations", 2021, https://arxiv.org/abs/2103.15316, with the symmetric root.</remarks>
internal sealed class SentenceInput : TracedModule
{
    // In parts of the largest: a direction in which captions differ less is noise, and the more so in sentences unlike them.
    private const double LeastVariance = 3e-3;

    private const double LeastSquare = 1e-8;

    // What is unlike all captions would be many times as long as they are.
    private const double Longest = 2;

    private readonly Tensor mean, whitening;

    public SentenceInput(int textSize) : base(nameof(SentenceInput))
    {
        mean = zeros(textSize);
        whitening = eye(textSize);
        RegisterComponents();
    }

    /// <summary>The one of a network that takes sentences; null for others.</summary>
    public static SentenceInput? Of(NetworkShape shape) => shape.Condition == Conditioning.Text ? new SentenceInput(shape.TextSize) : null;

    /// <summary>Measures captions' vectors, <c>[K, D]</c>.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="readers">The layers of sentences that come after this one. Where they learnt from other captions, whose numbers were
    /// whitened otherwise, they make of a sentence what they made before.</param>
    public void Fit(Tensor vectors, params IEnumerable<SentenceVectors> readers)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (from, before) = (mean.to(float64), whitening.to(float64));
        var sentences = OfLength1(vectors).Tensor.to(float64);
        var to = sentences.mean([0L]);
        var centred = sentences - to;
        var (variances, axes) = linalg.eigh(centred.t().mm(centred) / sentences.shape[0]);                    // [D], [D, D]
        var scaled = variances + variances.max() * LeastVariance + LeastSquare;
        var length = (variances / scaled).sum().clamp_min(LeastSquare).sqrt();
        var after = (axes * scaled.rsqrt()).mm(axes.t()) / length;
        mean.copy_(to);
        whitening.copy_(after);
        if (from.abs().max().item<double>() == 0)
            return; // nothing was learnt yet
        var back = (axes * scaled.sqrt()).mm(axes.t()) * length;
        foreach (var reader in readers)
            reader.Reexpress(back.mm(before), before.mv(to - from));
    }

    public override TracedTensor forward(TracedTensor sentences)
    {
        var seen = TracedTensor.linear(OfLength1(sentences) - mean, whitening);
        return seen * ((seen.square().sum([1L], true).clamp(min: Longest * Longest)).rsqrt() * Longest);
    }

    private static TracedTensor OfLength1(TracedTensor sentences) => sentences * (sentences.square().sum([1L], true) + LeastSquare).rsqrt();
}
