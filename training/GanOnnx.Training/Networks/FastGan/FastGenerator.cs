using GanOnnx.Export;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks.FastGan;

/// <summary>Doubles the latent's 4 × 4 features up to the image; features of 4, 8 and 16 pixels gate those of 16 times as many.</summary>
internal sealed class FastGenerator : GeneratorNetwork
{
    // Four blocks make 16 times the size.
    private const int First = FastGan.SmallestSize, SkippedBlocks = 4, SkippedScale = 1 << SkippedBlocks;

    private readonly LabelledLatent latent;
    private readonly Linear project;
    private readonly GeneratorNorm norm;
    private readonly GLU gate;
    private readonly ModuleList<UpBlock> blocks = [];
    private readonly ModuleList<SkipExcitation> excitations = [];
    private readonly Conv2d pixels;
    private readonly int _channels;

    public FastGenerator(NetworkShape shape) : base(nameof(FastGenerator), shape)
    {
        // The gate takes half of the channels.
        _channels = 2 * FastGan.ChannelsAt(shape, First);
        latent = new LabelledLatent(shape);
        project = Linear(latent.Size, _channels * First * First, hasBias: false);
        norm = new GeneratorNorm(shape, _channels);
        gate = GLU(1);
        for (var size = First; size < shape.Size; size *= 2)
        {
            blocks.Add(new UpBlock(shape, FastGan.ChannelsAt(shape, size), FastGan.ChannelsAt(shape, size * 2)));
            if (size * SkippedScale <= shape.Size)
                excitations.Add(new SkipExcitation(size, FastGan.ChannelsAt(shape, size), FastGan.ChannelsAt(shape, size * SkippedScale)));
        }
        pixels = Conv2d(shape.Width, shape.Channels, 3, padding: 1);
        RegisterComponents();
    }

    public override TracedTensor Images(TracedTensor latents, TracedTensor? labels)
    {
        var x = project.call(latent.Join(latents, labels)).reshape(-1, _channels, First, First);    // [N, 2·C, 4, 4]
        x = gate.call(norm.Normalize(x, labels));                                                   // [N, C, 4, 4]
        List<TracedTensor> features = [x];
        foreach (var block in blocks)
        {
            x = block.Up(x, labels);                                                                // [N, C', 2·H, 2·W]
            // 4 → 64, 8 → 128, 16 → 256; the first features were before the first block
            if (features.Count - SkippedBlocks is var low and >= 0)
                x = excitations[low].call(features[low], x);
            features.Add(x);
        }
        return pixels.call(x).tanh();                                                               // [N, 1|3, H, W]
    }
}
