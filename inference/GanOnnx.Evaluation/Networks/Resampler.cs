using System.Numerics.Tensors;

namespace GanOnnx.Evaluation;

/// <summary>
/// Resizes planes of values, one axis after the other. Each value that is made is a sum of a few that are there; which ones and how much
/// of each is known beforehand.
/// </summary>
/// <remarks>
/// Clean: the convolution of R. Keys: "Cubic Convolution Interpolation for Digital Image Processing", 1981, a = −0.5, its support
/// stretched where an axis shrinks; G. Parmar, R. Zhang, J.-Y. Zhu: "On Aliased Resizing and Surprising Subtleties in GAN Evaluation",
/// 2021, https://arxiv.org/abs/2104.11222.
/// </remarks>
internal sealed class Resampler
{
    private const double Cubic = -0.5, CubicSupport = 2;

    private readonly Taps[] _columns, _rows;
    private readonly int _width, _size;

    /// <param name="width">Of the planes that are there.</param>
    /// <param name="height">Of the planes that are there.</param>
    /// <param name="size">Width and height of those that are made.</param>
    /// <param name="resizing">How.</param>
    public Resampler(int width, int height, int size, Resizing resizing)
    {
        (_width, _size) = (width, size);
        (_columns, _rows) = (TapsOf(width, size, resizing), TapsOf(height, size, resizing));
        WorkLength = _rows.Length == 0 ? 0 : height * size;
    }

    /// <summary>How many values <see cref="Resize"/> needs to work in.</summary>
    public int WorkLength { get; }

    /// <summary>Resizes a plane.</summary>
    /// <param name="plane"><c>[H, W]</c>.</param>
    /// <param name="work">Is overwritten.</param>
    /// <param name="result"><c>[S, S]</c>.</param>
    public void Resize(ReadOnlySpan<float> plane, Span<float> work, Span<float> result)
    {
        for (var y = 0; y < WorkLength / _size; y++)
        {
            var from = plane.Slice(y * _width, _width);
            var to = work.Slice(y * _size, _size);
            for (var x = 0; x < to.Length; x++)
            {
                var (first, weights) = _columns[x];
                var sum = 0f;
                for (var i = 0; i < weights.Length; i++)
                    sum += weights[i] * from[first + i];
                to[x] = sum;
            }
        }
        for (var y = 0; y < _size; y++)
        {
            var (first, weights) = _rows[y];
            var row = result.Slice(y * _size, _size);
            row.Clear();
            for (var i = 0; i < weights.Length; i++)
                TensorPrimitives.MultiplyAdd(work.Slice((first + i) * _size, _size), weights[i], row, row);
        }
    }

    private static Taps[] TapsOf(int there, int made, Resizing resizing) =>
        [.. Enumerable.Range(0, made).Select(place => resizing == Resizing.Clean ? Clean(place, there, made) : Legacy(place, there, made))];

    private static Taps Clean(int place, int there, int made)
    {
        var step = (double)there / made;
        var stretch = Math.Max(step, 1);
        var (center, support) = ((place + 0.5) * step, CubicSupport * stretch);
        var first = Math.Max(0, (int)(center - support + 0.5));
        var end = Math.Min(there, (int)(center + support + 0.5));
        var weights = Enumerable.Range(first, end - first).Select(i => KeysKernel((i - center + 0.5) / stretch)).ToArray();
        var sum = weights.Sum();
        return new(first, Array.ConvertAll(weights, weight => (float)(weight / sum)));
    }

    private static double KeysKernel(double x) => Math.Abs(x) switch
    {
        < 1 and var d => ((Cubic + 2) * d - (Cubic + 3)) * d * d + 1,
        < 2 and var d => ((d - 5) * d + 8) * d * Cubic - 4 * Cubic,
        _ => 0,
    };

    private static Taps Legacy(int place, int there, int made)
    {
        var at = place * ((float)there / made);
        var first = (int)at;
        var part = at - first;
        return first + 1 < there ? new(first, [1 - part, part]) : new(first, [1]);
    }

    /// <summary>From where on values count, and how much each.</summary>
    private readonly record struct Taps(int First, float[] Weights);
}
