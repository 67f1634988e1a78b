using System.Threading.RateLimiting;
using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.AspNetCore.Models;

/// <summary>
/// A model in memory, that has made an image. Requests rent it; whoever takes it out of the catalog lets it go, and the last to return it
/// closes it.
/// </summary>
internal sealed class LoadedModel
{
    // Enough to see that a model works, for one that takes any size.
    private const int TrialSide = 64;

    private readonly ConcurrencyLimiter _places;
    private int _users = 1;

    private LoadedModel(string name, ImageGenerator? generator, ImageTranslator? translator, int pictures)
    {
        (Name, Generator, Translator) = (name, generator, translator);
        Card = Models.Card.Beside(Description.Path);
        Created = File.GetLastWriteTimeUtc(Description.Path);
        // Found by trying, so before somebody waits for it.
        StyleLayers = Description.StyleLayers;
        _places = new(new()
        {
            PermitLimit = generator?.ParallelBatches ?? translator!.ParallelBatches,
            QueueLimit = pictures,
        });
    }

    public string Name { get; }

    /// <summary>Null for a model from image to image.</summary>
    public ImageGenerator? Generator { get; }

    /// <summary>Null for a model from noise to images.</summary>
    public ImageTranslator? Translator { get; }

    public ModelDescription Description => Generator?.Model ?? Translator!.Model;

    public string Provider => Generator?.Provider ?? Translator!.Provider;

    public string? Notice => Generator is not null ? Generator.Notice : Translator!.Notice;

    public int? StyleLayers { get; }

    /// <summary>The text of its card; null where there is none.</summary>
    public string? Card { get; }

    /// <summary>When its file was written.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>Loads a model and has it make an image.</summary>
    /// <exception cref="ModelException">It can't be loaded, or makes none.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LoadedModel Load(ServedModel served, GanOnnxOptions options, CancellationToken stop)
    {
        var isGenerator = IsGenerator(ModelContent.Read(ModelFile.Find(served.Path), stop));
        var generator = isGenerator ? ImageGenerator.Load(served.Path, options.Generator, stop) : null;
        ImageTranslator? translator = null;
        try
        {
            translator = isGenerator ? null : ImageTranslator.Load(served.Path, options.Translator, stop);
            Try(generator, translator, stop);
            var name = served.Name ?? (generator?.Model ?? translator!.Model).Name;
            return new(name, generator, translator, options.PictureQueueLimit);
        }
        catch
        {
            generator?.Dispose();
            translator?.Dispose();
            throw;
        }
    }

    /// <summary>Whether it could be taken: it may just have been closed.</summary>
    public bool TryRent()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return true;
        return false;
    }

    /// <summary>Gives it back; the last one closes it.</summary>
    public void Return()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        Generator?.Dispose();
        Translator?.Dispose();
        _places.Dispose();
    }

    /// <summary>A place for what takes memory for more than a batch: a picture that is translated, a walk, many tensors. First come, first
    /// served.</summary>
    /// <exception cref="QueueFullException">Too many wait.</exception>
    public async Task<IDisposable> Place(CancellationToken stop)
    {
        var lease = await _places.AcquireAsync(1, stop).ConfigureAwait(false);
        return lease.IsAcquired ? lease : throw new QueueFullException("Too many pictures wait.");
    }

    private static bool IsGenerator(ModelContent content) => ModelMetadata.FromProperties(content.Metadata)?.Task switch
    {
        ModelTask.Generate or ModelTask.TextToImage => true,
        ModelTask.Translate or ModelTask.Upscale => false,
        // Loading it as a generator says what is the matter.
        ModelTask.Score => true,
        _ => content.Inputs() is not [{ Axes: [_, _, { Length: not 1 }, _] }],
    };

    private static void Try(ImageGenerator? generator, ImageTranslator? translator, CancellationToken stop)
    {
        if (generator is not null)
        {
            generator.Generate(1, label: generator.Model.IsConditional ? 0 : null, cancellation: stop);
            return;
        }
        var source = translator!.Loaded.Source;
        var (channels, height, width) = (translator.Channels ?? 3, source.Height ?? TrialSide, source.Width ?? TrialSide);
        translator.TranslateAny(new(new float[channels * height * width], 1, channels, height, width), cancellation: stop);
    }
}
