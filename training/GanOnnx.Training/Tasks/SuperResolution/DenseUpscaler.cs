using GanOnnx.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>
/// Residual blocks of three residual blocks of five densely connected convolutions at the small size, then pixels repeated and convolved,
/// once for each doubling. What comes out is added to the input with its pixels repeated.
/// </summary>
/// <remarks>
/// X. Wang et al.: "ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks", 2018, https://arxiv.org/abs/1809.00219, section 3.1
/// and supplement: 23 blocks of width 64, dense layers of 32, residuals times 0.2. The sum with the repeated input isn't in it.
/// </remarks>
internal sealed class DenseUpscaler : UpscalerNetwork
{
    private const int Kernel = 3, DenseLayers = 5, DenseBlocks = 3;
    private const float Residual = 0.2f, LeakySlope = 0.2f;

    private readonly Conv2d first, middle, high, last;
    private readonly ModuleList<Block> blocks = [];
    private readonly ModuleList<Conv2d> ups = [];
    private readonly int _scale;

    /// <param name="channels">The images' channels.</param>
    /// <param name="width">Channels between blocks; the dense layers have half of it.</param>
    /// <param name="blocks">How many residual blocks.</param>
    /// <param name="scale">How many times larger images become, a power of 2.</param>
    public DenseUpscaler(int channels, int width, int blocks, int scale) : base(nameof(DenseUpscaler))
    {
        _scale = scale;
        first = Conv(channels, width);
        for (var i = 0; i < blocks; i++)
            this.blocks.Add(new Block(width));
        middle = Conv(width, width);
        for (var i = 0; i < Doublings(scale); i++)
            ups.Add(Conv(width, width));
        (high, last) = (Conv(width, width), Conv(width, channels));
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor input)
    {
        var x = first.call(input);                                                              // [N, W, H, W]
        var y = x;
        foreach (var block in blocks)
            y = block.call(y);
        x += middle.call(y);
        foreach (var up in ups)
            x = up.call(x.upsample_nearest2d(2)).leaky_relu(LeakySlope);                        // [N, W, 2·H, 2·W]
        return last.call(high.call(x).leaky_relu(LeakySlope)) + input.upsample_nearest2d(_scale); // [N, C, s·H, s·W]
    }

    private static Conv2d Conv(int inputs, int outputs) => Conv2d(inputs, outputs, Kernel, 1, 1);

    private sealed class Block : TracedModule
    {
        private readonly ModuleList<Dense> dense = [];

        public Block(int width) : base(nameof(Block))
        {
            for (var i = 0; i < DenseBlocks; i++)
                dense.Add(new Dense(width));
            RegisterComponents();
        }

        public override TracedTensor forward(TracedTensor input)
        {
            var x = input;
            foreach (var block in dense)
                x = block.call(x);
            return input + x * Residual;                                                        // [N, W, H, W], as it came
        }
    }

    // Each convolution sees what all before it made.
    private sealed class Dense : TracedModule
    {
        private readonly ModuleList<Conv2d> convs = [];

        public Dense(int width) : base(nameof(Dense))
        {
            var growth = Math.Max(1, width / 2);
            for (var i = 0; i < DenseLayers; i++)
                convs.Add(Conv(width + i * growth, i < DenseLayers - 1 ? growth : width));
            RegisterComponents();
        }

        public override TracedTensor forward(TracedTensor x)
        {
            var seen = x;
            for (var i = 0; i < DenseLayers - 1; i++)
                seen = TracedTensor.cat([seen, convs[i].call(seen).leaky_relu(LeakySlope)], dim: 1);
            return x + convs[DenseLayers - 1].call(seen) * Residual;
        }
    }
}
