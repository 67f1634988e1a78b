using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Benchmarks.Trust.Detector;

/// <summary>
/// Pictures of nothing, with the statistics of photographs: leaves that lie on each other and noise of all scales (M. Baradad et al.: "Learning
/// to See by Looking at Noise", 2021, https://arxiv.org/abs/2106.05963). They stand for all that the detector doesn't know (outlier exposure,
/// D. Hendrycks et al., 2018, https://arxiv.org/abs/1812.04606), and are nobody's.
/// </summary>
internal static class DetectorStrangers
{
    private const int Side = 48, Fine = 2, FewestLeaves = 10, MostLeaves = 150;

    public static Image<Rgb24> Draw(Random random)
    {
        var side = Side * Fine;
        var pixels = new float[side * side * 3];
        var ground = new Noise(random, side);
        var (grey, contrast) = (random.Next(5) == 0, 30 + 70 * random.NextSingle());
        float[] middle = [255 * random.NextSingle(), 255 * random.NextSingle(), 255 * random.NextSingle()];
        for (var i = 0; i < side * side; i++)
            for (var c = 0; c < 3; c++)
                pixels[3 * i + c] = middle[c] + contrast * ground.At(i % side, i / side, c);
        if (random.Next(4) > 0)
            for (var leaves = random.Next(FewestLeaves, MostLeaves); leaves > 0; leaves--)
                Leaf(pixels, side, random);
        return Coarse(pixels, side, grey, 6 * random.NextSingle() * random.NextSingle(), random);
    }

    // Radii as they are seen at all distances: their density falls with the third power.
    private static void Leaf(float[] pixels, int side, Random random)
    {
        var radius = Math.Min(side / 2f, 2 / MathF.Sqrt(random.NextSingle() + 0.002f));
        var (x, y, isRound, flat) = (random.Next(side), random.Next(side), random.Next(3) > 0, 0.4f + random.NextSingle());
        var (texture, strength) = (new Noise(random, side), 60 * random.NextSingle() * random.NextSingle());
        float[] color = [255 * random.NextSingle(), 255 * random.NextSingle(), 255 * random.NextSingle()];
        for (var row = Math.Max(0, (int)(y - radius)); row < Math.Min(side, y + radius); row++)
            for (var column = Math.Max(0, (int)(x - radius)); column < Math.Min(side, x + radius); column++)
            {
                var (dx, dy) = (column - x, (row - y) / flat);
                if (isRound ? dx * dx + dy * dy <= radius * radius : Math.Abs(dx) + Math.Abs(dy) <= radius)
                    for (var c = 0; c < 3; c++)
                        pixels[3 * (row * side + column) + c] = color[c] + strength * texture.At(column, row, c);
            }
    }

    // Means of 2 × 2, as a lens leaves no edge sharp, and a sensor's noise.
    private static Image<Rgb24> Coarse(float[] pixels, int side, bool grey, float noise, Random random)
    {
        var image = new Image<Rgb24>(Side, Side);
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var values = new byte[3];
                for (var c = 0; c < 3; c++)
                {
                    var sum = 0f;
                    for (var k = 0; k < Fine * Fine; k++)
                        sum += pixels[3 * ((Fine * y + k / Fine) * side + Fine * x + k % Fine) + (grey ? 0 : c)];
                    values[c] = (byte)Math.Clamp(sum / Fine / Fine + noise * (random.NextSingle() + random.NextSingle() - 1) * 2, 0, 255);
                }
                image[x, y] = new(values[0], grey ? values[0] : values[1], grey ? values[0] : values[2]);
            }
        return image;
    }

    // Octaves of random values, each finer one weaker; the colors have most of it in common.
    private sealed class Noise
    {
        private const int Octaves = 5, Colors = 4;

        private readonly float[][] _values;
        private readonly int[] _sides;
        private readonly float[] _weights;
        private readonly float _own;
        private readonly int _side;

        public Noise(Random random, int side)
        {
            (_side, _own) = (side, 0.4f * random.NextSingle());
            var fall = 0.3f + 0.6f * random.NextSingle();
            _sides = [.. Enumerable.Range(1, Octaves).Select(octave => (1 << octave) + 2)];
            _weights = [.. Enumerable.Range(0, Octaves).Select(octave => MathF.Pow(fall, octave))];
            _values = [.. _sides.Select(length => Enumerable.Range(0, length * length * Colors)
                .Select(_ => 2 * random.NextSingle() - 1).ToArray())];
        }

        public float At(int x, int y, int color)
        {
            var sum = 0f;
            for (var octave = 0; octave < Octaves; octave++)
            {
                var scale = (float)(_sides[octave] - 2) / _side;
                var (column, row) = (x * scale, y * scale);
                var (common, own) = (Between(octave, column, row, Colors - 1), Between(octave, column, row, color));
                sum += _weights[octave] * ((1 - _own) * common + _own * own);
            }
            return sum;
        }

        private float Between(int octave, float x, float y, int color)
        {
            var (column, row) = ((int)x, (int)y);
            var (right, down) = (x - column, y - row);
            return (1 - down) * ((1 - right) * Value(column, row) + right * Value(column + 1, row))
                + down * ((1 - right) * Value(column, row + 1) + right * Value(column + 1, row + 1));

            float Value(int i, int j) => _values[octave][(j * _sides[octave] + i) * Colors + color];
        }
    }
}
