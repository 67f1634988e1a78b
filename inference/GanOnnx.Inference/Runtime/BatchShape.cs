using System.Numerics;

namespace GanOnnx.Inference.Runtime;

/// <summary>What a batch consists of, and which numbers of rows the model is run with.</summary>
/// <param name="Inputs">What is filled in.</param>
/// <param name="Output">What is made.</param>
/// <param name="Size">The most rows.</param>
/// <param name="IsFixed">The model takes exactly that many.</param>
/// <param name="IsPadded">Only powers of two and the most are used.</param>
internal sealed record BatchShape(IReadOnlyList<TensorSpec> Inputs, TensorSpec Output, int Size, bool IsFixed, bool IsPadded)
{
    private const int LargestOnCpu = 16, LargestOnGpu = 64;
    private const long MostBytesOnCpu = 16 << 20, MostBytesOnGpu = 256 << 20;

    /// <summary>How many rows the model is run with for <paramref name="count"/> of them.</summary>
    public int Rows(int count) =>
        IsFixed ? Size : IsPadded ? (int)Math.Min((uint)Size, BitOperations.RoundUpToPowerOf2((uint)count)) : count;

    /// <summary>Rows per run where <paramref name="count"/> are to be shared by parallel runs.</summary>
    public int Share(int count, int runs) => IsFixed || IsPadded ? Size : Math.Min(Size, (count + runs - 1) / runs);

    public static BatchShape Create(
        string path, IReadOnlyList<TensorSpec> inputs, TensorSpec output, int? fixedSize, bool onGpu, ModelOptions options)
    {
        var rowBytes = Math.Max(inputs.Max(input => input.RowBytes), output.RowBytes);
        var (largest, mostBytes) = onGpu ? (LargestOnGpu, MostBytesOnGpu) : (LargestOnCpu, MostBytesOnCpu);
        // What all rows of a run share may differ from image to image.
        var most = inputs.Any(input => input.IsShared) ? 1 : options.BatchSize ?? (int)Math.Clamp(mostBytes / rowBytes, 1, largest);
        var size = fixedSize ?? most;
        if ((long)size * rowBytes > int.MaxValue)
            throw Errors.BatchTooLarge(path, size, fixedSize is not null, rowBytes, options);
        return new(inputs, output, size, fixedSize is not null, options.PadBatches ?? onGpu);
    }
}
