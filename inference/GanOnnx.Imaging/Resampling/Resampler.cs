using System.Numerics;
using System.Runtime.InteropServices;

namespace GanOnnx.Imaging.Resampling;

/// <summary>
/// Resizes planes of values, one axis after the other. Each value that is made is a sum of a few that are there; which ones and how much
/// of each is known beforehand.
/// </summary>
/// <remarks>
/// Bicubic is the convolution of R. Keys: "Cubic Convolution Interpolation for Digital Image Processing", 1981, a = −0.5, its support
/// stretched where an axis shrinks.
/// </remarks>
internal sealed class Resampler
{
    private const double Cubic = -0.5, CubicSupport = 2;

    private readonly Taps[] _columns, _rows;
    private readonly int _width, _height;

    private Resampler((int Width, int Height) from, (int Width, int Height) to, Func<int, int, int, Taps> taps)
    {
        (_width, _height) = from;
        (_columns, _rows) = (TapsOf(_width, to.Width, taps), TapsOf(_height, to.Height, taps));
    }

    /// <summary>Bicubic, as Pillow does it: beyond a border there is nothing, and what there is counts the more.</summary>
    public static Resampler Pillow((int Width, int Height) from, (int Width, int Height) to) => new(from, to, Clipped);

    /// <summary>Bicubic, as MATLAB's imresize does it: beyond a border the plane is mirrored, its last value twice.</summary>
    public static Resampler Matlab((int Width, int Height) from, (int Width, int Height) to) => new(from, to, Mirrored);

    /// <summary>Bilinear without antialiasing, a value's place being its corner, as TensorFlow 1 does it.</summary>
    public static Resampler TensorFlow((int Width, int Height) from, (int Width, int Height) to) => new(from, to, Bilinear);

    /// <summary>How many values <see cref="Resize"/> needs to work in.</summary>
    public int WorkLength => _height * _columns.Length;

    /// <summary>Resizes a plane.</summary>
    /// <param name="plane"><c>[H, W]</c>.</param>
    /// <param name="work">Is overwritten.</param>
    /// <param name="result"><c>[H', W']</c>.</param>
    public void Resize(ReadOnlySpan<float> plane, Span<float> work, Span<float> result)
    {
        var made = _columns.Length;
        for (var y = 0; y < _height; y++)
        {
            var from = plane.Slice(y * _width, _width);
            var to = work.Slice(y * made, made);
            for (var x = 0; x < to.Length; x++)
            {
                var (first, weights) = _columns[x];
                var sum = 0f;
                for (var i = 0; i < weights.Length; i++)
                    sum += weights[i] * from[first + i];
                to[x] = sum;
            }
        }
        for (var y = 0; y < _rows.Length; y++)
        {
            var (first, weights) = _rows[y];
            var row = result.Slice(y * made, made);
            row.Clear();
            for (var i = 0; i < weights.Length; i++)
                Add(work.Slice((first + i) * made, made), weights[i], row);
        }
    }

    private static void Add(ReadOnlySpan<float> values, float weight, Span<float> sum)
    {
        var many = MemoryMarshal.Cast<float, Vector<float>>(values);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (var i = 0; i < sums.Length; i++)
            sums[i] += many[i] * weight;
        for (var i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += values[i] * weight;
    }

    private static Taps[] TapsOf(int there, int made, Func<int, int, int, Taps> taps) =>
        [.. Enumerable.Range(0, made).Select(place => taps(place, there, made))];

    private static Taps Clipped(int place, int there, int made)
    {
        var step = (double)there / made;
        var stretch = Math.Max(step, 1);
        var (center, support) = ((place + 0.5) * step, CubicSupport * stretch);
        var first = Math.Max(0, (int)(center - support + 0.5));
        var end = Math.Min(there, (int)(center + support + 0.5));
        return Even(first, [.. Enumerable.Range(first, end - first).Select(i => KeysKernel((i - center + 0.5) / stretch))]);
    }

    // What is mirrored counts at the place that it is mirrored to.
    private static Taps Mirrored(int place, int there, int made)
    {
        var step = (double)there / made;
        var stretch = Math.Max(step, 1);
        var (center, support) = ((place + 0.5) * step - 0.5, CubicSupport * stretch);
        var (from, to) = ((int)Math.Ceiling(center - support), (int)Math.Floor(center + support));
        var places = Enumerable.Range(from, to - from + 1).Select(i => (At: Mirror(i, there), Weight: KeysKernel((i - center) / stretch)))
            .ToArray();
        var first = places.Min(tap => tap.At);
        var weights = new double[places.Max(tap => tap.At) - first + 1];
        foreach (var (at, weight) in places)
            weights[at - first] += weight;
        return Even(first, weights);
    }

    private static int Mirror(int place, int length)
    {
        var around = (place % (2 * length) + 2 * length) % (2 * length);
        return around < length ? around : 2 * length - 1 - around;
    }

    private static Taps Even(int first, double[] weights)
    {
        var sum = weights.Sum();
        return new(first, Array.ConvertAll(weights, weight => (float)(weight / sum)));
    }

    private static double KeysKernel(double x) => Math.Abs(x) switch
    {
        < 1 and var d => ((Cubic + 2) * d - (Cubic + 3)) * d * d + 1,
        < 2 and var d => ((d - 5) * d + 8) * d * Cubic - 4 * Cubic,
        _ => 0,
    };

    private static Taps Bilinear(int place, int there, int made)
    {
        var at = place * ((float)there / made);
        var first = (int)at;
        var part = at - first;
        return first + 1 < there ? new(first, [1 - part, part]) : new(first, [1]);
    }

    /// <summary>From where on values count, and how much each.</summary>
    private readonly record struct Taps(int First, float[] Weights);
}
