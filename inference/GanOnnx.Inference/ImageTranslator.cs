using GanOnnx.Inference.Images;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;
using GanOnnx.Inference.Tiles;

namespace GanOnnx.Inference;

/// <summary>
/// Turns images into images with a model file: to another style or domain (task <c>translate</c>), or larger
/// (<c>upscale</c>). Loads what GanOnnx exports, and models made by others: what their shapes don't say is in
/// <see cref="ImageTranslatorOptions"/>, or asked for.
/// </summary>
/// <remarks>
/// A model has one input and an output, float32 or uint8, <c>[N, C, H, W]</c>, <c>[N, H, W, C]</c>, <c>[N, H, W]</c> or
/// <c>[N, C·H·W]</c>, with 1, 3 or 4 channels; float16 in the place of float32. N, H and W are dynamic or fixed; where N is fixed, batches
/// that aren't full are
/// padded. Images go in and come out as float32 <c>[N, C, H, W]</c>, −1 … 1, RGB, RGBA or grey.
/// <para>
/// All members may be called from several threads at once, as those of <see cref="ImageGenerator"/>.
/// </para>
/// </remarks>
public sealed class ImageTranslator : IDisposable
{
    private readonly Engine _engine;
    private readonly TranslatorModel _model;
    private readonly int? _readAhead;

    private ImageTranslator(Engine engine, TranslatorModel model, int? readAhead)
    {
        (_engine, _model, _readAhead) = (engine, model, readAhead);
        (Provider, Notice) = (engine.Session.Provider, engine.Session.Notice);
    }

    /// <summary>What the file says and its graph shows.</summary>
    public ModelDescription Model => _model.Description;

    /// <summary>Channels of the images that go in; null where the file leaves them open.</summary>
    public int? Channels => _model.Source.Channels;

    /// <inheritdoc cref="ImageGenerator.Provider"/>
    public string Provider { get; }

    /// <inheritdoc cref="ImageGenerator.Notice"/>
    public string? Notice { get; }

    /// <inheritdoc cref="ImageGenerator.ParallelBatches"/>
    public int ParallelBatches => _engine.Size;

    /// <summary>What is known of the model.</summary>
    internal TranslatorModel Loaded => _model;

    /// <summary>Loads a model.</summary>
    /// <inheritdoc cref="ImageGenerator.Load"/>
    public static ImageTranslator Load(string path, ImageTranslatorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        OptionRules.Check(options);
        path = ModelFile.Find(path);
        return LoadLimit.Run(path, options.Timeout, options.Called, cancellation,
            stop => Open(ModelContent.Read(path, stop), options, stop));
    }

    /// <summary>Translates images.</summary>
    /// <param name="images">One or more, of the size and channels that the model takes.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>As many images, in the same order.</returns>
    /// <exception cref="ModelException">The model doesn't take such images, or failed to run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The translator is closed, or was closed meanwhile.</exception>
    public ImageBatch Translate(ImageBatch images, CancellationToken cancellation = default) =>
        Translate(images, spread: true, cancellation);

    /// <summary>How <see cref="TranslateAny"/> would translate a picture of a size.</summary>
    /// <param name="channels">Its channels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="options">How it is cut. The default is null, <see cref="TileOptions"/> as they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option, the height or the width is out of its range.</exception>
    /// <exception cref="ModelException">The model doesn't take such pictures, even in pieces.</exception>
    public TilePlan PlanFor(int channels, int height, int width, TileOptions? options = null) =>
        CutFor(channels, height, width, options).Plan;

    /// <summary>
    /// Translates pictures of any height and width: what the model can't take at once is cut into tiles, and what its lengths have to be
    /// multiples of is added and taken off again.
    /// </summary>
    /// <remarks>
    /// Where a pixel of the result depends on a part of the picture only, which the model's graph shows, tiles see that part and the
    /// result is that of the whole picture, but for rounding. Else they are blended; <see cref="PlanFor"/> tells which. Memory is that of a few
    /// tiles, beside the picture and the result.
    /// </remarks>
    /// <param name="images">One or more of a size, of the channels that the model takes.</param>
    /// <param name="options">How they are cut. The default is null, <see cref="TileOptions"/> as they are.</param>
    /// <param name="progress">Is told how many tiles are done, and how many there are; null for nobody.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>As many images, in the same order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="Translate(ImageBatch, CancellationToken)" path="exception"/>
    public ImageBatch TranslateAny(ImageBatch images, TileOptions? options = null, Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        _engine.ThrowIfClosed();
        if (images.Count == 0)
            throw Errors.NoImages(Model.Path);
        var tiles = CutFor(images.Channels, images.Height, images.Width, options);
        var (channels, height, width) = (tiles.Channels, tiles.Plan.Height, tiles.Plan.Width);
        var length = (long)channels * height * width;
        if (images.Count * length > Array.MaxLength)
            throw Errors.TooMany(images.Count, length);
        var made = new float[images.Count * length];
        tiles.Run(images.Count, (image, channel, y, x, values) =>
                images[image].Slice((channel * images.Height + y) * images.Width + x, values.Length).CopyTo(values),
            (image, y, row) =>
            {
                for (var channel = 0; channel < channels; channel++)
                    row.Slice(channel * width, width).CopyTo(made.AsSpan((int)(image * length) + (channel * height + y) * width));
            }, progress ?? ((_, _) => { }), cancellation);
        return new(made, images.Count, channels, height, width) { Provider = Provider };
    }

    /// <summary>The same, from and to rows of whatever form the caller has them in.</summary>
    /// <param name="count">How many pictures.</param>
    /// <param name="shape">Their channels, height and width.</param>
    /// <param name="source">Gives their values.</param>
    /// <param name="take">Gets the results' rows.</param>
    /// <param name="options">See <see cref="TranslateAny"/>.</param>
    /// <param name="progress">See <see cref="TranslateAny"/>.</param>
    /// <param name="cancellation">See <see cref="TranslateAny"/>.</param>
    internal void TranslateRows(int count, ImageShape shape, SourceRow source, ResultRow take, TileOptions? options,
        Action<int, int>? progress, CancellationToken cancellation)
    {
        _engine.ThrowIfClosed();
        CutFor(shape.Channels, shape.Height, shape.Width, options).Run(count, source, take, progress ?? ((_, _) => { }), cancellation);
    }

    /// <summary>
    /// Translates images as they are asked for, and while the reader is busy with a batch, the next ones:
    /// <see cref="ModelOptions.ReadAhead"/> of them are held, however many images there are.
    /// </summary>
    /// <param name="images">Batches of any length, in the order they come; read in the reader's thread.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>A batch for each that goes in.</returns>
    /// <inheritdoc cref="Translate(ImageBatch, CancellationToken)" path="exception"/>
    public IAsyncEnumerable<ImageBatch> StreamAsync(IEnumerable<ImageBatch> images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return AheadOfReader.Run(
            images, (batch, stop) => Translate(batch, spread: false, stop), () => _engine.Size, () => _readAhead ?? 2 * _engine.Size,
                cancellation);
    }

    /// <summary>
    /// Closes the translator and frees the model. Runs under way are ended, and so are all calls and streams that aren't done, with
    /// <see cref="ObjectDisposedException"/>. Calling it again does nothing.
    /// </summary>
    public void Dispose() => _engine.Dispose();

    // Ends the runs under way, and every one that begins, without waiting for them.
    internal void Stop() => _engine.Stop();

    private static ImageTranslator Open(ModelContent content, ImageTranslatorOptions options, CancellationToken stop)
    {
        var engine = new Engine(content, options, "translate", stop);
        try
        {
            return new(engine, new TranslatorModel(content, engine, options), options.ReadAhead);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private TiledTranslation CutFor(int channels, int height, int width, TileOptions? options)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size ?? TileOptions.SmallestSize, TileOptions.SmallestSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Size ?? 0, TileOptions.LargestSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Overlap, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Overlap, TileOptions.LargestSize, nameof(options));
        return TiledTranslation.Create(this, _model.Field, channels, height, width, options);
    }

    private ImageBatch Translate(ImageBatch images, bool spread, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(images);
        _engine.ThrowIfClosed();
        if (images.Count == 0)
            throw Errors.NoImages(Model.Path);

        var translation = _model.For(new(images.Channels, images.Height, images.Width));
        var made = ImageBatch.Create(translation.To, images.Count, Provider);
        Make(translation, images.Memory, images.Count, made.Memory, spread, cancellation);
        return made;
    }

    /// <summary>The bytes of a run's tensors: the images as the model takes them, and as it makes them.</summary>
    internal byte[] Run(Translation translation, ReadOnlyMemory<byte> images, int count, CancellationToken cancellation)
    {
        _engine.ThrowIfClosed();
        var made = new byte[checked(count * translation.Shape.Output.RowBytes)];
        _engine.Run(new TensorWork([images], made), count, translation.Shape, spread: true, cancellation);
        return made;
    }

    // From and into the caller's memory, as ImageGenerator.Make does.
    internal void Make(
        Translation translation, ImageMemory images, int count, ImageMemory made, bool spread, CancellationToken cancellation = default)
    {
        if (!images.AreFinite(translation.From.Shape, count))
            throw Errors.NotFinite(Model.Path, "images");
        _engine.Run(new TranslationWork(Model.Path, translation, images, made), count, translation.Shape, spread, cancellation);
    }
}
