using GanOnnx.Export.Running;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.FastGan;

/// <summary>
/// Half the size on two paths, which are averaged: a strided convolution and one more, and mean pooling with a 1 × 1 convolution.
/// <c>[N, C, H, W]</c> to <c>[N, C', H/2, W/2]</c>.
/// </summary>
internal sealed class DownBlock : nn.Module<Tensor, Tensor>
{
    private static readonly Scalar _half = 0.5;

    private readonly ConvLayer down, conv, pooled;

    public DownBlock(NetworkShape shape, int inputs, int outputs) : base(nameof(DownBlock))
    {
        down = ConvLayer.Down(shape, inputs, outputs);
        conv = new ConvLayer(shape, inputs: outputs, outputs, kernel: 3, padding: 1);
        pooled = new ConvLayer(shape, inputs, outputs, kernel: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) =>
        (conv.call(down.call(x)) + pooled.call(nn.functional.avg_pool2d(x, 2))).mul(_half);
}

/// <summary>A convolution, batch normalization where the discriminator has it, and a leaky ReLU.</summary>
internal sealed class ConvLayer : nn.Module<Tensor, Tensor>
{
    // TorchSharp's temporary scalars can be freed while native code reads them; this one stays.
    private static readonly Scalar _leakySlope = 0.2;

    private readonly nn.Module<Tensor, Tensor> conv;
    private readonly TorchSharp.Modules.BatchNorm2d? norm;

    public ConvLayer(NetworkShape shape, int inputs, int outputs, int kernel, int stride = 1, int padding = 0, bool first = false)
        : base(nameof(ConvLayer))
    {
        var normalizes = shape.DiscriminatorNorm && !shape.SpectralNorm && !first;
        conv = new DiscriminatorLayers(shape).Conv2d(inputs, outputs, kernel, stride, padding, bias: !normalizes);
        norm = normalizes ? nn.BatchNorm2d(outputs) : null;
        RegisterComponents();
    }

    /// <summary>Half the size by a strided convolution.</summary>
    public static ConvLayer Down(NetworkShape shape, int inputs, int outputs, bool first = false) =>
        new(shape, inputs, outputs, kernel: 4, stride: 2, padding: 1, first);

    public override Tensor forward(Tensor x)
    {
        x = conv.Compute(x);
        return (norm is null ? x : norm.call(x)).leaky_relu(_leakySlope);
    }
}
