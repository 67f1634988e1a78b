namespace GanOnnx.Inference.Internals;

/// <summary>
/// The buffers of one run: pinned, so that ONNX Runtime reads them in place, and kept from run to run. One thread at a
/// time has a batch.
/// </summary>
internal sealed class Batch(int size, int latentSize)
{
    private float[]? _scratch;

    /// <summary><c>[size, Z]</c></summary>
    public float[] Latents { get; } = GC.AllocateArray<float>(size * latentSize, pinned: true);

    /// <summary><c>[size]</c></summary>
    public long[] Labels { get; } = GC.AllocateArray<long>(size, pinned: true);

    /// <summary><c>[size]</c></summary>
    public float[] Truncation { get; } = GC.AllocateArray<float>(size, pinned: true);

    /// <summary>Somewhere to write a padded batch's images.</summary>
    public float[] Scratch(int imageLength) =>
        _scratch ??= GC.AllocateUninitializedArray<float>(checked(size * imageLength), pinned: true);

    /// <summary>Makes rows <paramref name="count"/> to <paramref name="padded"/> zeros, which any model accepts.</summary>
    public void Pad(int count, int padded)
    {
        Latents.AsSpan(count * latentSize, (padded - count) * latentSize).Clear();
        Labels.AsSpan(count, padded - count).Clear();
        Truncation.AsSpan(count, padded - count).Clear();
    }

    /// <summary>The padded length of a batch: the power of two from <paramref name="count"/> up, at most the batch size.</summary>
    public int PaddedLength(int count) => (int)Math.Min((uint)size, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count));
}
