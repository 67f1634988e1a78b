using GanOnnx.Export.Running;
using GanOnnx.Training.Regularizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A linear layer from <c>[N, in]</c> to <c>[N, out]</c> whose weight is divided by its largest singular value.</summary>
internal sealed class SpectralLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight, bias;
    private readonly Tensor u;

    public SpectralLinear(long inputs, long outputs) : base(nameof(SpectralLinear))
    {
        weight = nn.Parameter(zeros(outputs, inputs));
        bias = nn.Parameter(zeros(outputs));
        u = zeros(outputs); // drawn with the weights
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        ComputePrecision.linear(input, SpectralNorm.Normalize(weight, u, training), bias);
}
