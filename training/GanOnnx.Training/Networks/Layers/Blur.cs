using GanOnnx.Export;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// A low-pass filter with the binomial weights 1 3 3 1 in both directions, each channel for itself:
/// <c>[N, C, H, W]</c> to <c>[N, C, H + 2·padding − 3, W + 2·padding − 3]</c>, divided by the stride.
/// </summary>
/// <remarks>R. Zhang: "Making Convolutional Networks Shift-Invariant Again", 2019, https://arxiv.org/abs/1904.11486.</remarks>
internal sealed class Blur : TracedModule
{
    private readonly Tensor kernel;
    private readonly long _channels, _stride, _padding;

    /// <param name="channels">Channels (C).</param>
    /// <param name="stride">Every how many pixels one is kept.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="gain">The sum of the weights.</param>
    public Blur(long channels, long stride, long padding, double gain = 1) : base(nameof(Blur))
    {
        (_channels, _stride, _padding) = (channels, stride, padding);
        var row = tensor(new[] { 1f, 3f, 3f, 1f });
        kernel = (row.outer(row) * (gain / 64)).repeat(channels, 1, 1, 1); // [C, 1, 4, 4]
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor input) =>
        TracedTensor.conv2d(input, kernel, stride: _stride, padding: _padding, groups: _channels);
}
