using GanOnnx.Export.Running;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A convolution of <c>[N, in, H, W]</c> with an equalized learning rate, see <see cref="EqualizedLinear"/>.</summary>
internal sealed class EqualizedConv2d : nn.Module<Tensor, Tensor>, IEqualized
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly double _scale;
    private readonly long[] _stride, _padding;

    public EqualizedConv2d(long inputs, long outputs, long kernel, long stride = 1, long padding = 0, bool hasBias = true)
        : base(nameof(EqualizedConv2d))
    {
        _scale = 1 / Math.Sqrt(inputs * kernel * kernel);
        (_stride, _padding) = ([stride, stride], [padding, padding]);
        weight = nn.Parameter(zeros(outputs, inputs, kernel, kernel));
        if (hasBias)
            bias = nn.Parameter(zeros(outputs));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public double FirstBias => 0;

    /// <inheritdoc/>
    public double FirstDeviation => 1;

    public override Tensor forward(Tensor input) =>
        ComputePrecision.conv2d(input, weight * _scale, bias, _stride, _padding, [1, 1]);
}
