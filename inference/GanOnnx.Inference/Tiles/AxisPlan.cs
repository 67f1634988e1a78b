using GanOnnx.Onnx.Checking;

namespace GanOnnx.Inference.Tiles;

/// <summary>Where tiles begin along one axis of a picture, and how much of each is kept.</summary>
internal sealed class AxisPlan
{
    private AxisPlan(int length, int tile, int[] starts, (int From, int To)[] kept, int fade) =>
        (Length, Tile, Starts, Kept, Fade) = (length, tile, starts, kept, fade);

    /// <summary>The picture's length with what is added at its end, so that the model can take it.</summary>
    public int Length { get; }

    /// <summary>The length of every tile.</summary>
    public int Tile { get; }

    /// <summary>Where each begins.</summary>
    public int[] Starts { get; }

    /// <summary>The part of the picture that each gives, whole where tiles are exact, else with what is blended.</summary>
    public (int From, int To)[] Kept { get; }

    /// <summary>Over how many pixels tiles are blended; 0 where they aren't.</summary>
    public int Fade { get; }

    /// <summary>The picture in one piece.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="multiple">What the model's lengths are multiples of.</param>
    public static AxisPlan Whole(int length, int multiple)
    {
        var padded = Up(length, multiple);
        return new(padded, padded, [0], [(0, padded)], 0);
    }

    /// <summary>Tiles that give what the whole would: each sees what its part depends on.</summary>
    public static AxisPlan Exact(int length, int size, AxisField field)
    {
        var multiple = (int)field.Multiple;
        var (padded, part) = (Up(length, multiple), Up(size, multiple));
        var before = Up((int)Math.Ceiling(field.Before), multiple);
        var after = Up((int)Math.Max(0, Math.Ceiling(field.After - field.Step + 1)), multiple);
        var tile = part + before + after;
        if (padded <= tile)
            return Whole(length, multiple);
        var count = (padded + part - 1) / part;
        return new(padded, tile, [.. Enumerable.Range(0, count).Select(i => Math.Clamp(i * part - before, 0, padded - tile))],
            [.. Enumerable.Range(0, count).Select(i => (i * part, Math.Min(padded, (i + 1) * part)))], 0);
    }

    /// <summary>Tiles that are blended.</summary>
    /// <param name="length">The picture's length.</param>
    /// <param name="tile">What the model takes at a time.</param>
    /// <param name="overlap">How much of a tile's side counts less and less.</param>
    /// <param name="multiple">What tiles begin at multiples of.</param>
    public static AxisPlan Blended(int length, int tile, int overlap, int multiple)
    {
        length = Up(length, multiple);
        if (length <= tile)
            return Whole(length, multiple);
        overlap = Math.Min(overlap, (tile - 1) / 4);
        var step = tile - 2 * overlap;
        var count = (length - tile + step - 1) / step + 1;
        // Even distances, so that no two tiles lie over one another for long.
        int[] starts = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * (length - tile) / (count - 1)) / multiple * multiple)];
        return new(length, tile, starts, [.. starts.Select(start => (start, start + tile))], 2 * overlap);
    }

    /// <summary>How much each value of a tile counts, among all tiles together 1.</summary>
    /// <param name="tile">Which tile.</param>
    /// <param name="up">Values that come out for <paramref name="down"/> that go in.</param>
    /// <param name="down">See <paramref name="up"/>.</param>
    public float[] Weights(int tile, int up, int down)
    {
        var weights = new float[Tile * up / down];
        for (var i = 0; i < weights.Length; i++)
        {
            var place = Starts[tile] + (i + 0.5) * down / up;
            weights[i] = (float)(Ramp(tile, place) / Enumerable.Range(0, Starts.Length).Sum(other => Ramp(other, place)));
        }
        return weights;
    }

    private double Ramp(int tile, double place)
    {
        var (start, end) = (Starts[tile], Starts[tile] + Tile);
        if (place <= start || place >= end)
            return 0;
        var (left, right) = (start == 0 ? double.PositiveInfinity : place - start, end == Length ? double.PositiveInfinity : end - place);
        return Fade == 0 ? 1 : Math.Min(1, Math.Min(left, right) / Fade);
    }

    /// <summary>Tiles of the size that a model of a fixed size takes; less than that is filled up.</summary>
    public static AxisPlan Fixed(int length, int tile, int overlap) =>
        length <= tile ? Whole(tile, 1) : Blended(length, tile, overlap, multiple: 1);

    /// <summary>The next multiple.</summary>
    public static int Up(int length, int multiple) => checked((length + multiple - 1) / multiple * multiple);
}
