using GanOnnx.Training.Networks.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks.FastGan;

/// <summary>
/// Judges patches of the image and of a shrunk one. The score is the mean of the patches': as it is linear in their features, these
/// are averaged before. Two decoders make the image again from its features, where that is asked for.
/// </summary>
internal sealed class FastDiscriminator : DiscriminatorNetwork, IReconstructs
{
    /// <summary>The size of the last features, of which patches are judged and decoders begin.</summary>
    public const int FeatureSize = 8;

    private const int ShrunkSize = 32, PatchKernel = 4;

    private readonly LabelledImage image;
    private readonly ConvLayer first, patches, shrunkFirst, shrunkPatches;
    private readonly ModuleList<DownBlock> blocks = [];
    private readonly DownBlock shrunkBlock;
    private readonly DiscriminatorHead head;
    private readonly Decoder? whole, quarter;

    public FastDiscriminator(NetworkShape shape) : base(nameof(FastDiscriminator), shape)
    {
        int ChannelsAt(int size) => FastGan.ChannelsAt(shape, size);
        image = new LabelledImage(shape);
        first = ConvLayer.Down(shape, image.Channels, ChannelsAt(shape.Size / 2), first: true);
        for (var size = shape.Size / 2; size > FeatureSize; size /= 2)
            blocks.Add(new DownBlock(shape, ChannelsAt(size), ChannelsAt(size / 2)));
        var channels = ChannelsAt(FeatureSize);
        patches = new ConvLayer(shape, channels, channels, PatchKernel);

        var narrow = 2 * shape.Width;
        shrunkFirst = ConvLayer.Down(shape, image.Channels, narrow, first: true);
        shrunkBlock = new DownBlock(shape, narrow, narrow);
        shrunkPatches = new ConvLayer(shape, narrow, narrow, PatchKernel);

        head = new DiscriminatorHead(shape, channels + narrow, features => new DiscriminatorLayers(shape).Linear(features, 1));
        if (shape.Decoders)
            (whole, quarter) = (new Decoder(shape, channels, shape.Size / 2),
                new Decoder(shape, ChannelsAt(2 * FeatureSize), shape.Size / 2));
        RegisterComponents();
    }

    public override Tensor forward(Tensor images, Tensor? labels) => ScoreWithFeatures(images, labels).Scores;

    /// <inheritdoc/>
    public (Tensor Scores, IReadOnlyList<Tensor> Features) ScoreWithFeatures(Tensor images, Tensor? labels)
    {
        var seen = image.Join(images, labels);
        List<Tensor> features = [first.call(seen)];                                             // [N, C, H/2, W/2]
        foreach (var block in blocks)
            features.Add(block.call(features[^1]));                                             // at last [N, C, 8, 8]
        var judged = patches.call(features[^1]).mean([2L, 3L]);                                 // [N, C], of 5 × 5 patches

        var shrunk = shrunkFirst.call(functional.avg_pool2d(seen, Shape.Size / ShrunkSize));    // [N, C', 16, 16]
        var judgedShrunk = shrunkPatches.call(shrunkBlock.call(shrunk)).mean([2L, 3L]);         // [N, C']
        return (head.Score(cat([judged, judgedShrunk], 1), labels), features[^2..]);
    }

    /// <inheritdoc/>
    public (Tensor Whole, Tensor Quarter) Reconstruct(IReadOnlyList<Tensor> features, int part)
    {
        if (whole is null || quarter is null)
            throw new InvalidOperationException($"This discriminator was built without {nameof(NetworkShape.Decoders)}.");
        return (whole.call(features[1]), quarter.call(Quarters.Of(features[0], part)));         // both [N, 1|3, H/2, W/2]
    }
}
