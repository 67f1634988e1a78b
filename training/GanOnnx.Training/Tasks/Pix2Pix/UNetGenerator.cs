using GanOnnx.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.Pix2Pix;

/// <summary>
/// Images to images: halved until one pixel is left, then doubled again, each size seeing what was there on the way down. Encoder
/// C64-C128-C256-C512-C512…, decoder the other way, channels at half the images' size being the width, 64 in the paper, and eight times
/// that at most.
/// </summary>
/// <remarks>
/// P. Isola, J.-Y. Zhu, T. Zhou, A. A. Efros: "Image-to-Image Translation with Conditional Adversarial Networks", 2016,
/// https://arxiv.org/abs/1611.07004, appendix 6.1.1: batch normalization but in the first and the innermost layer, leaky ReLUs on the way
/// down, dropout of one half in the three innermost layers on the way up, which is its only noise and is off in exported files.
/// </remarks>
internal sealed class UNetGenerator : TracedModule
{
    private const int Kernel = 4, Stride = 2, Padding = 1, MostWidths = 8, DroppedLayers = 3;
    private const double LeakySlope = 0.2, Dropped = 0.5;

    private readonly ModuleList<Conv2d> downs = [];
    private readonly ModuleList<nn.Module<Tensor, Tensor>> ups = [];
    private readonly ModuleList<BatchNorm2d> downNorms = [], upNorms = [];
    private readonly ModuleList<Dropout> dropouts = [];
    private readonly bool _resizes;

    /// <param name="levels">How often sizes are halved: images are multiples of 2 to this power.</param>
    /// <param name="channels">The images' channels, of both kinds.</param>
    /// <param name="width">Channels at half the images' size.</param>
    /// <param name="dropout">Whether the innermost layers drop values while it is trained.</param>
    /// <param name="resizes">Whether sizes are doubled by repeating pixels before a convolution, not by a transposed one.</param>
    public UNetGenerator(int levels, int channels, int width, bool dropout, bool resizes) : base(nameof(UNetGenerator))
    {
        _resizes = resizes;
        int At(int level) => level == 0 ? channels : width * Math.Min(1 << (level - 1), MostWidths);
        for (var level = 1; level <= levels; level++)
        {
            var norm = level > 1 && level < levels;
            downs.Add(Conv2d(At(level - 1), At(level), Kernel, Stride, Padding, bias: !norm));
            if (norm)
                downNorms.Add(BatchNorm2d(At(level)));
        }
        for (var level = levels; level >= 1; level--)
        {
            var inputs = level == levels ? At(level) : 2 * At(level);
            ups.Add(resizes ? Conv2d(inputs, At(level - 1), 3, 1, Padding, bias: level == 1)
                : ConvTranspose2d(inputs, At(level - 1), Kernel, Stride, Padding, bias: level == 1));
            if (level > 1)
                upNorms.Add(BatchNorm2d(At(level - 1)));
            if (dropout && level > 1 && dropouts.Count < DroppedLayers)
                dropouts.Add(Dropout(Dropped));
        }
        RegisterComponents();
    }

    /// <summary>Images <c>[N, C, H, W]</c> from −1 to 1 to images of the same shape.</summary>
    public override TracedTensor forward(TracedTensor input)
    {
        List<TracedTensor> seen = [];
        var x = input;
        for (var i = 0; i < downs.Count; i++)
        {
            x = downs[i].call(i == 0 ? x : x.leaky_relu(LeakySlope));                           // [N, C·2, H/2, W/2]
            if (i > 0 && i < downs.Count - 1)
                x = downNorms[i - 1].call(x);
            seen.Add(x);
        }
        for (var i = 0; i < ups.Count; i++)
        {
            if (i > 0)
                x = TracedTensor.cat([x, seen[^(i + 1)]], dim: 1);
            x = ups[i].call(_resizes ? x.relu().upsample_nearest2d(2) : x.relu());              // [N, C/2, 2·H, 2·W]
            if (i < upNorms.Count)
                x = upNorms[i].call(x);
            if (i < dropouts.Count)
                x = dropouts[i].call(x);
        }
        return x.tanh();
    }
}
