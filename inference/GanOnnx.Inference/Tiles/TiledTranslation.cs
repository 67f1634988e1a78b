using GanOnnx.Inference.Models;
using GanOnnx.Onnx.Checking;

namespace GanOnnx.Inference.Tiles;

/// <summary>Translates pictures of any size: cuts them into tiles, and puts together what comes of those.</summary>
internal sealed class TiledTranslation
{
    // Exact ones are smaller: what the model holds of a tile on the way is most of the memory, and nothing shows where they meet.
    private const int DefaultSize = 256, ExactSize = 192;
    private const long MostWhole = 512 * 512;

    // What a model makes of one tile, or of a picture that goes through it whole.
    private const double MostPixelsOfTile = 400_000_000;

    // Small pictures go through the model together; of large ones a run has one, as what it holds on the way is many times larger.
    private const int PixelsPerRun = 1 << 16, MostPerRun = 16;

    private readonly ImageTranslator _translator;
    private readonly Translation _translation;
    private readonly AxisPlan _y, _x;
    private readonly int _height, _width, _up, _down;

    private TiledTranslation(ImageTranslator translator, ReceptiveField? field, AxisPlan y, AxisPlan x, int channels, int height, int width,
        bool isExact)
    {
        (_translator, _y, _x, _height, _width) = (translator, y, x, height, width);
        // Before the model is run to see what it makes.
        if (field is not null && (double)y.Tile * x.Tile * field.Y.Per / field.Y.Across * field.X.Per / field.X.Across > MostPixelsOfTile)
            throw Errors.TooLarge(translator.Model.Path, y.Tile, x.Tile);
        _translation = translator.Loaded.For(new(channels, y.Tile, x.Tile));
        var made = _translation.To.Shape;
        (_up, _down) = Scale(field?.Y, y.Tile, made.Height);
        if (Scale(field?.X, x.Tile, made.Width) != (_up, _down))
            (_up, _down) = (0, 0);
        if (_up == 0 && y.Starts.Length * x.Starts.Length > 1)
            throw Errors.NotInTiles(translator.Model.Path, y.Tile, x.Tile, made);
        // What doesn't grow or shrink evenly is as the model makes it.
        var (resultHeight, resultWidth) = _up == 0 ? (made.Height, made.Width) : (Up(height), Up(width));
        Plan = new(y.Starts.Length * x.Starts.Length, y.Tile, x.Tile, resultHeight, resultWidth, isExact);
    }

    public TilePlan Plan { get; }

    /// <summary>How pictures of a size are translated.</summary>
    /// <exception cref="ModelException">The model doesn't take such pictures, even in pieces.</exception>
    public static TiledTranslation Create(ImageTranslator translator, ReceptiveField? field, int channels, int height, int width,
        TileOptions options)
    {
        var source = translator.Loaded.Source;
        if (source.Height is not null || source.Width is not null)
        {
            var y = source.Height is { } high ? AxisPlan.Fixed(height, high, options.Overlap) : AxisPlan.Whole(height, 1);
            var x = source.Width is { } wide ? AxisPlan.Fixed(width, wide, options.Overlap) : AxisPlan.Whole(width, 1);
            return new(translator, field, y, x, channels, height, width, isExact: (y.Length, x.Length) == (height, width)
                && y.Starts.Length * x.Starts.Length == 1);
        }
        var (multipleY, multipleX) = ((int)(field?.Y.Multiple ?? 1), (int)(field?.X.Multiple ?? 1));
        var size = options.Size ?? DefaultSize;
        var isNear = field is { IsBounded: true } && IsNear(field.Y, size) && IsNear(field.X, size);
        if (isNear)
            size = options.Size ?? ExactSize;
        var whole = options.Whole ?? (isNear
            ? (size + field!.Y.Before + field.Y.After) * (size + field.X.Before + field.X.After) : MostWhole);
        if ((long)height * width <= whole)
            return new(translator, field, AxisPlan.Whole(height, multipleY), AxisPlan.Whole(width, multipleX), channels, height, width,
                isExact: true);
        if (isNear)
            return new(translator, field, AxisPlan.Exact(height, size, field!.Y), AxisPlan.Exact(width, size, field.X), channels, height,
                width, isExact: true);
        // Where it isn't known what its lengths have to be, powers of two suit most.
        var tile = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(size + 2 * options.Overlap));
        var (blendedY, blendedX) = (AxisPlan.Blended(height, AxisPlan.Up(tile, multipleY), options.Overlap, multipleY),
            AxisPlan.Blended(width, AxisPlan.Up(tile, multipleX), options.Overlap, multipleX));
        return new(translator, field, blendedY, blendedX, channels, height, width,
            isExact: blendedY.Starts.Length * blendedX.Starts.Length == 1);
    }

    // Otherwise a tile would be many times what it gives.
    private static bool IsNear(AxisField axis, int size) => axis.Before + axis.After <= Math.Max(2 * size, 128)
        && axis.Multiple <= Math.Max(size, 64);

    /// <summary>Channels of the results.</summary>
    public int Channels => _translation.To.Shape.Channels;

    /// <summary>Translates pictures. A few tiles are held at a time, and a row of results of tiles.</summary>
    /// <param name="pictures">How many.</param>
    /// <param name="source">Gives their values.</param>
    /// <param name="take">Gets the results' rows.</param>
    /// <param name="progress">Is told how many tiles are done, and how many there are.</param>
    /// <param name="stop">Looked at between tiles.</param>
    public void Run(int pictures, SourceRow source, ResultRow take, Action<int, int> progress, CancellationToken stop)
    {
        var perRun = Math.Clamp(PixelsPerRun / (_y.Tile * _x.Tile), 1, MostPerRun);
        var total = checked(pictures * Plan.Tiles);
        var atOnce = Math.Min(total, perRun * _translator.ParallelBatches);
        var (from, to) = (_translation.From.Shape, _translation.To.Shape);
        // Taken again and again, so that large pictures leave nothing behind.
        var (tiles, parts) = (new float[atOnce * from.Length], new float[atOnce * to.Length]);
        var results = new TileAssembly(_y, _x, Plan, to, (_up, _down), take);
        for (var first = 0; first < total; first += atOnce)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(atOnce, total - first);
            for (var i = 0; i < count; i++)
                Cut(source, (first + i) / Plan.Tiles, (first + i) % Plan.Tiles, tiles.AsSpan(i * from.Length));
            _translator.Make(_translation, new(tiles), count, new(parts), spread: true, stop);
            for (var i = 0; i < count; i++)
                results.Put(parts.AsSpan(i * to.Length, to.Length), (first + i) / Plan.Tiles, (first + i) % Plan.Tiles);
            progress(first + count, total);
        }
    }

    // Beyond the picture's right and lower sides it is mirrored.
    private void Cut(SourceRow source, int picture, int tile, Span<float> values)
    {
        var (top, left) = (_y.Starts[tile / _x.Starts.Length], _x.Starts[tile % _x.Starts.Length]);
        var inside = Math.Clamp(_width - left, 0, _x.Tile);
        for (var (channel, to) = (0, 0); channel < _translation.From.Shape.Channels; channel++)
            for (var y = 0; y < _y.Tile; y++, to += _x.Tile)
            {
                var row = Mirrored(top + y, _height);
                if (inside > 0)
                    source(picture, channel, row, left, values.Slice(to, inside));
                for (var x = inside; x < _x.Tile; x++)
                    source(picture, channel, row, Mirrored(left + x, _width), values.Slice(to + x, 1));
            }
    }

    private int Up(int length) => TileAssembly.Scaled(length, (_up, _down));

    // Nothing where the result isn't evenly larger or smaller, as where borders are cut off.
    private static (int Up, int Down) Scale(AxisField? axis, int from, int to)
    {
        var (up, down) = axis is { } known ? ((int)known.Per, (int)known.Across)
            : to % from == 0 ? (to / from, 1) : to > 0 && from % to == 0 ? (1, from / to) : (0, 1);
        return (long)to * down == (long)from * up ? (up, down) : (0, 0);
    }

    private static int Mirrored(int place, int length)
    {
        if (place < length)
            return place;
        var around = place % (2 * length);
        return around < length ? around : 2 * length - 1 - around;
    }
}
