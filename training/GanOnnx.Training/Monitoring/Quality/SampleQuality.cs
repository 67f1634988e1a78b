using System.Diagnostics;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Inference;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training.Monitoring.Quality;

/// <summary>
/// Measures a run's samples beside its data: at every tick how varied they are, by the features of a few, so that neither a background
/// nor classes hide a collapse; and every so many ticks, where the options ask for it, the figures of an evaluation.
/// </summary>
internal sealed class SampleQuality : IDisposable
{
    // Before that there is nothing to see yet; short runs cost nothing.
    private const long FirstImages = 5000;

    // As many samples as people look at; real ones enough for a mean. At 96 pixels they take a fifth of the time that 224 would.
    private const int Samples = 64, Reals = 256, SmallSize = 96;

    private const int Evaluated = 2000;

    private readonly ITrainingTask _task;
    private readonly ImageDataset _data;
    private readonly TrainingOptions _options;
    private readonly int _classes;
    // One for all runs of a process: reading it takes more memory than it has.
    private static readonly Lazy<FeatureNetwork> _small = new(() => FeatureNetwork.OfSmallResNet18(SmallSize));

    private FeatureNetwork? _large;
    private LabelledFeatures? _realSmall, _realLarge;

    /// <param name="task">Makes the samples.</param>
    /// <param name="data">The real images.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="classes">How many classes the networks know; 0 for none.</param>
    public SampleQuality(ITrainingTask task, ImageDataset data, TrainingOptions options, int classes) =>
        (_task, _data, _options, _classes) = (task, data, options, classes);

    /// <summary>Why nothing can be measured; null where it can.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>Measures a tick, and sets its figures.</summary>
    /// <param name="tick">The tick's number, from 1.</param>
    /// <param name="images">Real images shown.</param>
    /// <returns>The figures of the evaluation; empty where there was none.</returns>
    public IReadOnlyList<EvaluationFigure> Measure(long tick, long images)
    {
        if (Unavailable is not null || images < FirstImages || _task.Generate(0, [0]) is null)
            return [];
        try
        {
            MeasureVariety();
            return _options.Metrics is { } metrics && tick % _options.MetricsEvery == 0 ? Evaluate(TrainingOptions.SplitList(metrics)) : [];
        }
        // Training goes on without figures that are only looked at.
        catch (Exception e) when (e is EvaluationException or ModelException or DllNotFoundException or TypeInitializationException)
        {
            Unavailable = $"Samples aren't measured beside the data: {e.Message}";
            return [];
        }
    }

    private void MeasureVariety()
    {
        var network = _small.Value;
        _realSmall ??= Read(network, new DatasetImages(_data, Chosen(Reals)));
        var figures = EvaluationMetrics.Get("variety").Measure(Sets(_realSmall, Read(network, Made(Samples)))).ToDictionary(f => f.Name, f => f.Value);
        _task.Measurements.Set(Figures.Variety, figures["variety"]);
        _task.Measurements.Set(Figures.NearDuplicates, figures["near-duplicates"]);
        if (figures.TryGetValue("variety in classes", out var within))
            _task.Measurements.Set(Figures.VarietyInClasses, within);
    }

    private List<EvaluationFigure> Evaluate(string[] metrics)
    {
        var time = Stopwatch.StartNew();
        _large ??= FeatureNetwork.OfResNet18(Inference.Device.Cpu);
        var count = Math.Min(Evaluated, _data.Count);
        if (_realLarge is null)
        {
            var images = new DatasetImages(_data, Chosen(count));
            var (features, places) = FeatureCache.Get($"{_data.Fingerprint}|{_data.Size}|{_data.Channels}|{_large.Identity}|{count}", _large.FeatureCount,
                () => FeatureExtraction.Of(_large, images, _ => { }, default));
            _realLarge = new(features, places, _data.Classes.Count > 0 ? [.. places.Select(images.LabelOf)] : null);
        }
        var sets = Sets(_realLarge, Read(_large, Made(count)));
        List<EvaluationFigure> figures = [.. metrics.SelectMany(name => EvaluationMetrics.Get(name).Measure(sets))];
        foreach (var figure in figures.Where(figure => !IsMeasuredAnyway(figure.Name)))
            _task.Measurements.Set(Figure.Extra(figure.Name), figure.Value);
        _task.Measurements.Set(Figures.EvaluationSeconds, time.Elapsed.TotalSeconds);
        return figures;
    }

    private static bool IsMeasuredAnyway(string name) => Figures.All.Any(figure => figure.Name == name);

    private TaskImages Made(int count) => new(_task, count, _data.Size, _data.Channels, _classes);

    // Those of the networks' classes; data may have some that aren't used.
    private EvaluationSets Sets(LabelledFeatures real, LabelledFeatures made) => new(real.Features, made.Features)
    {
        RealLabels = _classes > 0 ? real.Labels : null,
        GeneratedLabels = _classes > 0 ? made.Labels : null,
    };

    private int[] Chosen(int count)
    {
        var order = Enumerable.Range(0, _data.Count).ToArray();
        new RandomStream(0, RandomStreams.Evaluated).Shuffle(0, order.AsSpan());
        return [.. order.Take(count).Order()];
    }

    private static LabelledFeatures Read(FeatureNetwork network, ImageSet images)
    {
        var (features, places) = FeatureExtraction.Of(network, images, _ => { }, default);
        return new(features, places, [.. places.Select(images.LabelOf)]);
    }

    public void Dispose() => _large?.Dispose();
}
