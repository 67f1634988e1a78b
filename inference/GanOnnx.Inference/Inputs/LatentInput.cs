using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Inputs;

/// <summary>The latent, which every generator takes: drawn from the sample's seed, or brought by the caller.</summary>
internal sealed class LatentInput : ModelInput
{
    public const string Supported = "z float32 [N, Z] or [N, Z, 1, 1]";

    private LatentInput(TensorSpec tensor, LatentSampler sampler) : base(tensor) => Sampler = sampler;

    public LatentSampler Sampler { get; }

    /// <exception cref="ModelException">There is none, there are several, or its length isn't known.</exception>
    public static LatentInput Recognise(Signature signature)
    {
        var (path, metadata) = (signature.Path, signature.Metadata);
        var tensor = signature.Take(IsLatent) ?? throw Errors.NoLatentInput(path, signature.Inputs);
        if (signature.Left.Any(t => IsLatent(t)))
            throw Errors.AmbiguousInputs(path, [tensor, .. signature.Left.Where(IsLatent)]);

        var length = tensor.Axes[1].Length;
        if (metadata?.Latent is { } latent && length is { } found && latent.Size != found)
            throw Errors.Contradiction(path, $"the latent has {latent.Size} values", $"has {tensor}");
        var size = length ?? metadata?.Latent?.Size ?? throw Errors.UnknownLatentSize(path, tensor);
        long[] row = tensor.Axes.Count == 2 ? [size] : [size, 1, 1];
        return new(new(tensor.Name, TensorElementType.Float, row), new(size, metadata?.Latent?.Distribution ?? signature.Options.Latent));
    }

    public override void Check(ModelDescription model, in Sample sample)
    {
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        var rows = tensors[First].Values<float>(row, count);
        for (var i = 0; i < count; i++, rows = rows[Sampler.Size..])
        {
            var given = images.Latent(first + i);
            if (given.IsEmpty)
            {
                var sample = images[first + i];
                Sampler.Fill(sample.Seed, sample.Index, rows[..Sampler.Size]);
            }
            else
            {
                given.CopyTo(rows);
            }
        }
    }

    private static bool IsLatent(TensorDescription t) =>
        t.Type == "float32" && t.Name != StyleMixInput.LatentName
        && (t.Axes.Count == 2 || (t.Axes.Count == 4 && t.Axes[2].Length == 1 && t.Axes[3].Length == 1));
}
