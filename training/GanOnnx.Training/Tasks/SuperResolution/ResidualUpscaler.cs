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
/// https://arxiv.org/abs/1609.04802, figure 4: k9n64, 16 blocks, batch normalization, parametric ReLUs. Without normalization as in
/// B. Lim et al.: "Enhanced Deep Residual Networks for Single Image Super-Resolution", 2017, https://arxiv.org/abs/1707.02921. The sum with
/// the repeated input is in neither; it saves the first hours.
/// </remarks>
internal sealed class ResidualUpscaler : UpscalerNetwork
{
    private const int Kernel = 3, Edge = 9;

    private readonly Conv2d first, middle, last;
    private readonly PReLU firstSlope = PReLU(1);
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
    /// <param name="norm">Whether there is batch normalization.</param>
    public ResidualUpscaler(int channels, int width, int blocks, int scale, bool norm) : base(nameof(ResidualUpscaler))
    {
        _scale = scale;
        first = Conv2d(channels, width, Edge, 1, Edge / 2);
        for (var i = 0; i < blocks; i++)
            this.blocks.Add(new Block(width, norm));
        middle = Conv2d(width, width, Kernel, 1, 1, bias: !norm);
        middleNorm = norm ? BatchNorm2d(width) : null;
        for (var i = 0; i < Doublings(scale); i++)
        {
            ups.Add(Conv2d(width, 4 * width, Kernel, 1, 1));
            shuffles.Add(PixelShuffle(2));
            upSlopes.Add(PReLU(1));
        }
        last = Conv2d(width, channels, Edge, 1, Edge / 2);
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor input)
    {
        var x = firstSlope.call(first.call(input));                                             // [N, W, H, W]
        var y = x;
        foreach (var block in blocks)
            y = block.call(y);
        y = middle.call(y);
        x += middleNorm?.call(y) ?? y;
        for (var i = 0; i < ups.Count; i++)
            x = upSlopes[i].call(shuffles[i].call(ups[i].call(x)));                             // [N, W, 2·H, 2·W]
        return last.call(x) + input.upsample_nearest2d(_scale);                                 // [N, C, s·H, s·W]
    }

    private sealed class Block : TracedModule
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d? norm1, norm2;
        private readonly PReLU slope = PReLU(1);

        public Block(int width, bool norm) : base(nameof(Block))
        {
            (conv1, conv2) = (Conv2d(width, width, Kernel, 1, 1, bias: !norm), Conv2d(width, width, Kernel, 1, 1, bias: !norm));
            if (norm)
                (norm1, norm2) = (BatchNorm2d(width), BatchNorm2d(width));
            RegisterComponents();
        }

        public override TracedTensor forward(TracedTensor x)
        {
            var y = conv1.call(x);
            y = conv2.call(slope.call(norm1?.call(y) ?? y));
            return x + (norm2?.call(y) ?? y);                                                   // [N, W, H, W], as it came
        }
    }
}
