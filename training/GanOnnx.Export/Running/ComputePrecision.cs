using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Functional = TorchSharp.torch.nn.functional;

namespace GanOnnx.Export.Running;

/// <summary>
/// In which numbers layers compute: float32, or within a scope of <see cref="Use"/> bfloat16 for convolutions and linear layers, whose
/// input, weight and bias are cast and whose output is cast back. The gradients go back through the casts, those of gradients too; weights,
/// and all that isn't such a layer, stay float32. This is the one place that decides it.
/// </summary>
/// <remarks>
/// As mixed precision with master weights (P. Micikevicius et al.: "Mixed Precision Training", 2017, https://arxiv.org/abs/1710.03740) in
/// bfloat16, which has float32's range and so needs no scaling of the loss (D. Kalamkar et al., 2019, https://arxiv.org/abs/1905.12322).
/// </remarks>
internal static class ComputePrecision
{
    // Layers that read or write fewer channels, images and scores above all, keep their digits: their products are small.
    private const long FewestChannels = 16;

    // What is computed in, of this thread; null for float32.
    [ThreadStatic]
    private static ScalarType? _reduced;

    /// <summary>Computes in a type from now on, on this thread, until the result is disposed.</summary>
    /// <param name="type">bfloat16; null for float32 throughout.</param>
    public static Scope Use(ScalarType? type) => new(type);

    /// <summary>The output of a layer.</summary>
    public static Tensor Compute(this nn.Module<Tensor, Tensor> layer, Tensor input) => (_reduced, layer) switch
    {
        (null, _) => layer.call(input),
        (_, Conv2d { padding_mode: PaddingModes.Zeros, padding: { } padding } conv) =>
            conv2d(input, conv.weight!, conv.bias, conv.stride, padding, conv.dilation, conv.groups),
        (_, ConvTranspose2d { padding: { } padding } conv) => conv_transpose2d(input, conv.weight!, conv.bias, conv.stride, padding,
            conv.output_padding, conv.dilation, conv.groups),
        (_, Linear linear) => ComputePrecision.linear(input, linear.weight!, linear.bias),
        _ => layer.call(input),
    };

    /// <summary>As <c>functional.conv2d</c>.</summary>
    public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] dilation,
        long groups = 1) =>
        Reduces(weight) is { } type
            ? Functional.conv2d(input.to(type), weight.to(type), bias?.to(type), stride, padding, dilation, groups).to(float32)
            : Functional.conv2d(input, weight, bias, stride, padding, dilation, groups);

    /// <summary>As <c>functional.conv_transpose2d</c>.</summary>
    public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] outputPadding,
        long[] dilation, long groups = 1) =>
        Reduces(weight) is { } type
            ? Functional.conv_transpose2d(input.to(type), weight.to(type), bias?.to(type), stride, padding, outputPadding, dilation, groups)
                .to(float32)
            : Functional.conv_transpose2d(input, weight, bias, stride, padding, outputPadding, dilation, groups);

    /// <summary>As <c>functional.linear</c>.</summary>
    public static Tensor linear(Tensor input, Tensor weight, Tensor? bias) =>
        Reduces(weight) is { } type
            ? Functional.linear(input.to(type), weight.to(type), bias?.to(type)).to(float32)
            : Functional.linear(input, weight, bias);

    // A weight is [out, in, …], or [in, out, …]; of a convolution of each channel for itself, in is 1.
    private static ScalarType? Reduces(Tensor weight) =>
        weight.shape[0] >= FewestChannels && weight.shape[1] >= FewestChannels ? _reduced : null;

    /// <summary>While it isn't disposed, layers compute in its type.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly ScalarType? _before;

        internal Scope(ScalarType? type) => (_before, _reduced) = (_reduced, type);

        /// <summary>Computes as before.</summary>
        public void Dispose() => _reduced = _before;
    }
}
