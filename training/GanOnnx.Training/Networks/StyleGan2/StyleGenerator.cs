using GanOnnx.Export;
using GanOnnx.Inference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.StyleGan2;

/// <summary>
/// The style-based generator with skip connections. Besides latents and labels, its model file takes for each image how far its
/// style is pulled to the mean (<c>truncation</c>), and a second latent whose style the layers from a given one on have
/// (<c>style_mix</c>, <c>style_mix_from</c>).
/// </summary>
internal sealed class StyleGenerator : GeneratorNetwork, IIntermediateLatents
{
    private const int SmallestSize = 4;

    private readonly MappingNetwork mapping;
    private readonly Parameter first;
    private readonly ModuleList<StyledLayer> layers = [];
    private readonly ModuleList<ImageLayer> images = [];

    public StyleGenerator(NetworkShape shape) : base(nameof(StyleGenerator), shape)
    {
        mapping = new MappingNetwork(shape);
        first = nn.Parameter(zeros(1, StyleGan2.ChannelsAt(shape, SmallestSize), SmallestSize, SmallestSize));
        for (var size = SmallestSize; size <= shape.Size; size *= 2)
        {
            var channels = StyleGan2.ChannelsAt(shape, size);
            if (size > SmallestSize)
                layers.Add(new StyledLayer(StyleGan2.ChannelsAt(shape, size / 2), channels, size, shape.LatentSize, up: true));
            layers.Add(new StyledLayer(channels, channels, size, shape.LatentSize, up: false));
            images.Add(new ImageLayer(channels, shape.Channels, shape.LatentSize, up: size > SmallestSize));
        }
        RegisterComponents();
    }

    /// <summary>How many layers have a style of their own (L).</summary>
    public int Layers => layers.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor Example)> Inputs()
    {
        var inputs = base.Inputs();
        var count = inputs[0].Example.shape[0];
        return [.. inputs, ("truncation", ones(count)), ("style_mix", zeros(count, Shape.LatentSize)),
            ("style_mix_from", full(count, (float)Layers))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs)
    {
        var labels = Shape.IsConditional ? inputs[1] : null;
        var (truncation, mix, from) = (inputs[^3], inputs[^2], inputs[^1]);
        var style = mapping.Truncate(mapping.Styles(inputs[0], labels), truncation);
        var mixed = mapping.Truncate(mapping.Styles(mix, labels), truncation);
        return [Synthesize(layer =>
        {
            // [N, 1]: 1 below style_mix_from, 0 from there on
            var kept = (from - layer).clamp(0, 1).unsqueeze(1);
            return mixed + kept * (style - mixed);
        })];
    }

    /// <inheritdoc/>
    public override TracedTensor Images(TracedTensor latents, TracedTensor? labels)
    {
        var style = mapping.Styles(latents, labels);
        if (!training)
            return Synthesize(_ => style);
        mapping.Observe(style.Tensor);
        if (Shape[StyleGan2.StyleMixing] <= 0)
            return Synthesize(_ => style);

        // Mixing regularization (Karras et al. 2019, section 3.1): some images get another latent's style from some layer on.
        var n = latents.shape[0];
        var mixed = mapping.Styles(randn(latents.shape, device: latents.Tensor.device), labels);
        var crossing = randint(1, Layers, [n], device: latents.Tensor.device);
        var never = rand([n], device: latents.Tensor.device).ge(Shape[StyleGan2.StyleMixing]);
        var from = crossing.masked_fill(never, Layers).unsqueeze(1);                            // [N, 1]
        return Synthesize(layer => style.Tensor.where(from.gt(layer), mixed.Tensor));
    }

    /// <inheritdoc/>
    public (Tensor Images, Tensor Styles) GenerateWithStyles(Tensor latents, Tensor? labels)
    {
        var style = mapping.Styles(latents, labels is null ? null : (TracedTensor)labels).Tensor;
        var styles = style.unsqueeze(1).repeat(1, Layers, 1);
        return (Synthesize(layer => styles.select(1, layer)).Tensor, styles);
    }

    private TracedTensor Synthesize(Func<int, TracedTensor> style)
    {
        // [1, C, 4, 4], [N, …] after the first layer's styles
        TracedTensor x = first;
        TracedTensor? image = null;
        for (var layer = 0; layer < layers.Count; layer++)
        {
            x = layers[layer].call(x, style(layer));                                            // [N, C, H, W]
            if (layer % 2 == 0)
                image = images[layer / 2].Add(image, x, style(Math.Min(layer + 1, Layers - 1)));
        }
        return image!;                                                                          // [N, 1|3, H, W]
    }

    /// <inheritdoc/>
    protected override (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
        StyleGan2.FirstWeight(owner, weightName, weight);

    /// <summary>Draws the first weights, and the noise that the trained network always uses.</summary>
    internal override void DrawWeights(ulong seed)
    {
        base.DrawWeights(seed);
        for (var i = 0; i < layers.Count; i++)
            InitialWeights.Fill(layers[i].Noise, new RandomStream(seed, RandomStreams.FixedNoise), (ulong)i, 0, 1);
    }
}
