namespace GanOnnx.ML.Generating;

/// <summary>
/// A random order of the numbers below <c>count</c> that takes no memory: a Feistel network of four rounds over the
/// smallest even number of bits that holds them, applied again to results that are too large.
/// </summary>
internal sealed class Permutation
{
    private readonly long _count;
    private readonly int _half;
    private readonly uint[] _keys;

    public Permutation(long count, Random random)
    {
        _count = count;
        _half = Math.Max(1, (64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(1, count - 1)) + 1) / 2);
        _keys = [.. Enumerable.Range(0, 4).Select(_ => (uint)random.Next() << 1 ^ (uint)random.Next())];
    }

    public long this[long i]
    {
        get
        {
            do
                i = Network(i);
            while (i >= _count);
            return i;
        }
    }

    private long Network(long i)
    {
        var mask = (1ul << _half) - 1;
        var (left, right) = ((ulong)i >> _half, (ulong)i & mask);
        foreach (var key in _keys)
            (left, right) = (right, left ^ (Mix(right ^ (ulong)key << 32) & mask));
        return (long)(left << _half | right);
    }

    // The finalizer of SplitMix64: every bit of the result depends on every bit of the value.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
