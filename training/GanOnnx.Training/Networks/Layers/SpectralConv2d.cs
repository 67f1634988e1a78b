using GanOnnx.Export.Running;
using GanOnnx.Training.Regularizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A convolution of <c>[N, in, H, W]</c> whose weight is divided by its largest singular value.</summary>
internal sealed class SpectralConv2d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly Tensor u;
    private readonly long[] _stride, _padding;

    public SpectralConv2d(long inputs, long outputs, (long H, long W) kernel, (long H, long W) stride, (long H, long W) padding,
        bool hasBias) : base(nameof(SpectralConv2d))
    {
        (_stride, _padding) = ([stride.H, stride.W], [padding.H, padding.W]);
        weight = nn.Parameter(zeros(outputs, inputs, kernel.H, kernel.W));
        u = zeros(outputs); // drawn with the weights
        if (hasBias)
            bias = nn.Parameter(zeros(outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        ComputePrecision.conv2d(input, SpectralNorm.Normalize(weight, u, training), bias, _stride, _padding, [1, 1]);
}
