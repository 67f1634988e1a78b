using System.Runtime.CompilerServices;

namespace GanOnnx.Inference;

/// <summary>
/// The counter-based generator Philox4x32-10: a fixed function from a 128-bit counter and a 64-bit key to
/// 128 random bits. It has no state, so any value can be computed on its own, in any order.
/// </summary>
/// <remarks>
/// J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw: "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011, https://doi.org/10.1145/2063384.2063405.
/// <para>
/// Ten rounds; each maps <c>(c0, c1, c2, c3)</c> under <c>(k0, k1)</c> to
/// <c>(hi(M1·c2) ^ c1 ^ k0, lo(M1·c2), hi(M0·c0) ^ c3 ^ k1, lo(M0·c0))</c> with M0 = 0xD2511F53 and
/// M1 = 0xCD9E8D57, the products taken to 64 bits and split into their high and low words. After every round
/// but the last, k0 grows by 0x9E3779B9 and k1 by 0xBB67AE85, both modulo 2³².
/// </para>
/// </remarks>
public static class Philox4x32
{
    private const int Rounds = 10;
    private const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57;
    private const uint W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>The four random words of one counter and key.</summary>
    /// <param name="counter">The counter, word 0 first.</param>
    /// <param name="key">The key, word 0 first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (uint X0, uint X1, uint X2, uint X3) Generate(
        (uint C0, uint C1, uint C2, uint C3) counter, (uint K0, uint K1) key)
    {
        var (c0, c1, c2, c3) = counter;
        var (k0, k1) = key;
        for (var round = 0; round < Rounds; round++)
        {
            var p0 = (ulong)M0 * c0;
            var p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            unchecked { k0 += W0; k1 += W1; }
        }

        return (c0, c1, c2, c3);
    }
}
