using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace GanOnnx.Imaging.Watermarking;

/// <summary>
/// What carries the mark: a square of 64 × 64 pixels, repeated over the picture, that is made of 240 frequencies. The real and the
/// imaginary part of each carry a bit, so a bit is carried by five parts of them. Which, and the phase of each frequency, follow from
/// SHA-256 of a text: nothing of it is secret, and anyone can make the same.
/// </summary>
internal static class Carrier
{
    /// <summary>Width and height of the square in pixels.</summary>
    public const int Side = 64;

    /// <summary>Bits in all.</summary>
    public const int Bits = 96;

    /// <summary>Bits that are always the same, by which the rest is found. They come first.</summary>
    public const int PilotBits = 32;

    private const string Key = "GanOnnx watermark 1";

    // Periods of 64 / 6 = 11 to 64 / 15 = 4.3 pixels: JPEG keeps those, and so does a picture half as large.
    private const int Lowest = 6, Highest = 15, Frequencies = 240;

    private const int PilotFrequencies = Frequencies * PilotBits / Bits;

    private const int Width = Highest + 1, Height = 2 * Highest + 1;

    private static readonly (int X, int Y)[] _frequencies = Choose();

    // In 64ths of a turn.
    private static readonly int[] _phases = [.. Enumerable.Range(0, Frequencies).Select(i => Hash("phase", i)[0] % Side)];

    // Of the real and the imaginary part of each frequency in turn.
    private static readonly int[] _bits = Assign();

    // What a picture has by itself is the stronger the lower the frequency.
    private static readonly double[] _whitening = [.. _frequencies.Select(f => Math.Sqrt(f.X * f.X + f.Y * f.Y))];

    // Rounded, as libraries compute cosines differently in the last place.
    private static readonly double[] _cosines =
        [.. Enumerable.Range(0, Side).Select(i => Math.Round(Math.Cos(i * Math.Tau / Side) * (1 << 20)) / (1 << 20))];

    // By frequency and place, and by place and frequency.
    private static readonly double[] _cosinesOfX = Table(Width, Side, Cosine), _sinesOfX = Table(Width, Side, Sine);
    private static readonly double[] _cosinesOfFrequency = Table(Side, Width, Cosine), _sinesOfFrequency = Table(Side, Width, Sine);

    /// <summary>The square with an amount of each bit.</summary>
    public static double[] Draw(ReadOnlySpan<double> amounts)
    {
        var (real, imaginary) = (new double[Height * Width], new double[Height * Width]);
        for (var i = 0; i < Frequencies; i++)
        {
            var (re, im) = (amounts[_bits[2 * i]], amounts[_bits[2 * i + 1]]);
            var at = (_frequencies[i].Y + Highest) * Width + _frequencies[i].X;
            real[at] = re * Cosine(_phases[i]) - im * Sine(_phases[i]);
            imaginary[at] = re * Sine(_phases[i]) + im * Cosine(_phases[i]);
        }
        // One axis after the other.
        var square = new double[Side * Side];
        var (rowReal, rowImaginary) = (new double[Width], new double[Width]);
        for (var y = 0; y < Side; y++)
        {
            Array.Clear(rowReal);
            Array.Clear(rowImaginary);
            for (var ky = -Highest; ky <= Highest; ky++)
            {
                var (at, cosine, sine) = ((ky + Highest) * Width, Cosine(ky * y), Sine(ky * y));
                Add(real.AsSpan(at, Width), cosine, rowReal);
                Add(imaginary.AsSpan(at, Width), -sine, rowReal);
                Add(real.AsSpan(at, Width), sine, rowImaginary);
                Add(imaginary.AsSpan(at, Width), cosine, rowImaginary);
            }
            for (var kx = 0; kx < Width; kx++)
            {
                Add(_cosinesOfX.AsSpan(kx * Side, Side), rowReal[kx], square.AsSpan(y * Side, Side));
                Add(_sinesOfX.AsSpan(kx * Side, Side), -rowImaginary[kx], square.AsSpan(y * Side, Side));
            }
        }
        return square;
    }

    /// <summary>What a square has at the frequencies: real and imaginary parts in turn.</summary>
    public static double[] Analyse(ReadOnlySpan<int> square)
    {
        var (real, imaginary) = (new double[Side * Width], new double[Side * Width]);
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                Add(_cosinesOfFrequency.AsSpan(x * Width, Width), square[y * Side + x], real.AsSpan(y * Width, Width));
                Add(_sinesOfFrequency.AsSpan(x * Width, Width), -square[y * Side + x], imaginary.AsSpan(y * Width, Width));
            }
        var spectrum = new double[2 * Frequencies];
        for (var i = 0; i < Frequencies; i++)
        {
            var (kx, ky) = _frequencies[i];
            var (re, im) = (0.0, 0.0);
            for (var y = 0; y < Side; y++)
            {
                var (at, cosine, sine) = (y * Width + kx, Cosine(ky * y), Sine(ky * y));
                re += real[at] * cosine + imaginary[at] * sine;
                im += imaginary[at] * cosine - real[at] * sine;
            }
            (spectrum[2 * i], spectrum[2 * i + 1]) = (re * _whitening[i], im * _whitening[i]);
        }
        Level(spectrum);
        return spectrum;
    }

    /// <summary>How much of each bit there is, if a square begins at a pixel.</summary>
    /// <param name="spectrum">What <see cref="Analyse"/> found.</param>
    /// <param name="left">The pixel's place in its row.</param>
    /// <param name="top">Its row.</param>
    /// <param name="amounts">Of all bits, or of the pilot's alone.</param>
    public static void Correlate(ReadOnlySpan<double> spectrum, int left, int top, Span<double> amounts)
    {
        amounts.Clear();
        for (var i = 0; i < Frequencies * amounts.Length / Bits; i++)
        {
            var (kx, ky) = _frequencies[i];
            var turn = kx * left + ky * top - _phases[i];
            var (cosine, sine, re, im) = (Cosine(turn), Sine(turn), spectrum[2 * i], spectrum[2 * i + 1]);
            amounts[_bits[2 * i]] += re * cosine - im * sine;
            amounts[_bits[2 * i + 1]] += re * sine + im * cosine;
        }
    }

    /// <summary>A number that anyone can compute.</summary>
    public static byte[] Hash(string what, int i) => SHA256.HashData(Encoding.UTF8.GetBytes($"{Key}, {what} {i}"));

    private static double[] Table(int rows, int columns, Func<int, double> of) =>
        [.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) select of(row * column)];

    // Each sum is of the same numbers in the same order however long a vector is; lengths are multiples of 16.
    private static void Add(ReadOnlySpan<double> values, double times, Span<double> sums)
    {
        var many = MemoryMarshal.Cast<double, Vector<double>>(values);
        var all = MemoryMarshal.Cast<double, Vector<double>>(sums);
        for (var i = 0; i < all.Length; i++)
            all[i] += many[i] * times;
    }

    private static double Cosine(int turn) => _cosines[turn & (Side - 1)];

    private static double Sine(int turn) => _cosines[(turn - Side / 4) & (Side - 1)];

    // A pattern that the picture has by itself, as a wall of bricks, would drown all others.
    private static void Level(double[] spectrum)
    {
        const double most = 3;
        var lengths = new double[Frequencies];
        for (var i = 0; i < Frequencies; i++)
            lengths[i] = Math.Sqrt(spectrum[2 * i] * spectrum[2 * i] + spectrum[2 * i + 1] * spectrum[2 * i + 1]);
        var limit = most * lengths.Order().ElementAt(Frequencies / 2);
        for (var i = 0; i < Frequencies; i++)
            if (lengths[i] > limit)
            {
                spectrum[2 * i] *= limit / lengths[i];
                spectrum[2 * i + 1] *= limit / lengths[i];
            }
    }

    // Half of the plane, as the other half says the same; the pilot's first.
    private static (int X, int Y)[] Choose() =>
    [
        .. (from y in Enumerable.Range(-Highest, 2 * Highest + 1)
            from x in Enumerable.Range(0, Highest + 1)
            where x > 0 || y > 0
            let square = x * x + y * y
            where square is >= Lowest * Lowest and <= Highest * Highest
            orderby square, y, x
            select (x, y)).Take(Frequencies).Index().OrderBy(f => HashText("frequency", f.Index), StringComparer.Ordinal)
                .Select(f => f.Item),
    ];

    private static int[] Assign()
    {
        const int pilotParts = 2 * PilotFrequencies;
        var bits = new int[2 * Frequencies];
        foreach (var (place, part) in Shuffled(0, pilotParts).Index())
            bits[part] = place % PilotBits;
        foreach (var (place, part) in Shuffled(pilotParts, bits.Length).Index())
            bits[part] = PilotBits + place % (Bits - PilotBits);
        return bits;
    }

    private static IEnumerable<int> Shuffled(int first, int end) =>
        Enumerable.Range(first, end - first).OrderBy(part => HashText("part", part), StringComparer.Ordinal);

    private static string HashText(string what, int i) => Convert.ToHexString(Hash(what, i));
}
