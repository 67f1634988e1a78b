using GanOnnx.Inference.Images;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference;

/// <summary>
/// Turns images into images with a model file: to another style or domain (task <c>translate</c>), or larger
/// (<c>upscale</c>). Loads what GanOnnx exports, and models made by others: what their shapes don't say is in
/// <see cref="ImageTranslatorOptions"/>, or asked for.
/// </summary>
/// <remarks>
/// A model has one input and an output, float32 or uint8, <c>[N, C, H, W]</c>, <c>[N, H, W, C]</c>, <c>[N, H, W]</c> or
/// <c>[N, C·H·W]</c>, with 1 or 3 channels. N, H and W are dynamic or fixed; where N is fixed, batches that aren't full are
/// padded. Images go in and come out as float32 <c>[N, C, H, W]</c>, −1 … 1, RGB or grey.
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

    /// <inheritdoc cref="ImageGenerator.Provider"/>
    public string Provider { get; }

    /// <inheritdoc cref="ImageGenerator.Notice"/>
    public string? Notice { get; }

    /// <inheritdoc cref="ImageGenerator.ParallelBatches"/>
    public int ParallelBatches => _engine.Size;

    /// <summary>Loads a model.</summary>
    /// <inheritdoc cref="ImageGenerator.Load"/>
    public static ImageTranslator Load(string path, ImageTranslatorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        OptionRules.Check(options);
        path = ModelFile.Find(path);
        var engine = new Engine(path, options, "translate");
        try
        {
            return new(engine, new TranslatorModel(path, engine, options), options.ReadAhead);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Translates images.</summary>
    /// <param name="images">One or more, of the size and channels that the model takes.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>As many images, in the same order.</returns>
    /// <exception cref="ModelException">The model doesn't take such images, or failed to run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The translator is closed, or was closed meanwhile.</exception>
    public ImageBatch Translate(ImageBatch images, CancellationToken cancellation = default) =>
        Translate(images, spread: true, cancellation);

    /// <summary>
    /// Translates images as they are asked for, and while the reader is busy with a batch, the next ones:
    /// <see cref="ModelOptions.ReadAhead"/> of them are held, however many images there are.
    /// </summary>
    /// <param name="images">Batches of any length, in the order they come; read in the reader's thread.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
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
    /// Closes the translator and frees the model. It waits for the batches that are running; calls and streams that need
    /// another one end with <see cref="ObjectDisposedException"/>. Calling it again does nothing.
    /// </summary>
    public void Dispose() => _engine.Dispose();

    private ImageBatch Translate(ImageBatch images, bool spread, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(images);
        _engine.ThrowIfClosed();
        if (images.Count == 0)
            throw Errors.NoImages(Model.Path);
        if (!Finite.Are(images.Values))
            throw Errors.NotFinite(Model.Path, "images");

        var translation = _model.For(images);
        var made = ImageBatch.Create(translation.To, images.Count, Provider);
        _engine.Run(new TranslationWork(Model.Path, translation, images, made.Memory), images.Count, translation.Shape, spread,
            cancellation);
        return made;
    }
}
