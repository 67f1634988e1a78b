using Microsoft.ML.Data;

namespace GanOnnx.ML.Tests.Fixtures;

/// <summary>A row that brings its latent, and columns that only pass through.</summary>
internal sealed class LatentRow
{
    [VectorType(TestModels.LatentSize)]
    public float[] Latent { get; set; } = [];

    public string Name { get; set; } = "";

    public int Number { get; set; }

    [VectorType(2)]
    public double[] Pair { get; set; } = [];

    public static LatentRow[] Create(int count, ulong seed = 7)
    {
        var sampler = new LatentSampler(TestModels.LatentSize);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var latent = new float[TestModels.LatentSize];
            sampler.Fill(seed, (ulong)i, latent);
            return new LatentRow { Latent = latent, Name = $"row {i}", Number = i, Pair = [i, -i] };
        })];
    }
}

/// <summary>A row that brings a seed.</summary>
internal sealed class SeedRow
{
    public ulong Seed { get; set; }

    public string Class { get; set; } = "";

    public long Label { get; set; }
}

internal sealed class ImageRow
{
    public float[] Image { get; set; } = [];
}

internal sealed class NamedImageRow
{
    public string Name { get; set; } = "";

    public int Number { get; set; }

    public double[] Pair { get; set; } = [];

    public float[] Image { get; set; } = [];
}

internal sealed class ByteImageRow
{
    public byte[] Image { get; set; } = [];
}

/// <summary>A row of the data source.</summary>
internal sealed class GeneratedRow
{
    public ulong Index { get; set; }

    public string Label { get; set; } = "";

    public float[] Image { get; set; } = [];
}
