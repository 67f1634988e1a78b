using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A learned vector for each class: labels int64 <c>[N]</c> to <c>[N, D]</c>.</summary>
internal sealed class ClassVectors : TracedModule
{
    private readonly Parameter table;

    public ClassVectors(int classes, long size) : base(nameof(ClassVectors))
    {
        table = nn.Parameter(zeros(classes, size)); // [classes, D]
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor labels) => TracedTensor.embedding(labels, table);
}
