using System.Buffers;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Inputs;

/// <summary>The latent, which every generator takes: drawn from the sample's seed, or brought by the caller.</summary>
internal sealed class LatentInput : ModelInput
{
    public const string Supported = "z float32 or float16 [N, Z], [N, Z, 1, 1] or [N, L, W]";

    private LatentInput(TensorSpec tensor, LatentSampler sampler) : base(tensor) => Sampler = sampler;

    public LatentSampler Sampler { get; }

    /// <exception cref="ModelException">There is none, there are several, or its length isn't known.</exception>
    public static LatentInput Recognise(UntakenInputs inputs)
    {
        var (path, metadata) = (inputs.Path, inputs.Metadata);
        var tensor = inputs.Take(IsLatent) ?? throw Errors.NoLatentInput(path, inputs.Inputs);
        if (inputs.Left.Any(t => IsLatent(t)))
            throw Errors.AmbiguousInputs(path, [tensor, .. inputs.Left.Where(IsLatent)]);

        // A latent for each layer (w+) is one of all their values.
        var length = tensor.Axes.Count == 3 ? (int?)(tensor.Axes[1].Length * (long?)tensor.Axes[2].Length) : tensor.Axes[1].Length;
        if (metadata?.Latent is { } latent && length is { } found && latent.Size != found)
            throw Errors.Contradiction(path, $"the latent has {latent.Size} values", $"has {tensor}");
        var size = length is > 0 ? length.Value : metadata?.Latent?.Size ?? throw Errors.UnknownLatentSize(path, tensor);
        long[] row = tensor.Axes.Count switch
        {
            2 => [size],
            3 => [tensor.Axes[1].Length!.Value, tensor.Axes[2].Length!.Value],
            _ => [size, 1, 1],
        };
        return new(new(tensor.Name, tensor.ElementType()!.Value, row), new(size, metadata?.Latent?.Distribution ?? inputs.Options.Latent));
    }

    public override void Check(ModelDescription model, in Sample sample)
    {
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var given = images.Latent(first + i);
            if (given.IsEmpty)
                Draw(images[first + i].Seed, images[first + i].Index, tensors[First], row + i);
            else
                tensors[First].Put(row + i, given);
        }
    }

    /// <summary>Draws a latent into a row.</summary>
    public void Draw(ulong seed, ulong index, TensorBuffer tensor, int row)
    {
        if (tensor.Spec.Type == TensorElementType.Float)
        {
            Sampler.Fill(seed, index, tensor.Values<float>(row, 1));
            return;
        }

        var latent = ArrayPool<float>.Shared.Rent(Sampler.Size);
        Sampler.Fill(seed, index, latent.AsSpan(0, Sampler.Size));
        tensor.Put(row, latent.AsSpan(0, Sampler.Size));
        ArrayPool<float>.Shared.Return(latent);
    }

    private static bool IsLatent(TensorDescription t) =>
        t.Type is "float32" or "float16" && t.Name != StyleMixInput.LatentName
        && (t.Axes.Count == 2 || (t.Axes is [_, { Length: { } layers }, { Length: { } width }] && layers != width && t.Name != "image")
            || (t.Axes.Count == 4 && t.Axes[2].Length == 1 && t.Axes[3].Length == 1));
}
