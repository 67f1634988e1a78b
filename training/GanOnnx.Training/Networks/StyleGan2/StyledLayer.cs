using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.StyleGan2;

/// <summary>A modulated convolution, noise, bias and activation: <c>[N, C, H, W]</c> and a style <c>[N, S]</c> to <c>[N, out, H',
/// W']</c>.</summary>
internal sealed class StyledLayer : TracedModule2
{
    private const double LeakySlope = 0.2;

    private readonly ModulatedConv2d conv;
    private readonly Parameter bias, strength;
    private readonly Tensor noise;

    /// <param name="inputs">Channels in (C).</param>
    /// <param name="outputs">Channels out.</param>
    /// <param name="size">Height and width of what comes out.</param>
    /// <param name="styleSize">Values per style (S).</param>
    /// <param name="up">Whether what goes in has half the size.</param>
    public StyledLayer(long inputs, long outputs, int size, long styleSize, bool up) : base(nameof(StyledLayer))
    {
        conv = new ModulatedConv2d(inputs, outputs, 3, styleSize, up: up);
        bias = nn.Parameter(zeros(outputs, 1, 1));
        strength = nn.Parameter(zeros(1));
        noise = zeros(1, 1, size, size); // drawn by StyleGenerator
        RegisterComponents();
    }

    /// <summary>The noise that a trained network always uses, <c>[1, 1, H', W']</c>; in training each image gets its own.</summary>
    public Tensor Noise => noise;

    public override TracedTensor forward(TracedTensor features, TracedTensor style)
    {
        var x = conv.call(features, style);
        var drawn = training ? randn([x.shape[0], 1, x.shape[2], x.shape[3]], device: noise.device) : noise;
        return (x + drawn * strength + bias).leaky_relu(LeakySlope) * Math.Sqrt(2);
    }
}
