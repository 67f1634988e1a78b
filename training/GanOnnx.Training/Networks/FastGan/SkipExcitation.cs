using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.FastGan;

/// <summary>
/// Skip-layer excitation: features of a small size say how much of each channel of a large size goes on. Small <c>[N, C, s, s]</c>
/// and large <c>[N, C', S, S]</c> to <c>[N, C', S, S]</c>.
/// </summary>
/// <remarks>B. Liu et al., 2021, https://arxiv.org/abs/2101.04775, section 3.1.</remarks>
internal sealed class SkipExcitation : TracedModule2
{
    private const int PooledSize = 4;
    private const double LeakySlope = 0.1;

    private readonly Conv2d conv1, conv2;
    private readonly int _pooled;

    /// <param name="size">The small features' size, a multiple of 4.</param>
    /// <param name="inputs">The small features' channels.</param>
    /// <param name="outputs">The large features' channels.</param>
    public SkipExcitation(int size, int inputs, int outputs) : base(nameof(SkipExcitation))
    {
        _pooled = size / PooledSize;
        conv1 = nn.Conv2d(inputs, outputs, PooledSize);
        conv2 = nn.Conv2d(outputs, outputs, 1);
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor small, TracedTensor large)
    {
        var x = _pooled > 1 ? small.avg_pool2d(_pooled) : small;                // [N, C, 4, 4]
        x = conv1.call(x).leaky_relu(LeakySlope);                               // [N, C', 1, 1]
        return large * conv2.call(x).sigmoid();
    }
}
