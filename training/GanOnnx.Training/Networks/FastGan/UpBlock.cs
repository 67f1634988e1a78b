using GanOnnx.Export;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.FastGan;

/// <summary>
/// Twice the size: repeated pixels, a 3 × 3 convolution, batch normalization and a gated linear unit, the first half of the channels
/// times the second's sigmoid (Y. Dauphin et al., 2016, https://arxiv.org/abs/1612.08083).
/// </summary>
internal sealed class UpBlock : nn.Module
{
    private readonly Conv2d conv;
    private readonly GeneratorNorm norm;
    private readonly GLU gate;

    public UpBlock(NetworkShape shape, int inputs, int outputs) : base(nameof(UpBlock))
    {
        conv = nn.Conv2d(inputs, 2 * outputs, 3, padding: 1, bias: false);
        norm = new GeneratorNorm(shape, 2 * outputs);
        gate = nn.GLU(1);
        RegisterComponents();
    }

    /// <summary>Features <c>[N, C, H, W]</c> to <c>[N, C', 2·H, 2·W]</c>.</summary>
    public TracedTensor Up(TracedTensor x, TracedTensor? labels) =>
        gate.call(norm.Normalize(conv.call(x.upsample_nearest2d(2)), labels));
}
