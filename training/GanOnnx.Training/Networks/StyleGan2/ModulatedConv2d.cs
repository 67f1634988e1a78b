using GanOnnx.Export;
using GanOnnx.Training.Networks.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.StyleGan2;

/// <summary>
/// A convolution whose weight is scaled, for each image, by its style per input channel and, where demodulated, to unit
/// norm per output channel: features <c>[N, C, H, W]</c> and styles <c>[N, S]</c> to <c>[N, out, H, W]</c>, or twice the
/// size. The scales are put on what goes in and what comes out, which is the same.
/// </summary>
/// <remarks>T. Karras et al.: "Analyzing and Improving the Image Quality of StyleGAN", 2020, https://arxiv.org/abs/1912.04958, section
/// 2.2.</remarks>
internal sealed class ModulatedConv2d : TracedModule2, IEqualized
{
    private const double Epsilon = 1e-8;

    private readonly Parameter weight;
    private readonly EqualizedLinear affine;
    private readonly Blur? blur;
    private readonly long _padding;
    private readonly bool _demodulate;
    private readonly double _scale;

    /// <param name="inputs">Channels in (C).</param>
    /// <param name="outputs">Channels out.</param>
    /// <param name="kernel">The side of the kernel.</param>
    /// <param name="styleSize">Values per style (S).</param>
    /// <param name="demodulate">Whether the output's size is kept whatever the style.</param>
    /// <param name="up">Whether the result is twice as large.</param>
    public ModulatedConv2d(long inputs, long outputs, long kernel, long styleSize, bool demodulate = true, bool up = false)
        : base(nameof(ModulatedConv2d))
    {
        (_padding, _demodulate, _scale) = (kernel / 2, demodulate, 1 / Math.Sqrt(inputs * kernel * kernel));
        weight = nn.Parameter(up ? zeros(inputs, outputs, kernel, kernel) : zeros(outputs, inputs, kernel, kernel));
        affine = new EqualizedLinear(styleSize, inputs, firstBias: 1);
        if (up)
            blur = new Blur(outputs, stride: 1, padding: 1, gain: 4);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public double FirstBias => 0;

    /// <inheritdoc/>
    public double FirstDeviation => 1;

    public override TracedTensor forward(TracedTensor features, TracedTensor style)
    {
        var scales = affine.call(style);                                                        // [N, C]
        TracedTensor scaled = weight * _scale;
        var x = features * scales.unsqueeze(-1).unsqueeze(-1);
        x = blur is null
            ? TracedTensor.conv2d(x, scaled, padding: _padding)                                 // [N, out, H, W]
            : blur.call(TracedTensor.conv_transpose2d(x, scaled, stride: 2));                   // [N, out, 2·H + 1, …] → [N, out, 2·H, 2·W]
        if (!_demodulate)
            return x;

        var energy = scaled.square().sum([2L, 3L]);                                             // [out, C], or [C, out] where up
        if (blur is null)
            energy = energy.transpose(0, 1);
        return x * (scales.square().matmul(energy) + Epsilon).rsqrt().unsqueeze(-1).unsqueeze(-1);
    }
}
