using System.Numerics;
using System.Runtime.InteropServices;
using GanOnnx.Imaging.Resampling;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Watermarking;

/// <summary>The brightness of a picture, what is transparent on white, and what the mark needs to know of it.</summary>
/// <remarks>Sums are of whole numbers, so that they are the same in any order.</remarks>
internal sealed class LumaPlane(byte[] values, int width, int height)
{
    // A pixel counts the less the more is going on around it; beside the deviation of a flat place, that of what was encoded.
    private const int Surroundings = 9;
    private const float Flat = 1.5f;

    private const int Patch = 5;

    // A residual is a whole number of such parts.
    private const int One = 1 << 10;

    private int Width => width;

    private int Height => height;

    /// <summary>The brightness of pixels.</summary>
    public static LumaPlane Of(ReadOnlySpan<Rgba32> pixels, int width, int height)
    {
        var values = new byte[pixels.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var seen = pixels[i].A == byte.MaxValue ? pixels[i].Rgb : ImageReader.OnWhite(pixels[i]);
            values[i] = (byte)((77 * seen.R + 150 * seen.G + 29 * seen.B + 128) >> 8);
        }
        return new(values, width, height);
    }

    /// <summary>The plane made larger or smaller.</summary>
    public LumaPlane Resized(double times)
    {
        var size = (Width: (int)Math.Round(width * times), Height: (int)Math.Round(height * times));
        if (size == (width, height))
            return this;
        var resampler = Resampler.Matlab((width, height), size);
        var (work, resized) = (new float[resampler.WorkLength], new float[size.Width * size.Height]);
        resampler.Resize(Array.ConvertAll(values, value => (float)value), work, resized);
        var bytes = Array.ConvertAll(resized, value => (byte)Math.Clamp(value + 0.5f, byte.MinValue, byte.MaxValue));
        return new(bytes, size.Width, size.Height);
    }

    /// <summary>
    /// All squares of the mark's size laid on one another: each pixel less the mean around it, as a part of how much is going on there.
    /// </summary>
    public int[] Fold()
    {
        var square = new int[Carrier.Side * Carrier.Side];
        var boxes = new BoxSums(this, Surroundings);
        var residuals = new int[boxes.Length];
        for (var y = 0; y < height; y++)
        {
            boxes.MoveTo(y);
            boxes.Residuals(Row(y), residuals);
            var into = square.AsSpan(y % Carrier.Side * Carrier.Side, Carrier.Side);
            for (var left = 0; left < width; left += Carrier.Side)
                for (var x = left; x < Math.Min(left + Carrier.Side, width); x++)
                    into[x - left] += residuals[x];
        }
        return square;
    }

    /// <summary>How much is going on around each pixel, on the calmest side: beside an edge it is calm.</summary>
    public float[] Activity()
    {
        const int reach = Patch / 2;
        var (calmer, activity) = (new float[width * height], new float[width * height]);
        var boxes = new BoxSums(this, Patch);
        var deviations = new float[boxes.Length];
        for (var y = 0; y < height; y++)
        {
            boxes.MoveTo(y);
            boxes.Deviations(deviations);
            for (var x = 0; x < width; x++)
                calmer[y * width + x] = Math.Min(deviations[Math.Max(x - reach, 0)], deviations[Math.Min(x + reach, width - 1)]);
        }
        for (var y = 0; y < height; y++)
        {
            var above = calmer.AsSpan(Math.Max(y - reach, 0) * width, width);
            var below = calmer.AsSpan(Math.Min(y + reach, height - 1) * width, width);
            var row = activity.AsSpan(y * width, width);
            for (var x = 0; x < row.Length; x++)
                row[x] = Math.Min(above[x], below[x]);
        }
        return activity;
    }

    private ReadOnlySpan<byte> Row(int y) => values.AsSpan(y * width, width);

    /// <summary>Sums over the square around each pixel of a row; beyond its borders a plane goes on as it ends.</summary>
    private sealed class BoxSums
    {
        private readonly LumaPlane _plane;
        private readonly int _reach, _count;
        private readonly int[] _columns, _columnSquares, _sums, _squares, _values;

        public BoxSums(LumaPlane plane, int side)
        {
            (_plane, _reach, _count) = (plane, side / 2, side * side);
            // Vectors of numbers are whole.
            Length = (plane.Width + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
            (_columns, _columnSquares) = (new int[plane.Width], new int[plane.Width]);
            (_sums, _squares, _values) = (new int[Length], new int[Length], new int[Length]);
            // As of the row above the first, which is the first once more.
            for (var i = -_reach - 1; i < _reach; i++)
            {
                var row = plane.Row(Math.Clamp(i, 0, plane.Height - 1));
                for (var x = 0; x < row.Length; x++)
                {
                    _columns[x] += row[x];
                    _columnSquares[x] += row[x] * row[x];
                }
            }
        }

        /// <summary>As many numbers as a row has, and a few more.</summary>
        public int Length { get; }

        /// <summary>Goes to the next row, or the first.</summary>
        public void MoveTo(int y)
        {
            var comes = _plane.Row(Math.Min(y + _reach, _plane.Height - 1));
            var goes = _plane.Row(Math.Max(y - _reach - 1, 0));
            for (var x = 0; x < comes.Length; x++)
            {
                _columns[x] += comes[x] - goes[x];
                _columnSquares[x] += (comes[x] - goes[x]) * (comes[x] + goes[x]);
            }
            Spread(_columns, _sums);
            Spread(_columnSquares, _squares);
        }

        /// <summary>Each pixel's standard deviation.</summary>
        public void Deviations(Span<float> deviations)
        {
            var all = MemoryMarshal.Cast<float, Vector<float>>(deviations);
            for (var i = 0; i < all.Length; i++)
                all[i] = Deviation(i) / new Vector<float>(_count);
        }

        /// <summary>Each pixel less the mean, as a part of the deviation.</summary>
        public void Residuals(ReadOnlySpan<byte> row, Span<int> residuals)
        {
            for (var x = 0; x < row.Length; x++)
                _values[x] = row[x];
            var all = MemoryMarshal.Cast<int, Vector<int>>(residuals);
            for (var i = 0; i < all.Length; i++)
            {
                var apart = new Vector<int>(_values, i * Vector<int>.Count) * _count - new Vector<int>(_sums, i * Vector<int>.Count);
                all[i] = Vector.ConvertToInt32(Vector.ConvertToSingle(apart * One) / (Deviation(i) + new Vector<float>(Flat * _count)));
            }
        }

        // Times the number of pixels.
        private Vector<float> Deviation(int i)
        {
            var (sum, squares) = (new Vector<int>(_sums, i * Vector<int>.Count), new Vector<int>(_squares, i * Vector<int>.Count));
            return Vector.SquareRoot(Vector.ConvertToSingle(squares * _count - sum * sum));
        }

        private void Spread(int[] columns, int[] sums)
        {
            var (last, sum) = (columns.Length - 1, 0);
            for (var i = -_reach; i <= _reach; i++)
                sum += columns[Math.Clamp(i, 0, last)];
            sums[0] = sum;
            for (var x = 1; x <= last; x++)
                sums[x] = sum += columns[Math.Min(x + _reach, last)] - columns[Math.Max(x - _reach - 1, 0)];
        }
    }
}
