using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Watermarking;

/// <summary>
/// Puts a mark into a picture. As the picture is known, so is what stands in the mark's way: a part of the change takes that away (M. L.
/// Miller, I. J. Cox, J. A. Bloom: "Informed Embedding: Exploiting Image and Detector Information during Watermark Insertion", 2000).
/// </summary>
/// <remarks>Values are computed in one order and without functions that differ between machines, so that pixels are equal on all.</remarks>
internal sealed class Embedding
{
    // How far values may change, root mean square within a square: in flat places, per deviation of what is around, and at most.
    private const float InFlat = 1, PerDeviation = 0.8f, Most = 3.5f;

    // Of what encoders and others add to a bit, beside what the mark can spend on it.
    private const double Noise = 0.1;

    private const double LessEachTime = 0.99;

    private readonly Rgba32[] _pixels, _marked;
    private readonly int _width, _height;
    private readonly LumaPlane _host;
    private readonly float[] _room;
    private readonly double _mostError;

    /// <param name="pixels">The picture's. They aren't changed.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="factor">How strong the mark is; 1 is normal.</param>
    /// <param name="mostError">The mean square difference that no picture passes.</param>
    public Embedding(Rgba32[] pixels, int width, int height, float factor, double mostError)
    {
        (_pixels, _marked, _width, _height, _mostError) = (pixels, new Rgba32[pixels.Length], width, height, mostError);
        _host = LumaPlane.Of(pixels, width, height);
        _room = _host.Activity();
        for (var i = 0; i < _room.Length; i++)
            _room[i] = pixels[i].A == 0 ? 0 : factor * Math.Min(InFlat + PerDeviation * _room[i], Most);
    }

    /// <summary>The picture with a payload's signs.</summary>
    /// <param name="signs">As <see cref="PayloadCode"/> gives them.</param>
    /// <param name="agreement">How well it agrees with them.</param>
    public Rgba32[] Mark(double[] signs, out double agreement)
    {
        var before = AmountsIn(_host);
        var strengths = new double[signs.Length];
        Array.Fill(strengths, 1);
        Add(strengths, signs);
        Distribute(strengths, signs, before, AmountsIn(LumaPlane.Of(_marked, _width, _height)));
        Add(strengths, signs);
        agreement = Detector.Agreement(AmountsIn(LumaPlane.Of(_marked, _width, _height)), signs);
        return _marked;
    }

    /// <summary>How much of each bit a plane has.</summary>
    private static double[] AmountsIn(LumaPlane plane)
    {
        var amounts = new double[Carrier.Bits];
        Carrier.Correlate(Carrier.Analyse(plane.Fold()), 0, 0, amounts);
        return amounts;
    }

    // What may be spent goes partly along the signs, partly against what the picture has across them: so that the angle between what is
    // there afterwards, with noise, and the signs is the smallest. All is counted in strengths of 1 a bit.
    private static void Distribute(double[] strengths, double[] signs, double[] before, double[] after)
    {
        const int steps = 64;
        var gain = 0.0;
        for (var i = 0; i < signs.Length; i++)
            gain += (after[i] - before[i]) * signs[i] / signs.Length;
        // In a picture without anything to see nothing is gained.
        if (gain <= 0)
            return;
        var there = new double[signs.Length];
        var (mean, square) = (0.0, 0.0);
        for (var i = 0; i < signs.Length; i++)
        {
            there[i] = after[i] * signs[i] / gain - 1;
            mean += there[i] / signs.Length;
        }
        foreach (var amount in there)
            square += (amount - mean) * (amount - mean) / signs.Length;
        var deviation = Math.Sqrt(square);
        var best = (Score: double.NegativeInfinity, Along: 1.0, Across: 0.0);
        for (var step = 0; step <= steps; step++)
        {
            var across = Math.Min((double)step / steps, deviation);
            var along = Math.Sqrt(1 - across * across);
            var (with, beside) = (mean + along, deviation - across);
            var score = with / Math.Sqrt(with * with + beside * beside + Noise);
            if (score > best.Score)
                best = (score, along, across);
        }
        for (var i = 0; i < signs.Length; i++)
            strengths[i] = best.Along - (deviation > 0 ? best.Across / deviation * (there[i] - mean) : 0);
    }

    private void Add(double[] strengths, double[] signs)
    {
        var amounts = new double[signs.Length];
        for (var i = 0; i < signs.Length; i++)
            amounts[i] = strengths[i] * signs[i];
        var pattern = Even(Carrier.Draw(amounts));
        var error = 0.0;
        for (var y = 0; y < _height; y++)
            for (var x = 0; x < _width; x++)
            {
                double change = _room[y * _width + x] * pattern[PlaceOf(x, y)];
                error += change * change;
            }
        var times = Math.Min(1, Math.Sqrt(_mostError * _pixels.Length / error));
        // Rounding may add to it.
        while (Write(pattern, (float)times) > 3 * _mostError * _pixels.Length)
            times *= LessEachTime;
    }

    private static float[] Even(double[] square)
    {
        var power = 0.0;
        foreach (var value in square)
            power += value * value;
        var factor = Math.Sqrt(square.Length / power);
        return Array.ConvertAll(square, value => (float)(value * factor));
    }

    // Returns the sum of the squared differences.
    private long Write(float[] pattern, float times)
    {
        var error = 0L;
        for (var y = 0; y < _height; y++)
        {
            var pixels = _pixels.AsSpan(y * _width, _width);
            var marked = _marked.AsSpan(y * _width, _width);
            var room = _room.AsSpan(y * _width, _width);
            var row = pattern.AsSpan(y % Carrier.Side * Carrier.Side, Carrier.Side);
            for (var x = 0; x < pixels.Length; x++)
            {
                var change = (int)MathF.Round(times * room[x] * row[x % Carrier.Side]);
                var there = pixels[x];
                var made = new Rgba32(Changed(there.R, change), Changed(there.G, change), Changed(there.B, change), there.A);
                error += Square(made.R - there.R) + Square(made.G - there.G) + Square(made.B - there.B);
                marked[x] = made;
            }
        }
        return error;
    }

    private static byte Changed(byte value, int change) => (byte)Math.Clamp(value + change, byte.MinValue, byte.MaxValue);

    private static int Square(int value) => value * value;

    private static int PlaceOf(int x, int y) => y % Carrier.Side * Carrier.Side + x % Carrier.Side;
}
