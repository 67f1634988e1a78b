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

    private ReadOnlySpan<byte> Row(int y) => values.AsSpan(y * width, width);

    /// <summary>
    /// All squares of the mark's size laid on one another: each pixel less the mean around it, as a part of how much is going on there.
    /// </summary>
    public int[] Fold()
    {
        const int count = Surroundings * Surroundings;
        var square = new int[Carrier.Side * Carrier.Side];
        var boxes = new BoxSums(this, width, height, Surroundings);
        for (var y = 0; y < height; y++)
        {
            boxes.MoveTo(y);
            var row = Row(y);
            var into = square.AsSpan(y % Carrier.Side * Carrier.Side, Carrier.Side);
            for (var x = 0; x < width; x++)
            {
                var (sum, squares) = (boxes.Sums[x], boxes.Squares[x]);
                var deviation = MathF.Sqrt(squares * count - sum * sum);
                into[x % Carrier.Side] += (int)((row[x] * count - sum) * One / (deviation + Flat * count));
            }
        }
        return square;
    }

    /// <summary>How much is going on around each pixel, on the calmest side: beside an edge it is calm.</summary>
    public float[] Activity()
    {
        const int count = Patch * Patch, reach = Patch / 2;
        var (deviations, activity) = (new float[width * height], new float[width * height]);
        var boxes = new BoxSums(this, width, height, Patch);
        for (var y = 0; y < height; y++)
        {
            boxes.MoveTo(y);
            for (var x = 0; x < width; x++)
                deviations[y * width + x] = MathF.Sqrt(boxes.Squares[x] * count - boxes.Sums[x] * boxes.Sums[x]) / count;
        }
        for (var y = 0; y < height; y++)
        {
            var (above, below) = (Math.Max(y - reach, 0) * width, Math.Min(y + reach, height - 1) * width);
            for (var x = 0; x < width; x++)
            {
                var (left, right) = (Math.Max(x - reach, 0), Math.Min(x + reach, width - 1));
                activity[y * width + x] = Math.Min(Math.Min(deviations[above + left], deviations[above + right]),
                    Math.Min(deviations[below + left], deviations[below + right]));
            }
        }
        return activity;
    }

    /// <summary>Sums over the square around each pixel of a row; beyond its borders a plane goes on as it ends.</summary>
    private sealed class BoxSums(LumaPlane plane, int width, int height, int side)
    {
        private readonly int[] _sums = new int[width], _squares = new int[width];
        private readonly int _reach = side / 2;
        private int _y = -1;

        public int[] Sums { get; } = new int[width];

        public int[] Squares { get; } = new int[width];

        /// <summary>Goes to the first row, or the next.</summary>
        public void MoveTo(int y)
        {
            if (_y < 0)
                for (var i = -_reach; i <= _reach; i++)
                    AddRow(i, 1);
            else
            {
                AddRow(y + _reach, 1);
                AddRow(y - _reach - 1, -1);
            }
            _y = y;
            Spread(_sums, Sums);
            Spread(_squares, Squares);
        }

        private void AddRow(int y, int times)
        {
            var row = plane.Row(Math.Clamp(y, 0, height - 1));
            for (var x = 0; x < row.Length; x++)
            {
                _sums[x] += times * row[x];
                _squares[x] += times * row[x] * row[x];
            }
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
