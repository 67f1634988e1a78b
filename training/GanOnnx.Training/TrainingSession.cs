using System.Diagnostics;
using System.Text.Json;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>A run at work: its data, its networks, how far it is.</summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingRun _run;
    private readonly ITrainingMonitor _monitor;
    private readonly ImageDataset _data;
    private readonly GanTrainer _trainer;
    private readonly BatchLoader _batches;
    private readonly string[] _classes;
    private readonly torch.Device _device;
    private RunLog? _log;
    private readonly Stopwatch _tickTime = new();
    private long _step, _tickStart;

    /// <param name="run">The run.</param>
    /// <param name="source">Its data, or null where the run goes on with what it has decoded.</param>
    /// <param name="monitor">Is told how it gets on.</param>
    /// <param name="stop">Stops decoding.</param>
    public TrainingSession(TrainingRun run, IImageSource? source, ITrainingMonitor monitor, CancellationToken stop)
    {
        (_run, _monitor) = (run, monitor);
        var options = run.Options;
        _data = source is null ? ReopenData(stop) : ImageDataset.Decode(run.Data, source, DataPath, options.Size, options.Channels, monitor.Decoding, stop);
        _device = run.Cuda ? torch.device(DeviceType.CUDA, 0) : CPU;
        _classes = RunData.Classes(run, _data.Classes);
        _trainer = new GanTrainer(options, _data.Channels, _classes.Length, _device);
        _batches = new BatchLoader(_data, options);
    }

    private long TotalSteps => (_run.Options.Kimg * 1000L + _run.Options.ImagesPerStep - 1) / _run.Options.ImagesPerStep;

    // A tick ends with the step in which its images are reached.
    private bool EndsTick => TicksAt(_step) > TicksAt(_step - 1) || _step == TotalSteps;

    private long TicksAt(long step) => step * _run.Options.ImagesPerStep / (_run.Options.TickKimg * 1000L);

    private string CheckpointPath => Path.Combine(_run.Folder, Checkpoint.FileName);

    private string DataPath => Path.Combine(_run.Folder, ImageDataset.FileName);

    public void Dispose()
    {
        _log?.Dispose();
        _batches.Dispose();
        _trainer.Dispose();
        _data.Dispose();
    }

    // The run keeps its decoded images until others are known to be the same.
    private ImageDataset ReopenData(CancellationToken stop)
    {
        var info = Checkpoint.ReadInfo(_run.Folder);
        if (ImageDataset.TryOpen(DataPath) is { } kept)
        {
            if (kept.Source == ImageSources.FullName(_run.Data) && kept.Fingerprint == info.DataFingerprint)
                return kept;
            kept.Dispose();
        }
        using var source = ImageSources.Open(_run.Data);
        return ImageDataset.Decode(_run.Data, source, DataPath, _run.Options.Size, _run.Options.Channels, _monitor.Decoding, stop, fingerprint =>
        {
            if (fingerprint != info.DataFingerprint)
                throw new TrainingException($"The checkpoint was trained on other images ('{info.Data}') than '{_run.Data}' has now. Give the same data, or start a new run.");
        });
    }

    public void Start()
    {
        // Again: images that can't be decoded are left out.
        RunData.CheckCount(_run, _data.Count);
        if (_run.Resume)
            Resume();
        _log = new RunLog(_run, _data, _classes.Length, _device, _step);
        OwnFile.Write(Path.Combine(_run.Folder, RunDescription.FileName), RunDescription.IsOne, stream => JsonSerializer.Serialize(stream, Info(), TrainingOptions.Json));
        if (!_run.Resume)
            SaveCheckpoint();
        _monitor.Started(new TrainingStart(_data.Name, _data.Count, _data.Channels, _data.Skipped,
            _trainer.Generator.parameters().Sum(p => p.numel()),
            _trainer.Discriminator.parameters().Sum(p => p.numel()), _step, TotalSteps)
        {
            Generator = NetworkSummary.Of(_trainer.Generator),
            Discriminator = NetworkSummary.Of(_trainer.Discriminator),
        });
    }

    private void Resume()
    {
        var info = Checkpoint.ReadInfo(_run.Folder);
        if (_run.Options.DependsOnLength && _run.Options.Kimg != info.Options.Kimg)
            throw new TrainingException($"The checkpoint in '{_run.Folder}' was trained for {info.Options.Kimg} kimg with a learning rate or noise that ends there, so its length can't change. Leave --kimg out, or start a new run.");
        var comparable = _run.Options with { Kimg = info.Options.Kimg, TickKimg = info.Options.TickKimg };
        if (!TrainingOptions.Same(comparable, info.Options))
            throw new TrainingException($"The checkpoint in '{_run.Folder}' was trained with other options. Only the length (kimg) and the tick can change; leave the others out or start a new run.");
        Checkpoint.Load(_run.Folder, _trainer);
        _step = info.Step;
    }

    public bool Train(CancellationToken stop)
    {
        _tickStart = _step;
        _tickTime.Restart();
        while (_step < TotalSteps)
        {
            if (stop.IsCancellationRequested)
            {
                CheckFinite();
                SaveCheckpoint();
                return false;
            }
            TakeStep();
            _step++;
            _monitor.Stepped(_step, TotalSteps);
            if (EndsTick)
                EndTick();
        }
        return true;
    }

    private void TakeStep()
    {
        var count = _run.Options.DiscriminatorSteps;
        var batches = new TrainingBatch[count];
        for (var i = 0; i < count; i++)
            batches[i] = _batches.Load(_step * count + i);
        _trainer.Step(_step, batches);
        foreach (var batch in batches)
            batch.Dispose();
    }

    private void EndTick()
    {
        var images = _step * _run.Options.ImagesPerStep;
        var rate = (_step - _tickStart) * _run.Options.ImagesPerStep / _tickTime.Elapsed.TotalSeconds;
        var figures = CheckFinite();
        var (path, deviation) = _log!.Draw(_trainer.AveragedGenerator, images);
        if (!double.IsFinite(deviation))
            throw Diverged("the generated images aren't finite numbers");

        // In this order a kill between the two leaves a line too many, which resuming drops, not one too few.
        var tick = _log.Write(Tick(figures, images, rate, deviation), path, _trainer);
        SaveCheckpoint();
        _log.Report();
        _monitor.Ticked(tick, path);
        _trainer.Metrics.Clear();
        _tickStart = _step;
        _tickTime.Restart();
    }

    private Tick Tick(IReadOnlyDictionary<string, double> figures, long images, double rate, double deviation)
    {
        double? Figure(string name) => figures.TryGetValue(name, out var value) ? value : null;
        return new Tick(_step, images, rate, Figure(StepMetrics.DiscriminatorLoss) ?? 0, Figure(StepMetrics.GeneratorLoss) ?? 0,
            Figure(StepMetrics.RealProbability) ?? 0, Figure(StepMetrics.FakeProbability) ?? 0, deviation, [])
        {
            RealScore = Figure(StepMetrics.RealScore),
            FakeScore = Figure(StepMetrics.FakeScore),
            DiscriminatorGradientNorm = Figure(StepMetrics.DiscriminatorGradientNorm),
            GeneratorGradientNorm = Figure(StepMetrics.GeneratorGradientNorm),
            DiscriminatorLearningRate = _trainer.DiscriminatorPlayer.LearningRate,
            GeneratorLearningRate = _trainer.GeneratorPlayer.LearningRate,
            Extras = figures.Where(f => !StepMetrics.Common.Contains(f.Key)).ToDictionary(),
        };
    }

    // A checkpoint is worth keeping only while the losses are numbers.
    private IReadOnlyDictionary<string, double> CheckFinite()
    {
        var figures = _trainer.Metrics.Read();
        foreach (var (name, value) in figures)
            if (!double.IsFinite(value))
                throw Diverged($"the {name} is {value}");
        return figures;
    }

    private TrainingDivergedException Diverged(string how) =>
        new($"Training diverged before step {_step}: {how}. The checkpoint before is kept; lower the learning rate and start again.");

    private void SaveCheckpoint()
    {
        try
        {
            Checkpoint.Save(CheckpointPath, _trainer, Info());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{CheckpointPath}' can't be written: {e.Message} The checkpoint before is kept.", e);
        }
    }

    private CheckpointInfo Info() => new()
    {
        Step = _step,
        Options = _run.Options,
        Channels = _data.Channels,
        Classes = _classes,
        Data = _data.Name,
        DataFingerprint = _data.Fingerprint,
        DataDeviation = _data.Deviation,
        Tool = TrainingLoop.Tool,
        Versions = TrainingLoop.Versions,
    };
}
