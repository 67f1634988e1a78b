using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Inputs;

/// <summary>A second latent, and the layer from which on its style counts; see <see cref="StyleMix"/>.</summary>
internal sealed class StyleMixInput : ModelInput
{
    public const string Supported = $"{LatentName} float32 [N, Z] with {LayerName} float32 [N]";

    public const string LatentName = "style_mix";

    private const string LayerName = "style_mix_from";

    // Above the layers of any network, and float16, in which the model may compute, holds it exactly.
    private const float BeyondAllLayers = 1024;

    private readonly LatentInput _own;

    private StyleMixInput(IReadOnlyList<TensorSpec> tensors, LatentInput own) : base(tensors) => _own = own;

    /// <exception cref="ModelException">Its latent has another length than the model's own.</exception>
    public static StyleMixInput Recognise(Signature signature, LatentInput own)
    {
        if (!signature.Left.Any(IsLatent) || signature.Take(IsLayer) is not { } from)
            return new([], own);

        var (latent, size) = (signature.Take(IsLatent)!, own.Sampler.Size);
        return latent.Axes[1].Length is null || latent.Axes[1].Length == size
            ? new([new(latent.Name, TensorElementType.Float, [size]), new(from.Name, TensorElementType.Float, [])], own)
            : throw Errors.OtherStyleSize(signature.Path, latent, size);
    }

    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.StyleMix is not null && !IsTaken)
            throw Errors.NoStyleMixing(model.Path);
        if (sample.StyleMix is { FromLayer: < 0 and var layer })
            throw Errors.WrongLayer(layer);
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        var size = _own.Sampler.Size;
        var latents = tensors[_own.First].Values<float>(row, count);
        var styles = tensors[First].Values<float>(row, count);
        var layers = tensors[First + 1].Values<float>(row, count);
        for (var i = 0; i < count; i++)
        {
            var style = styles.Slice(i * size, size);
            var mix = images[first + i].StyleMix;
            layers[i] = Math.Min(mix?.FromLayer ?? BeyondAllLayers, BeyondAllLayers);
            // Without mixing both styles are the image's own: whatever a network does with them, it is their style to the bit.
            if (mix is { } other)
                _own.Sampler.Fill(other.Seed, other.Index, style);
            else
                latents.Slice(i * size, size).CopyTo(style);
        }
    }

    private static bool IsLatent(TensorDescription t) => t is { Name: LatentName, Type: "float32", Axes.Count: 2 };

    private static bool IsLayer(TensorDescription t) => t is { Name: LayerName, Type: "float32", Axes.Count: 1 };
}
