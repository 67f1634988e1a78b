namespace GanOnnx.Inference.Tiles;

/// <summary>Copies a part of a row of a picture.</summary>
/// <param name="picture">Which picture.</param>
/// <param name="channel">Which channel.</param>
/// <param name="y">Which row.</param>
/// <param name="x">Its first pixel.</param>
/// <param name="values">Gets the values from there on, from −1 to 1.</param>
internal delegate void SourceRow(int picture, int channel, int y, int x, Span<float> values);

/// <summary>Takes a row of a result.</summary>
/// <param name="picture">Of which picture.</param>
/// <param name="y">Which row; all of a picture come, from the top to the bottom.</param>
/// <param name="values">Its values, <c>[C, W]</c>.</param>
internal delegate void ResultRow(int picture, int y, ReadOnlySpan<float> values);

/// <summary>Puts the results of tiles together and gives rows away once they are done: it holds a row of tiles, not a picture.</summary>
/// <param name="y">How pictures are cut from the top to the bottom.</param>
/// <param name="x">From left to right.</param>
/// <param name="plan">The results' size, and the number of tiles.</param>
/// <param name="part">What comes of a tile.</param>
/// <param name="scale">How many values come out for how many that go in.</param>
/// <param name="take">Gets the rows.</param>
internal sealed class TileAssembly(AxisPlan y, AxisPlan x, TilePlan plan, ImageShape part, (int Up, int Down) scale, ResultRow take)
{
    private readonly bool _blended = y.Fade + x.Fade > 0;
    private readonly int _rowLength = part.Channels * plan.Width;

    // Rows that aren't done yet, [rows, C, W], from _top on.
    private float[] _band = [];
    private int _top;

    /// <summary>Takes what came of a tile. Tiles come in order, row by row, and picture by picture.</summary>
    /// <param name="values">The result, <c>[C, H, W]</c>.</param>
    /// <param name="picture">Which picture it is of.</param>
    /// <param name="tile">Which tile of the picture.</param>
    public void Put(ReadOnlySpan<float> values, int picture, int tile)
    {
        if (plan.Tiles == 1)
        {
            GiveWhole(values, picture);
            return;
        }
        var (row, column) = (tile / x.Starts.Length, tile % x.Starts.Length);
        if (column == 0)
            Begin(picture, row);
        Add(values, row, column);
        if (tile == plan.Tiles - 1)
            Give(picture, plan.Height);
    }

    /// <summary>The length of what comes of a length; a last pixel that is half there is there.</summary>
    public static int Scaled(int length, (int Up, int Down) scale) =>
        checked((int)(((long)length * scale.Up + scale.Down - 1) / scale.Down));

    private int Scaled(int length) => Scaled(length, scale);

    private void GiveWhole(ReadOnlySpan<float> values, int picture)
    {
        var line = new float[_rowLength];
        for (var row = 0; row < plan.Height; row++)
        {
            for (var channel = 0; channel < part.Channels; channel++)
                values.Slice((channel * part.Height + row) * part.Width, plan.Width).CopyTo(line.AsSpan(channel * plan.Width));
            take(picture, row, line);
        }
    }

    // Nothing more comes to the rows above a row of tiles.
    private void Begin(int picture, int row)
    {
        if (row == 0)
        {
            _top = 0;
            _band = _band.Length > 0 ? _band : new float[y.Kept.Max(kept => Scaled(kept.To) - Scaled(kept.From)) * _rowLength];
            Array.Clear(_band);
        }
        else
            Give(picture, Math.Min(plan.Height, Scaled(y.Kept[row].From)));
    }

    private void Give(int picture, int end)
    {
        for (var row = _top; row < end; row++)
            take(picture, row, _band.AsSpan((row - _top) * _rowLength, _rowLength));
        var given = (end - _top) * _rowLength;
        _band.AsSpan(given).CopyTo(_band);
        _band.AsSpan(_band.Length - given).Clear();
        _top = end;
    }

    private void Add(ReadOnlySpan<float> values, int row, int column)
    {
        var (top, left) = (Scaled(y.Starts[row]), Scaled(x.Starts[column]));
        var (fromY, toY) = (Scaled(y.Kept[row].From), Math.Min(plan.Height, Scaled(y.Kept[row].To)));
        var (fromX, toX) = (Scaled(x.Kept[column].From), Math.Min(plan.Width, Scaled(x.Kept[column].To)));
        var (weightsY, weightsX) = _blended ? (y.Weights(row, scale.Up, scale.Down), x.Weights(column, scale.Up, scale.Down)) : ([], []);
        for (var line = fromY; line < toY; line++)
            for (var channel = 0; channel < part.Channels; channel++)
            {
                var from = values.Slice((channel * part.Height + line - top) * part.Width + fromX - left, Math.Max(0, toX - fromX));
                var to = _band.AsSpan((line - _top) * _rowLength + channel * plan.Width + fromX, from.Length);
                if (!_blended)
                    from.CopyTo(to);
                else
                    for (var i = 0; i < from.Length; i++)
                        to[i] += from[i] * weightsY[line - top] * weightsX[fromX + i - left];
            }
    }
}
