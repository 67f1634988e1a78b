using GanOnnx.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.CycleGan;

/// <summary>
/// Images to images of the same size: halved twice, residual blocks, doubled twice. c7s1-64, d128, d256, R256 …, u128, u64, c7s1-3,
/// with the width 64 of the paper.
/// </summary>
/// <remarks>
/// J.-Y. Zhu, T. Park, P. Isola, A. A. Efros: "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017,
/// https://arxiv.org/abs/1703.10593, appendix 7.2, after J. Johnson et al. 2016: reflection padding, instance normalization without
/// weights.
/// </remarks>
internal sealed class ResNetGenerator : TracedModule
{
    private const int Edge = 3, Kernel = 3;

    private readonly ReflectionPad2d edge = ReflectionPad2d(Edge);
    private readonly ModuleList<Conv2d> downs = [];
    private readonly ModuleList<nn.Module<Tensor, Tensor>> ups = [];
    private readonly ModuleList<InstanceNorm2d> downNorms = [], upNorms = [];
    private readonly ModuleList<Block> blocks = [];
    private readonly Conv2d last;
    private readonly bool _resizes;

    /// <param name="blocks">How many residual blocks.</param>
    /// <param name="channels">The images' channels, of both kinds.</param>
    /// <param name="width">Channels at the images' size.</param>
    /// <param name="resizes">Whether sizes are doubled by repeating pixels before a convolution, not by a transposed one.</param>
    public ResNetGenerator(int blocks, int channels, int width, bool resizes) : base(nameof(ResNetGenerator))
    {
        _resizes = resizes;
        downs.Add(Conv2d(channels, width, 2 * Edge + 1));
        downs.Add(Conv2d(width, 2 * width, Kernel, 2, 1));
        downs.Add(Conv2d(2 * width, 4 * width, Kernel, 2, 1));
        for (var i = 0; i < blocks; i++)
            this.blocks.Add(new Block(4 * width));
        ups.Add(Up(4 * width, 2 * width));
        ups.Add(Up(2 * width, width));
        last = Conv2d(width, channels, 2 * Edge + 1);
        foreach (var outputs in new[] { width, 2 * width, 4 * width })
            downNorms.Add(InstanceNorm2d(outputs));
        foreach (var outputs in new[] { 2 * width, width })
            upNorms.Add(InstanceNorm2d(outputs));
        RegisterComponents();

        nn.Module<Tensor, Tensor> Up(int inputs, int outputs) => resizes ? Conv2d(inputs, outputs, Kernel, 1, 1)
            : ConvTranspose2d(inputs, outputs, Kernel, 2, 1, output_padding: 1);
    }

    /// <summary>Images <c>[N, C, H, W]</c> from −1 to 1 to images of the same shape; H and W are multiples of 4 from 8 on.</summary>
    public override TracedTensor forward(TracedTensor input)
    {
        var x = edge.call(input);                                                               // [N, C, H + 6, W + 6]
        for (var i = 0; i < downs.Count; i++)
            x = downNorms[i].call(downs[i].call(x)).relu();                                     // [N, W, H, W], at last [N, 4·W, H/4, W/4]
        for (var i = 0; i < blocks.Count; i++)
            x = blocks[i].call(x);
        for (var i = 0; i < ups.Count; i++)
            x = upNorms[i].call(ups[i].call(_resizes ? x.upsample_nearest2d(2) : x)).relu();    // at last [N, W, H, W]
        return last.call(edge.call(x)).tanh();                                                  // [N, C, H, W]
    }

    private sealed class Block : TracedModule
    {
        private readonly ReflectionPad2d edge = ReflectionPad2d(1);
        private readonly Conv2d first, second;
        private readonly InstanceNorm2d firstNorm, secondNorm;

        public Block(int width) : base(nameof(Block))
        {
            (first, second) = (Conv2d(width, width, Kernel), Conv2d(width, width, Kernel));
            (firstNorm, secondNorm) = (InstanceNorm2d(width), InstanceNorm2d(width));
            RegisterComponents();
        }

        public override TracedTensor forward(TracedTensor x)
        {
            var y = firstNorm.call(first.call(edge.call(x))).relu();
            return x + secondNorm.call(second.call(edge.call(y)));                              // [N, W, H, W], as it came
        }
    }
}
