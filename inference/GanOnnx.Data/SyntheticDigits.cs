using System.Globalization;
using System.Numerics;
using GanOnnx.Inference;

namespace GanOnnx.Data;

/// <summary>
/// 10,000 handwriting-like digits drawn by the program, bright on black, labelled: strokes of varying slant, size,
/// place and thickness. Image i is always the same.
/// </summary>
internal sealed class SyntheticDigits : IImageSource
{
    private const int Digits = 10;

    // The index is the image.
    private const uint SyntheticStream = 258;

    // Strokes as polylines in a box from (0, 0), top left, to (1, 1).
    private static readonly Vector2[][][] _strokes =
    [
        [Ellipse(0.5f, 0.5f, 0.32f, 0.45f)],
        [[new(0.32f, 0.25f), new(0.55f, 0.05f), new(0.55f, 0.95f)]],
        [[new(0.2f, 0.28f), new(0.35f, 0.08f), new(0.65f, 0.08f), new(0.78f, 0.3f), new(0.2f, 0.93f), new(0.82f, 0.93f)]],
        [[new(0.22f, 0.12f), new(0.6f, 0.05f), new(0.76f, 0.26f), new(0.45f, 0.47f), new(0.78f, 0.7f), new(0.58f, 0.94f),
            new(0.2f, 0.86f)]],
        [[new(0.62f, 0.05f), new(0.15f, 0.65f), new(0.85f, 0.65f)], [new(0.62f, 0.05f), new(0.62f, 0.95f)]],
        [[new(0.78f, 0.06f), new(0.28f, 0.06f), new(0.24f, 0.45f), new(0.6f, 0.4f), new(0.8f, 0.66f), new(0.58f, 0.94f), new(0.2f, 0.88f)]],
        [[new(0.68f, 0.05f), new(0.3f, 0.4f), new(0.22f, 0.7f)], Ellipse(0.5f, 0.7f, 0.28f, 0.24f)],
        [[new(0.18f, 0.07f), new(0.82f, 0.07f), new(0.42f, 0.95f)]],
        [Ellipse(0.5f, 0.27f, 0.24f, 0.21f), Ellipse(0.5f, 0.71f, 0.29f, 0.24f)],
        [Ellipse(0.5f, 0.3f, 0.28f, 0.24f), [new(0.78f, 0.3f), new(0.7f, 0.65f), new(0.5f, 0.95f)]],
    ];

    public string Name => "synthetic:digits";
    public int Count => 10_000;
    public int Channels => 1;
    public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, Digits).Select(d => d.ToString(CultureInfo.InvariantCulture))];

    public string NameOf(int image) => $"digit {image}";

    public int LabelOf(int image) => image % Digits;

    public byte[] Read(int image, int size, int channels)
    {
        Span<float> random = stackalloc float[6];
        new RandomStream(0, SyntheticStream).FillUniform((ulong)image, random);
        var placement = Placement(random, size);
        var strokes = Array.ConvertAll(_strokes[LabelOf(image)], stroke => Array.ConvertAll(stroke, placement));
        var halfWidth = size * (0.045f + 0.015f * random[5]);

        var result = new byte[size * size * channels];
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
            {
                // Coverage falls off over one pixel at the stroke's edge.
                var coverage = Math.Clamp(halfWidth + 0.5f - Distance(strokes, new(x + 0.5f, y + 0.5f)), 0, 1);
                result.AsSpan((y * size + x) * channels, channels).Fill((byte)(255 * coverage));
            }
        return result;
    }

    public void Dispose() { }

    private static Converter<Vector2, Vector2> Placement(ReadOnlySpan<float> random, int size)
    {
        var scale = new Vector2(0.55f + 0.08f * random[0], 0.68f + 0.06f * random[1]);
        var offset = new Vector2(0.5f + 0.05f * random[2], 0.5f + 0.05f * random[3]);
        var slant = 0.22f * random[4];
        return p =>
        {
            var centred = p - new Vector2(0.5f);
            return size * (offset + scale * new Vector2(centred.X - slant * centred.Y, centred.Y));
        };
    }

    private static float Distance(Vector2[][] strokes, Vector2 point)
    {
        var nearest = float.MaxValue;
        foreach (var stroke in strokes)
            for (var i = 1; i < stroke.Length; i++)
            {
                var (start, along) = (stroke[i - 1], stroke[i] - stroke[i - 1]);
                var t = Math.Clamp(Vector2.Dot(point - start, along) / along.LengthSquared(), 0, 1);
                nearest = Math.Min(nearest, Vector2.Distance(point, start + t * along));
            }
        return nearest;
    }

    private static Vector2[] Ellipse(float x, float y, float radiusX, float radiusY) =>
        [.. Enumerable.Range(0, 17).Select(i => i * MathF.Tau / 16)
            .Select(a => new Vector2(x + radiusX * MathF.Sin(a), y - radiusY * MathF.Cos(a)))];
}
