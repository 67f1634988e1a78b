using System.Numerics;

namespace GanOnnx.Imaging.Watermarking;

/// <summary>
/// 32 bits as 96 signs: 32 that are always the same, and 64 of a convolutional code of rate 1/2 and constraint length 9 that bites its own
/// tail (generators 561 and 753 octal, free distance 12; K. J. Larsen: "Short convolutional codes with maximal free distance for rates 1/2,
/// 1/3, and 1/4", 1973).
/// </summary>
internal static class PayloadCode
{
    private const int Length = 32, Rate = 2, States = 1 << 8;

    // A path may begin anywhere: in the middle one of three turns it hardly depends on its ends.
    private const int Turns = 3;

    private static readonly uint[] _generators = [0b101_110_001, 0b111_101_011];

    private static readonly double[] _pilot =
        [.. Enumerable.Range(0, Carrier.PilotBits).Select(i => Carrier.Hash("pilot", i)[0] < 128 ? -1.0 : 1)];

    // What a register of nine bits, the newest lowest, gives.
    private static readonly double[] _outputs = [.. from register in Enumerable.Range(0, 2 * States)
                                                    from generator in _generators
                                                    select BitOperations.PopCount((uint)register & generator) % 2 == 0 ? -1.0 : 1];

    /// <summary>The signs that are always the same.</summary>
    public static ReadOnlySpan<double> Pilot => _pilot;

    /// <summary>The signs of a payload.</summary>
    public static double[] Encode(uint payload)
    {
        var signs = new double[Carrier.Bits];
        _pilot.CopyTo(signs, 0);
        for (var i = 0; i < Length; i++)
        {
            // The highest bit comes first, and before it the last ones.
            var register = (int)(BitOperations.RotateLeft(payload, i + 1) & (2 * States - 1));
            _outputs.AsSpan(register * Rate, Rate).CopyTo(signs.AsSpan(Carrier.PilotBits + i * Rate));
        }
        return signs;
    }

    /// <summary>The payload whose signs agree best with amounts of them.</summary>
    /// <remarks>A. Viterbi: "Error Bounds for Convolutional Codes and an Asymptotically Optimum Decoding Algorithm", 1967.</remarks>
    public static uint Decode(ReadOnlySpan<double> amounts)
    {
        const int steps = Turns * Length;
        amounts = amounts[Carrier.PilotBits..];
        var (agreements, next, lostOne) = (new double[States], new double[States], new bool[steps * States]);
        for (var step = 0; step < steps; step++)
        {
            var (first, second) = (amounts[step % Length * Rate], amounts[step % Length * Rate + 1]);
            for (var state = 0; state < States; state++)
            {
                // The newest bit is in the state; the one that left the register is to be found.
                var zero = agreements[state >> 1] + Agreement(state, first, second);
                var one = agreements[(state | States) >> 1] + Agreement(state | States, first, second);
                lostOne[step * States + state] = one > zero;
                next[state] = Math.Max(zero, one);
            }
            (agreements, next) = (next, agreements);
        }
        var at = Array.IndexOf(agreements, agreements.Max());
        var payload = 0u;
        for (var step = steps - 1; step >= Length; step--)
        {
            if (step < 2 * Length)
                payload |= (uint)(at & 1) << (Length - 1 - step % Length);
            at = (lostOne[step * States + at] ? at | States : at) >> 1;
        }
        return payload;
    }

    private static double Agreement(int register, double first, double second) =>
        _outputs[register * Rate] * first + _outputs[register * Rate + 1] * second;
}
