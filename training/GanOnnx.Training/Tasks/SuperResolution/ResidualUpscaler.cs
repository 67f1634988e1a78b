using GanOnnx.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>
/// Residual blocks at the small size, then channels become pixels, once for each doubling. What comes out is added to the input with its
/// pixels repeated, so that the network learns what is missing.
/// </summary>
/// <remarks>
/// C. Ledig et al.: "Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network", 2016,
/// https://arxiv.org/abs/1609.04802, figure 4: k9n64, 16 blocks, batch normalization, parametric ReLUs. Plain, it is that of
/// B. Lim et al.: "Enhanced Deep Residual Networks for Single Image Super-Resolution", 2017, https://arxiv.org/abs/1707.02921: k3, ReLUs, no
/// normalization. The sum with the repeated input is in neither; it saves the first hours.
/// </remarks>
internal sealed class ResidualUpscaler : UpscalerNetwork
{
    private const int Kernel = 3, WideKernel = 9;

    private readonly Conv2d first, middle, last;
    private readonly PReLU? firstSlope;
    private readonly BatchNorm2d? middleNorm;
    private readonly ModuleList<Block> blocks = [];
    private readonly ModuleList<Conv2d> ups = [];
    private readonly ModuleList<PixelShuffle> shuffles = [];
    private readonly ModuleList<PReLU> upSlopes = [];
    private readonly int _scale;

    /// <param name="channels">The images' channels.</param>
    /// <param name="width">Channels of all layers.</param>
    /// <param name="blocks">How many residual blocks.</param>
    /// <param name="scale">How many times larger images become, a power of 2.</param>
    /// <param name="plain">Whether it is Lim's, not Ledig's.</param>
    public ResidualUpscaler(int channels, int width, int blocks, int scale, bool plain) : base(nameof(ResidualUpscaler))
    {
        _scale = scale;
        var kernel = plain ? Kernel : WideKernel;
        first = Conv2d(channels, width, kernel, 1, kernel / 2);
        for (var i = 0; i < blocks; i++)
            this.blocks.Add(new Block(width, plain));
        middle = Conv2d(width, width, Kernel, 1, 1, bias: plain);
        for (var i = 0; i < Doublings(scale); i++)
        {
            ups.Add(Conv2d(width, 4 * width, Kernel, 1, 1));
            shuffles.Add(PixelShuffle(2));
            if (!plain)
                upSlopes.Add(PReLU(1));
        }
        last = Conv2d(width, channels, kernel, 1, kernel / 2);
        if (!plain)
            (firstSlope, middleNorm) = (PReLU(1), BatchNorm2d(width));
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor input)
    {
        var x = first.call(input);                                                              // [N, W, H, W]
        x = firstSlope?.call(x) ?? x;
        var y = x;
        foreach (var block in blocks)
            y = block.call(y);
        y = middle.call(y);
        x += middleNorm?.call(y) ?? y;
        for (var i = 0; i < ups.Count; i++)
        {
            x = shuffles[i].call(ups[i].call(x));                                               // [N, W, 2·H, 2·W]
            if (upSlopes.Count > 0)
                x = upSlopes[i].call(x);
        }
        return last.call(x) + input.upsample_nearest2d(_scale);                                 // [N, C, s·H, s·W]
    }

    private sealed class Block : TracedModule
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d? norm1, norm2;
        private readonly PReLU? slope;

        public Block(int width, bool plain) : base(nameof(Block))
        {
            (conv1, conv2) = (Conv2d(width, width, Kernel, 1, 1, bias: plain), Conv2d(width, width, Kernel, 1, 1, bias: plain));
            if (!plain)
                (norm1, norm2, slope) = (BatchNorm2d(width), BatchNorm2d(width), PReLU(1));
            RegisterComponents();
        }

        public override TracedTensor forward(TracedTensor x)
        {
            var y = conv1.call(x);
            y = norm1?.call(y) ?? y;
            y = conv2.call(slope?.call(y) ?? y.relu());
            return x + (norm2?.call(y) ?? y);                                                   // [N, W, H, W], as it came
        }
    }
}
