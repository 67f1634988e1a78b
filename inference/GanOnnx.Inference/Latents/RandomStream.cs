using System.Diagnostics;
using System.Runtime.CompilerServices;
using GanOnnx.Inference.Latents;

namespace GanOnnx.Inference;

/// <summary>
/// Random numbers addressed by what they are for: a seed, a stream number and an index. The same address gives
/// the same numbers on every machine, whatever was drawn before, so work can be batched, split and resumed.
/// </summary>
/// <param name="Seed">The 64-bit seed.</param>
/// <param name="Number">What the numbers are for. 0 to 255 are this library's, see <see cref="Latents"/> and
/// <see cref="Labels"/>; training and applications take theirs from 256 up.</param>
/// <remarks>
/// The specification, for another language. All integers are unsigned.
/// <para>
/// <b>Words.</b> An index (64 bits: the image, the training step, the epoch) owns 2³⁴ random 32-bit words,
/// counted from 0. Word w is output w mod 4 of <see cref="Philox4x32"/> with the key
/// <c>(seed mod 2³², seed div 2³²)</c> and the counter
/// <c>(w div 4, stream number, index mod 2³², index div 2³²)</c>.
/// </para>
/// <para>
/// <b>Normal values</b>, by G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates",
/// 1958. Elements 2p and 2p + 1 come from words a = 2p and b = 2p + 1:
/// u = (a + 1) · 2⁻³², which lies in (0, 1]; r = √(−2 ln u); θ = 2π · (b · 2⁻³²), which lies in [0, 2π);
/// element 2p is r cos θ and element 2p + 1 is r sin θ. All in double precision, rounded to float at the end.
/// The largest magnitude is √(64 ln 2) ≈ 6.66. Mathematics libraries differ in the last bit of ln, sin and cos;
/// after rounding to float that shows about once in 10⁸ values, as one unit in the last place.
/// </para>
/// <para>
/// <b>Uniform values.</b> Element e comes from word x = e: (x + ½) · 2⁻³¹ − 1 in double precision, rounded to
/// float; it lies in [−1, 1].
/// </para>
/// <para>
/// <b>Integers below n</b>, by D. Lemire, "Fast random integer generation in an interval", 2019, without bias:
/// take the next word x; let m = x · n in 64 bits; while m mod 2³² is less than (2³² − n) mod n, take the next
/// word instead; the result is m div 2³².
/// </para>
/// <para>
/// <b>Shuffles</b> (Fisher and Yates, Durstenfeld's form): for i from the last place down to 1, draw j as an
/// integer below i + 1 and swap places i and j. Words are taken in order from word 0.
/// </para>
/// </remarks>
public readonly record struct RandomStream(ulong Seed, uint Number)
{
    /// <summary>The number of the stream latents are drawn from: 0. The index is the image.</summary>
    public const uint Latents = 0;

    /// <summary>The number of the stream labels are drawn from: 1. The index is the image.</summary>
    public const uint Labels = 1;

    /// <summary>Fills <paramref name="destination"/> with independent standard normal values.</summary>
    /// <param name="index">Which draw of this stream: the image, the step, …</param>
    /// <param name="destination">The values, element 0 first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Short programs would run it unoptimised, four times slower.
    public void FillNormal(ulong index, Span<float> destination)
    {
        for (var element = 0; element < destination.Length; element += 4)
        {
            var (x0, x1, x2, x3) = Block(index, (uint)element / 4);
            var (z0, z1) = BoxMuller(x0, x1);
            var (z2, z3) = BoxMuller(x2, x3);
            Store(destination[element..], z0, z1, z2, z3);
        }
    }

    /// <summary>Fills <paramref name="destination"/> with independent values uniform in [−1, 1].</summary>
    /// <inheritdoc cref="FillNormal"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillUniform(ulong index, Span<float> destination)
    {
        for (var element = 0; element < destination.Length; element += 4)
        {
            var (x0, x1, x2, x3) = Block(index, (uint)element / 4);
            Store(destination[element..], Uniform(x0), Uniform(x1), Uniform(x2), Uniform(x3));
        }
    }

    /// <summary>An integer from 0 to <paramref name="bound"/> − 1, each equally likely.</summary>
    /// <param name="index">Which draw of this stream: the image, the step, …</param>
    /// <param name="bound">How many values there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is less than 1.</exception>
    public int Below(ulong index, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return new WordReader(this, index).Below(bound);
    }

    /// <summary>Puts <paramref name="items"/> into random order, every order equally likely.</summary>
    /// <param name="index">Which draw of this stream: the epoch, …</param>
    /// <param name="items">What to shuffle, in place.</param>
    public void Shuffle<T>(ulong index, Span<T> items)
    {
        var words = new WordReader(this, index);
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = words.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Words 4 · <paramref name="block"/> to 4 · <paramref name="block"/> + 3 of an index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (uint X0, uint X1, uint X2, uint X3) Block(ulong index, uint block) =>
        Philox4x32.Generate((block, Number, (uint)index, (uint)(index >> 32)), ((uint)Seed, (uint)(Seed >> 32)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Even, float Odd) BoxMuller(uint a, uint b)
    {
        var radius = Math.Sqrt(-2 * Math.Log((a + 1.0) * TwoToMinus32));
        var (sin, cos) = Math.SinCos(2 * Math.PI * (b * TwoToMinus32));
        return ((float)(radius * cos), (float)(radius * sin));
    }

    private static float Uniform(uint x) => (float)((x + 0.5) * (2 * TwoToMinus32) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> rest, float v0, float v1, float v2, float v3)
    {
        Debug.Assert(rest.Length > 0);
        rest[0] = v0;
        if (rest.Length > 1) rest[1] = v1;
        if (rest.Length > 2) rest[2] = v2;
        if (rest.Length > 3) rest[3] = v3;
    }

    private const double TwoToMinus32 = 1.0 / 4294967296.0;
}
