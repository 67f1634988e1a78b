using System.Threading.RateLimiting;
using GanOnnx.Inference;
using GanOnnx.Inference.Models;
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

    private LoadedModel(string name, ImageGenerator? rows, ImageTranslator? translator, ModelTask task, int pictures)
    {
        (Name, Rows, Translator) = (name, rows, translator);
        (Generator, Sounds, Clips) = task switch
        {
            ModelTask.Sound => ((ImageGenerator?)null, new SoundGenerator(rows!), (VideoGenerator?)null),
            ModelTask.Video => (null, null, new VideoGenerator(rows!)),
            _ => (rows, null, null),
        };
        Card = Models.Card.Beside(Description.Path);
        Created = File.GetLastWriteTimeUtc(Description.Path);
        // Found by trying, so before somebody waits for it.
        StyleLayers = Description.StyleLayers;
        _places = new(new()
        {
            PermitLimit = Rows?.ParallelBatches ?? translator!.ParallelBatches,
            QueueLimit = pictures,
        });
    }

    public string Name { get; }

    /// <summary>Null for a model that doesn't make images of noise.</summary>
    public ImageGenerator? Generator { get; }

    /// <summary>Null for a model that doesn't make sounds.</summary>
    public SoundGenerator? Sounds { get; }

    /// <summary>Null for a model that doesn't make clips.</summary>
    public VideoGenerator? Clips { get; }

    /// <summary>What makes rows of noise, images, sounds or clips; null for a model from image to image.</summary>
    public ImageGenerator? Rows { get; }

    /// <summary>Null for a model from noise.</summary>
    public ImageTranslator? Translator { get; }

    public ModelDescription Description => Rows?.Model ?? Translator!.Model;

    public string Provider => Rows?.Provider ?? Translator!.Provider;

    public string? Notice => Rows is not null ? Rows.Notice : Translator!.Notice;

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
        var task = TaskOf(ModelContent.Read(ModelFile.Find(served.Path), stop));
        ImageGenerator? rows = null;
        ImageTranslator? translator = null;
        try
        {
            rows = task == ModelTask.Translate ? null : ImageGenerator.LoadRows(GeneratorKind.Of(task), served.Path, options.Generator,
                stop);
            translator = task == ModelTask.Translate ? ImageTranslator.Load(served.Path, options.Translator, stop) : null;
            Try(rows, translator, stop);
            return new(served.Name ?? (rows?.Model ?? translator!.Model).Name, rows, translator, task, options.PictureQueueLimit);
        }
        catch
        {
            rows?.Dispose();
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
        Rows?.Dispose();
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

    private static ModelTask TaskOf(ModelContent content) => ModelMetadata.FromProperties(content.Metadata)?.Task switch
    {
        ModelTask.Generate or ModelTask.TextToImage => ModelTask.Generate,
        ModelTask.Translate or ModelTask.Upscale => ModelTask.Translate,
        ModelTask.Sound => ModelTask.Sound,
        ModelTask.Video => ModelTask.Video,
        // Loading it as a generator says what is the matter.
        ModelTask.Score => ModelTask.Generate,
        _ => content.Inputs() is [{ Axes: [_, _, { Length: not 1 }, _] }] ? ModelTask.Translate : ModelTask.Generate,
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
