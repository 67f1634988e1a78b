namespace GanOnnx.Inference.Internals;

/// <summary>
/// The buffers of one run: pinned, so that ONNX Runtime reads them in place, and kept from run to run. One thread at a
/// time has a batch. Rows beyond the ones filled hold what an earlier run left or zeros: inputs the model accepts.
/// </summary>
internal sealed class Batch(int size, int latentSize)
{
    private float[]? _scratch;
    private byte[]? _bytes;

    /// <summary><c>[size, Z]</c></summary>
    public float[] Latents { get; } = GC.AllocateArray<float>(size * latentSize, pinned: true);

    /// <summary><c>[size]</c></summary>
    public long[] Labels { get; } = GC.AllocateArray<long>(size, pinned: true);

    /// <summary><c>[size]</c></summary>
    public float[] Truncation { get; } = GC.AllocateArray<float>(size, pinned: true);

    /// <summary>Somewhere to write a padded batch's images.</summary>
    public float[] Scratch(int imageLength) =>
        _scratch ??= GC.AllocateUninitializedArray<float>(checked(size * imageLength), pinned: true);

    /// <summary>Somewhere for a graph to write images as bytes.</summary>
    public byte[] Bytes(int imageLength) =>
        _bytes ??= GC.AllocateUninitializedArray<byte>(checked(size * imageLength), pinned: true);

    /// <summary>The padded length of <paramref name="count"/> rows: a power of two, at most the batch size.</summary>
    public int PaddedLength(int count) => (int)Math.Min((uint)size, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count));
}
