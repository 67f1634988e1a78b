using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A linear layer of sentences <c>[N, D]</c> to <c>[N, outputs]</c>: what <see cref="ClassVectors"/> are of classes.</summary>
internal sealed class SentenceVectors : TracedModule
{
    private readonly Parameter table, bias;

    public SentenceVectors(int textSize, long outputs) : base(nameof(SentenceVectors))
    {
        table = nn.Parameter(zeros(outputs, textSize));
        bias = nn.Parameter(zeros(outputs));
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor sentences) => TracedTensor.linear(sentences, table, bias);

    /// <summary>Makes the same of sentences in other coordinates.</summary>
    /// <param name="map">A new sentence times this, <c>[D, D]</c>, plus</param>
    /// <param name="offset">this, <c>[D]</c>, is the old one.</param>
    public void Reexpress(Tensor map, Tensor offset)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var old = table.to(float64);
        bias.add_(old.mv(offset));
        table.copy_(old.mm(map.t()));
    }
}
