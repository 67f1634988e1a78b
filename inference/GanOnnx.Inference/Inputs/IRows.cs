namespace GanOnnx.Inference.Inputs;

/// <summary>What a call's images are made from, an image a row. Structs, so that a call makes no garbage.</summary>
internal interface IRows
{
    /// <summary>What was asked for.</summary>
    Sample this[int image] { get; }

    /// <summary>The image's latent where the caller brings it; empty where it is drawn from the sample's seed.</summary>
    ReadOnlySpan<float> Latent(int image);
}

/// <summary>An image and those of its seed that follow it.</summary>
internal readonly record struct SeedRows(Sample Start) : IRows
{
    public Sample this[int image] => Start with { Index = Start.Index + (ulong)image };

    public ReadOnlySpan<float> Latent(int image) => default;
}

/// <summary>Images one by one chosen, and the truncation of those that have none of their own.</summary>
internal readonly record struct SampleRows(ReadOnlyMemory<Sample> Samples, float? Truncation) : IRows
{
    public Sample this[int image]
    {
        get
        {
            ref readonly var sample = ref Samples.Span[image];
            return sample.Truncation is null ? sample with { Truncation = Truncation } : sample;
        }
    }

    public ReadOnlySpan<float> Latent(int image) => default;
}

/// <summary>Images of given latents, with labels where each has its own, and what else is asked for all of them.</summary>
internal readonly record struct LatentRows(ReadOnlyMemory<float> Latents, ReadOnlyMemory<int> Labels, Sample Asked, int Size) : IRows
{
    public Sample this[int image] => Labels.IsEmpty ? Asked : Asked with { Label = Labels.Span[image] };

    public ReadOnlySpan<float> Latent(int image) => Latents.Span.Slice(image * Size, Size);
}
