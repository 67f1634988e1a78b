using System.Numerics;

namespace GanOnnx.Evaluation;

/// <summary>
/// What one vector is to many: four at a time, so that its values are loaded once for four. Each pair's sum is in an order of its own
/// alone, so that the same two vectors give the same value wherever they stand.
/// </summary>
internal static class Pairs
{
    private const int AtOnce = 4;

    /// <summary>The distances of a vector to others.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="others">The others, one after the other.</param>
    /// <param name="distances">Gets one for each.</param>
    public static void Distances(ReadOnlySpan<float> vector, ReadOnlySpan<float> others, Span<double> distances)
    {
        var (size, i) = (vector.Length, 0);
        for (; i + AtOnce <= distances.Length; i += AtOnce)
            Distances4(vector, others.Slice(i * size, AtOnce * size), distances.Slice(i, AtOnce));
        if (i == distances.Length)
            return;
        // What is left over is filled up with the last, so that it is summed as the others are.
        Span<float> last = new float[AtOnce * size];
        var rest = others[(i * size)..];
        for (var k = 0; k < AtOnce; k++)
            rest.Slice(Math.Min(k, distances.Length - i - 1) * size, size).CopyTo(last[(k * size)..]);
        Span<double> found = stackalloc double[AtOnce];
        Distances4(vector, last, found);
        found[..(distances.Length - i)].CopyTo(distances[i..]);
    }

    /// <summary>The inner products of a vector with others.</summary>
    /// <inheritdoc cref="Distances"/>
    /// <param name="vector">The vector.</param>
    /// <param name="others">The others, one after the other.</param>
    /// <param name="products">Gets one for each.</param>
    public static void Products(ReadOnlySpan<double> vector, ReadOnlySpan<double> others, Span<double> products)
    {
        var (size, i) = (vector.Length, 0);
        for (; i + AtOnce <= products.Length; i += AtOnce)
            Products4(vector, others.Slice(i * size, AtOnce * size), products.Slice(i, AtOnce));
        for (; i < products.Length; i++)
            products[i] = System.Numerics.Tensors.TensorPrimitives.Dot(vector, others.Slice(i * size, size));
    }

    private static void Distances4(ReadOnlySpan<float> x, ReadOnlySpan<float> others, Span<double> distances)
    {
        var n = x.Length;
        ReadOnlySpan<float> a = others[..n], b = others.Slice(n, n), c = others.Slice(2 * n, n), d = others.Slice(3 * n, n);
        Vector<float> sa = default, sb = default, sc = default, sd = default;
        var i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            var v = Load(x, i);
            Vector<float> da = v - Load(a, i), db = v - Load(b, i), dc = v - Load(c, i), dd = v - Load(d, i);
            sa += da * da;
            sb += db * db;
            sc += dc * dc;
            sd += dd * dd;
        }
        (distances[0], distances[1], distances[2], distances[3]) =
            (Root(sa, x, a, i), Root(sb, x, b, i), Root(sc, x, c, i), Root(sd, x, d, i));
    }

    private static double Root(Vector<float> sums, ReadOnlySpan<float> x, ReadOnlySpan<float> other, int from)
    {
        var sum = 0.0;
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            sum += sums[lane];
        for (var i = from; i < x.Length; i++)
            sum += (double)(x[i] - other[i]) * (x[i] - other[i]);
        return Math.Sqrt(sum);
    }

    private static void Products4(ReadOnlySpan<double> x, ReadOnlySpan<double> others, Span<double> products)
    {
        var n = x.Length;
        ReadOnlySpan<double> a = others[..n], b = others.Slice(n, n), c = others.Slice(2 * n, n), d = others.Slice(3 * n, n);
        Vector<double> sa = default, sb = default, sc = default, sd = default;
        var i = 0;
        for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
        {
            var v = Load(x, i);
            sa += v * Load(a, i);
            sb += v * Load(b, i);
            sc += v * Load(c, i);
            sd += v * Load(d, i);
        }
        var (ra, rb, rc, rd) = (Vector.Sum(sa), Vector.Sum(sb), Vector.Sum(sc), Vector.Sum(sd));
        for (; i < n; i++)
        {
            ra += x[i] * a[i];
            rb += x[i] * b[i];
            rc += x[i] * c[i];
            rd += x[i] * d[i];
        }
        (products[0], products[1], products[2], products[3]) = (ra, rb, rc, rd);
    }

    private static Vector<T> Load<T>(ReadOnlySpan<T> values, int at) where T : struct => new(values[at..]);
}
