using System.Buffers;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Inputs;

/// <summary>The latent, which every generator takes: drawn from the sample's seed, or brought by the caller.</summary>
internal sealed class LatentInput : ModelInput
{
    public const string Supported = "z float32 or float16 [N, Z], [N, Z, 1, 1] or [N, L, W], z_content [N, Z] with z_motion [N, T, M]";

    private const string Content = "z_content", Motion = "z_motion";

    private LatentInput(LatentSampler sampler, params IReadOnlyList<TensorSpec> tensors) : base(tensors) => Sampler = sampler;

    public LatentSampler Sampler { get; }

    /// <summary>How many of its values are in the first tensor.</summary>
    public int ContentSize => Tensors[0].RowLength;

    /// <exception cref="ModelException">There is none, there are several, or its length isn't known.</exception>
    public static LatentInput Recognise(UntakenInputs inputs)
    {
        var (path, metadata) = (inputs.Path, inputs.Metadata);
        if (inputs.Left.Any(t => t.Name == Motion))
            return OfClips(inputs);
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
        return new(new(size, metadata?.Latent?.Distribution ?? inputs.Options.Latent),
            new TensorSpec(tensor.Name, tensor.ElementType()!.Value, row));
    }

    // One latent of the values of both inputs, those of the content first.
    private static LatentInput OfClips(UntakenInputs inputs)
    {
        var (path, metadata) = (inputs.Path, inputs.Metadata);
        var content = inputs.Take(t => t is { Name: Content, Type: "float32" or "float16", Axes: [_, { Length: > 0 }] });
        var motion = inputs.Take(t => t is { Name: Motion, Type: "float32" or "float16", Axes: [_, { Length: > 0 }, { Length: > 0 }] });
        if (content is null || motion is null)
            throw Errors.NoLatentInput(path, inputs.Inputs);
        long[] frames = [motion.Axes[1].Length!.Value, motion.Axes[2].Length!.Value];
        var size = content.Axes[1].Length!.Value + (Int128)frames[0] * frames[1];
        if (size > int.MaxValue)
            throw Errors.NoLatentInput(path, inputs.Inputs);
        if (metadata?.Latent is { } latent && latent.Size != size)
            throw Errors.Contradiction(path, $"the latent has {latent.Size} values", $"has {content} and {motion}");
        return new(new((int)size, metadata?.Latent?.Distribution ?? inputs.Options.Latent),
            new TensorSpec(content.Name, content.ElementType()!.Value, [content.Axes[1].Length!.Value]),
            new TensorSpec(motion.Name, motion.ElementType()!.Value, frames));
    }

    public override void Check(ModelDescription model, in Sample sample)
    {
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var given = images.Latent(first + i);
            if (Tensors.Count > 1)
                FillBoth(tensors, row + i, given, images[first + i]);
            else if (given.IsEmpty)
                Draw(images[first + i].Seed, images[first + i].Index, tensors[First], row + i);
            else
                tensors[First].Put(row + i, given);
        }
    }

    private void FillBoth(ReadOnlySpan<TensorBuffer> tensors, int row, ReadOnlySpan<float> given, in Sample sample)
    {
        var latent = ArrayPool<float>.Shared.Rent(Sampler.Size);
        var values = latent.AsSpan(0, Sampler.Size);
        if (given.IsEmpty)
            Sampler.Fill(sample.Seed, sample.Index, values);
        else
            given.CopyTo(values);
        tensors[First].Put(row, values[..ContentSize]);
        tensors[First + 1].Put(row, values[ContentSize..]);
        ArrayPool<float>.Shared.Return(latent);
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
