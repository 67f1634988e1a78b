using GanOnnx.Data;
using GanOnnx.Imaging;

namespace GanOnnx.Evaluation;

/// <summary>Images of one size, numbered, that can be had again at any time: of a data source, or of a model.</summary>
internal abstract class ImageSet : IDisposable
{
    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>Height and width in pixels.</summary>
    public abstract int Size { get; }

    /// <summary>1 or 3.</summary>
    public abstract int Channels { get; }

    /// <summary>Bytes per image.</summary>
    public int Length => Size * Size * Channels;

    /// <summary>The class of an image, or −1.</summary>
    public abstract int LabelOf(int image);

    /// <summary>What people call an image.</summary>
    public abstract string NameOf(int image);

    /// <summary>Reads some that follow one another, as bytes <c>[H, W, C]</c>; false in place of one that can't be decoded.</summary>
    public abstract bool[] Read(int first, int count, Span<byte> pixels, CancellationToken stop);

    public abstract void Dispose();
}

/// <summary>Some images of a data source.</summary>
internal sealed class SourceImages(IImageSource source, int[] chosen, int size, int channels) : ImageSet
{
    public override int Count => chosen.Length;

    public override int Size => size;

    public override int Channels => channels;

    public override int LabelOf(int image) => source.LabelOf(chosen[image]);

    public override string NameOf(int image) => source.NameOf(chosen[image]);

    public override bool[] Read(int first, int count, Span<byte> pixels, CancellationToken stop)
    {
        var read = new byte[]?[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = stop }, i =>
        {
            try
            {
                read[i] = source.Read(chosen[first + i], size, channels);
            }
            catch (ImageException)
            {
                // Left out, and counted.
            }
        });
        for (var i = 0; i < count; i++)
            read[i]?.CopyTo(pixels[(i * Length)..]);
        return Array.ConvertAll(read, image => image is not null);
    }

    public override void Dispose()
    {
        // The source is whose it was.
    }
}

/// <summary>Noise: every byte by itself, the far end of every scale.</summary>
internal sealed class NoiseImages(int count, int size, int channels) : ImageSet
{
    private const uint NoiseStream = 332;

    public override int Count => count;

    public override int Size => size;

    public override int Channels => channels;

    public override int LabelOf(int image) => -1;

    public override string NameOf(int image) => $"noise {image}";

    public override bool[] Read(int first, int count, Span<byte> pixels, CancellationToken stop)
    {
        var values = new float[Length];
        for (var i = 0; i < count; i++)
        {
            new Inference.RandomStream(0, NoiseStream).FillUniform((ulong)(first + i), values);
            for (var p = 0; p < Length; p++)
                pixels[i * Length + p] = (byte)Math.Min(255, (values[p] + 1) * 128);
        }
        return [.. Enumerable.Repeat(true, count)];
    }

    public override void Dispose()
    {
    }
}
