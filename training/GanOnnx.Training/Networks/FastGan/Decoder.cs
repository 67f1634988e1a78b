using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.FastGan;

/// <summary>Makes small images of the discriminator's 8 × 8 features: <c>[N, C, 8, 8]</c> to <c>[N, 1|3, H, W]</c> from −1 to 1.</summary>
internal sealed class Decoder : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<UpBlock> blocks = [];
    private readonly Conv2d pixels;

    /// <param name="shape">What the discriminator is built from.</param>
    /// <param name="inputs">The features' channels.</param>
    /// <param name="size">The size of its images.</param>
    public Decoder(NetworkShape shape, int inputs, int size) : base(nameof(Decoder))
    {
        var unconditional = shape with { Condition = Conditioning.None };
        for (var current = FastDiscriminator.FeatureSize; current < size; current *= 2)
        {
            blocks.Add(new UpBlock(unconditional, inputs, shape.Width));
            inputs = shape.Width;
        }
        pixels = nn.Conv2d(inputs, shape.Channels, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor features)
    {
        TracedTensor x = features;
        foreach (var block in blocks)
            x = block.Up(x, labels: null);                                      // [N, W, 2·H, 2·W]
        return pixels.call(x).tanh().Tensor;
    }
}
