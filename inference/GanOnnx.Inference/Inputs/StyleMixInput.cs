using System.Globalization;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Inputs;

/// <summary>A second latent, and the layer from which on its style counts; see <see cref="StyleMix"/>.</summary>
internal sealed class StyleMixInput : ModelInput
{
    public const string Supported = $"{LatentName} float32 [N, Z] with {LayerName} float32 [N]";

    public const string LatentName = "style_mix";

    private const string LayerName = "style_mix_from";

    // Above the layers of any network, and float16, in which the model may compute, holds it exactly.
    public const int BeyondAllLayers = 1024;

    private readonly LatentInput _own;
    private Lazy<int>? _layers;

    private StyleMixInput(IReadOnlyList<TensorSpec> tensors, LatentInput own) : base(tensors) => _own = own;

    /// <summary>How many layers there are, which the model has to be run for.</summary>
    public int Layers => _layers!.Value;

    /// <exception cref="ModelException">Its latent has another length than the model's own.</exception>
    public static StyleMixInput Recognise(UntakenInputs inputs, LatentInput own)
    {
        if (!inputs.Left.Any(t => IsLatent(t, own)) || inputs.Take(IsLayer) is not { } from)
            return new([], own);

        var (latent, size) = (inputs.Take(t => IsLatent(t, own))!, own.Sampler.Size);
        return latent.Axes[1].Length is null || latent.Axes[1].Length == size
            ? new([new(latent.Name, latent.ElementType()!.Value, [size]), new(from.Name, from.ElementType()!.Value, [])], own)
            : throw Errors.OtherStyleSize(inputs.Path, latent, size);
    }

    public override string Name => "styleMix";

    public override Sample Read(ModelDescription model, in Sample sample, string text) => text.Split(':') is [var first, var last]
        && ulong.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? sample with { StyleMix = new(seed, layer) } : throw Errors.WrongStyleMix(text);

    public override string? Write(in Sample sample) => sample.StyleMix is { } mix
        ? string.Create(CultureInfo.InvariantCulture, $"{mix.Seed}:{mix.FromLayer}") : null;

    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.StyleMix is not null && (!IsTaken || Layers == 0))
            throw Errors.NoStyleMixing(model.Path);
        if (sample.StyleMix is { FromLayer: var layer } && (layer < 0 || layer >= Layers))
            throw Errors.WrongLayer(model.Path, layer, Layers);
    }

    /// <summary>Tells how to find out how many layers there are, for the first time that somebody wants to know.</summary>
    public void CountLayersWith(Func<int> count) => _layers = new(count);

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        var (latents, styles, layers) = (tensors[_own.First], tensors[First], tensors[First + 1]);
        for (var i = 0; i < count; i++)
        {
            var mix = images[first + i].StyleMix;
            layers.Put(row + i, 0, mix?.FromLayer ?? BeyondAllLayers);
            // Without mixing both styles are the image's own: whatever a network does with them, it is their style to the bit.
            if (mix is { } other)
                _own.Draw(other.Seed, other.Index, styles, row + i);
            else
                latents.Bytes(row + i, 1).CopyTo(styles.Bytes(row + i, 1));
        }
    }

    private static bool IsLatent(TensorDescription t, LatentInput own) =>
        t is { Name: LatentName, Axes.Count: 2 } && t.ElementType() == own.Tensors[0].Type;

    private static bool IsLayer(TensorDescription t) => t is { Name: LayerName, Type: "float32" or "float16", Axes.Count: 1 };
}
