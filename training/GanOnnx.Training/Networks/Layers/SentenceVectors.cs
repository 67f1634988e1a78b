using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A linear map of sentences <c>[N, D]</c> to <c>[N, outputs]</c>, without a bias: what <see cref="ClassVectors"/> are of classes.</summary>
internal sealed class SentenceVectors : TracedModule
{
    private readonly Parameter table;

    public SentenceVectors(int textSize, long outputs) : base(nameof(SentenceVectors))
    {
        table = nn.Parameter(zeros(outputs, textSize));
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor sentences) => TracedTensor.linear(sentences, table);
}
