using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks.StyleGan2;

/// <summary>The residual discriminator with minibatch standard deviation.</summary>
internal sealed class StyleDiscriminator : DiscriminatorNetwork
{
    private const int SmallestSize = 4;
    private const double LeakySlope = 0.2;

    private readonly EqualizedConv2d pixels;
    private readonly ModuleList<DownBlock> blocks = [];
    private readonly MinibatchStandardDeviation deviation = new();
    private readonly EqualizedConv2d last;
    private readonly EqualizedLinear features;
    private readonly DiscriminatorHead head;

    public StyleDiscriminator(NetworkShape shape) : base(nameof(StyleDiscriminator), shape)
    {
        pixels = new EqualizedConv2d(shape.Channels, StyleGan2.ChannelsAt(shape, shape.Size), 1);
        for (var size = shape.Size; size > SmallestSize; size /= 2)
            blocks.Add(new DownBlock(StyleGan2.ChannelsAt(shape, size), StyleGan2.ChannelsAt(shape, size / 2)));
        var channels = StyleGan2.ChannelsAt(shape, SmallestSize);
        last = new EqualizedConv2d(channels + 1, channels, 3, padding: 1);
        features = new EqualizedLinear(channels * SmallestSize * SmallestSize, channels);
        head = new DiscriminatorHead(shape, channels, inputs => new EqualizedLinear(inputs, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor images, Tensor? labels)
    {
        var x = Activate(pixels.call(images));                                                  // [N, W, H, W]
        foreach (var block in blocks)
            x = block.call(x);                                                                  // at last [N, C, 4, 4]
        x = Activate(last.call(deviation.call(x)));                                             // [N, C, 4, 4]
        x = Activate(features.call(x.flatten(1)));                                              // [N, C]
        return head.Score(x, labels);                                                           // [N]
    }

    /// <inheritdoc/>
    protected override (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
        StyleGan2.FirstWeight(owner, weightName, weight);

    private static Tensor Activate(Tensor x) => functional.leaky_relu(x, LeakySlope) * Math.Sqrt(2);

    /// <summary><c>[N, C, H, W]</c> to <c>[N, C', H/2, W/2]</c>.</summary>
    private sealed class DownBlock : nn.Module<Tensor, Tensor>
    {
        private readonly EqualizedConv2d conv1, conv2, skip;
        private readonly Blur blur, blurSkip;

        public DownBlock(int inputs, int outputs) : base(nameof(DownBlock))
        {
            conv1 = new EqualizedConv2d(inputs, inputs, 3, padding: 1);
            blur = new Blur(inputs, stride: 1, padding: 2);
            conv2 = new EqualizedConv2d(inputs, outputs, 3, stride: 2);
            blurSkip = new Blur(inputs, stride: 2, padding: 1);
            skip = new EqualizedConv2d(inputs, outputs, 1, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var y = blur.call(Activate(conv1.call(x)));                                         // [N, C, H + 1, W + 1]
            y = Activate(conv2.call(y));                                                        // [N, C', H/2, W/2]
            return (y + skip.call(blurSkip.call(x))) / Math.Sqrt(2);
        }
    }
}
