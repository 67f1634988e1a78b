using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Evaluation;

/// <summary>What is judged: a model's images, or pictures.</summary>
internal sealed class Subject : IDisposable
{
    private const int SmallestSize = 8, LargestSize = 1024, SpectrogramSize = 64;

    private readonly IImageSource? _source;
    private readonly int[]? _classes;

    private Subject(ImageSet images, ModelDescription? model, IImageSource? source, int[]? classes) =>
        (Images, Model, _source, _classes) = (images, model, source, classes);

    /// <summary>The images.</summary>
    public ImageSet Images { get; }

    /// <summary>The model; null of pictures.</summary>
    public ModelDescription? Model { get; }

    /// <summary>Opens a model or a source of pictures.</summary>
    /// <exception cref="EvaluationException">It makes no images that can be judged.</exception>
    /// <exception cref="EvaluationMismatchException">The model and the real images are of two kinds.</exception>
    public static Subject Open(EvaluationOptions options, IImageSource real, CancellationToken stop) =>
        IsModel(options.Subject) ? OfModel(options, real, stop) : OfPictures(options, real, stop);

    /// <summary>Whether a path is a model's: a .onnx file, or a folder with <c>model.onnx</c>.</summary>
    public static bool IsModel(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        || File.Exists(Path.Combine(path, "model.onnx"));

    /// <summary>The class of an image by the real data's numbers, or −1.</summary>
    public int LabelOf(int image) => Images.LabelOf(image) is >= 0 and var label ? _classes is { } classes ? classes[label] : label : -1;

    /// <summary>Puts the images through a network.</summary>
    public LabelledFeatures Read(FeatureNetwork network, Action<int, int> progress, CancellationToken stop)
    {
        var (features, places) = FeatureExtraction.Of(network, Images, done => progress(done, Images.Count), stop);
        int[] labels = [.. places.Select(LabelOf)];
        return new(features, places, labels.Any(label => label >= 0) ? labels : null);
    }

    public void Dispose()
    {
        Images.Dispose();
        _source?.Dispose();
    }

    private static Subject OfModel(EvaluationOptions options, IImageSource real, CancellationToken stop)
    {
        if (real is IRecordings recordings)
            return OfSounds(options, real, recordings.Form, stop);
        if (TaskOf(options.Subject, stop) == ModelTask.Video)
            return real is IClips clips ? OfClips(options, real, clips.Frames, stop)
                : throw new EvaluationException($"'{options.SubjectName ?? options.Subject}' makes clips, and '{options.Data}' has none. Give clips.");
        var generator = ImageGenerator.Load(options.Subject, options.Generator, stop);
        try
        {
            var model = generator.Model;
            CheckSize(model, options.SubjectName ?? model.Path);
            var labels = LabelsOf(model, real);
            KindMatch.Check(options, model, real);
            return new(new ModelImages(generator, options.Count, options.Seed, options.Truncation, labels), model, null, null);
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    // Sounds are judged by their spectrograms, as recordings are.
    private static Subject OfSounds(EvaluationOptions options, IImageSource real, SoundForm form, CancellationToken stop)
    {
        if (options.Truncation is not null || options.Sweep.Count > 0)
            throw new EvaluationException($"'{options.Subject}' makes sounds, and has no truncation.");
        var generator = SoundGenerator.Load(options.Subject, new()
        {
            Device = options.Generator.Device,
            BatchSize = options.Generator.BatchSize,
        }, stop);
        try
        {
            if (form != new SoundForm(generator.Samples, generator.Rate))
                throw new EvaluationException($"'{options.SubjectName ?? generator.Model.Path}' changed while it was loaded.");
            var model = generator.Model;
            var labels = LabelsOf(model, real);
            var spectrogram = new Spectrogram(form.Rate, form.Samples, SpectrogramSize);
            return new(new ModelImages(generator.Rows, options.Count, options.Seed, null, labels)
            {
                Spectrograms = (spectrogram, SpectrogramSize),
            }, model, null, null);
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    // Clips are judged by one of their frames, as those of the data are.
    private static Subject OfClips(EvaluationOptions options, IImageSource real, int frames, CancellationToken stop)
    {
        if (options.Truncation is not null || options.Sweep.Count > 0)
            throw new EvaluationException($"'{options.Subject}' makes clips, and has no truncation.");
        var generator = VideoGenerator.Load(options.Subject, new()
        {
            Device = options.Generator.Device,
            BatchSize = options.Generator.BatchSize,
        }, stop);
        try
        {
            var model = generator.Model;
            if (generator.Frames != frames)
                throw new EvaluationException($"'{options.SubjectName ?? model.Path}' changed while it was loaded.");
            CheckSize(model, options.SubjectName ?? model.Path);
            var labels = LabelsOf(model, real);
            KindMatch.Check(options, model, real);
            return new(new ModelImages(generator.Rows, options.Count, options.Seed, null, labels) { Clips = generator }, model, null, null);
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>Frames of the clips that data is read as, to be compared with a model's; null for pictures and recordings.</summary>
    /// <exception cref="ModelException">It can't be read.</exception>
    public static int? FramesOf(string subject, CancellationToken stop) =>
        IsModel(subject) && TaskOf(subject, stop) == ModelTask.Video
            && ModelContent.Read(ModelFile.Find(subject), stop).Outputs().FirstOrDefault(output => output is { Name: "video", Axes.Count: 5 })?.Axes[1].Length is > 0 and var frames
            ? frames : null;

    private static ModelTask? TaskOf(string subject, CancellationToken stop) =>
        ModelMetadata.FromProperties(ModelContent.Read(ModelFile.Find(subject), stop).Metadata)?.Task;

    /// <summary>What recordings are brought to, to be compared with a model's sounds; null of one that makes none.</summary>
    /// <exception cref="ModelException">It can't be read.</exception>
    public static SoundForm? FormOf(string subject, CancellationToken stop)
    {
        if (!IsModel(subject))
            return null;
        var content = ModelContent.Read(ModelFile.Find(subject), stop);
        return ModelMetadata.FromProperties(content.Metadata) is { Task: ModelTask.Sound, Audio: { IsPossible: true, Rate: var rate } }
            && content.Outputs().FirstOrDefault(output => output.Axes.Count == 3)?.Axes[2].Length is > 0 and var samples
                ? new SoundForm(samples, rate) : null;
    }

    private static Subject OfPictures(EvaluationOptions options, IImageSource real, CancellationToken stop)
    {
        if (options.Truncation is not null || options.Sweep.Count > 0)
            throw new EvaluationException($"'{options.Subject}' has pictures that are there already; only a model's can be truncated.");
        var source = ImageSources.Open(options.Subject, DataOptions.Of(null, options.Fit), stop);
        try
        {
            if (source is IRecordings != real is IRecordings)
                throw new EvaluationException($"'{options.Subject}' and '{options.Data}' are pictures and recordings, which can't be compared.");
            // Pictures are compared at the size that all of them have at least.
            var size = Math.Clamp((source as IDescribed)?.Sizes is { Smallest: var smallest } ? Math.Min(smallest.Width, smallest.Height)
                : 64,
                SmallestSize, LargestSize);
            var channels = Math.Max(source.Channels, real.Channels);
            var classes = source.Classes.Count > 0 && real.Classes.Count > 0 ? ClassMatch.Find(source.Classes, real.Classes) : null;
            var images = new SourceImages(source, RealImages.Spread(source.Count, Math.Min(options.Count, source.Count)), size, channels);
            return new(images, null, source, classes ?? [.. Enumerable.Repeat(-1, Math.Max(1, source.Classes.Count))]);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    // Without names its labels are drawn from the seed, and none is asked for.
    private static int[]? LabelsOf(ModelDescription model, IImageSource real) =>
        model.IsConditional && model.Classes.Count > 0 ? ClassMatch.Find(model.Classes, real.Classes) : null;

    private static void CheckSize(ModelDescription model, string name)
    {
        if (model.Channels is not (1 or 3) || model.Height is not { } height || model.Width is not { } width)
            throw new EvaluationException($"'{name}' leaves its images' size to the run or makes transparent ones; a model is evaluated at a "
                + "fixed size, grey or in color.");
        if (height != width || height < SmallestSize)
            throw new EvaluationException($"'{name}' makes images of {width} × {height} pixels; square ones of {SmallestSize} pixels or more "
                + "can be evaluated.");
    }
}
