using System.Diagnostics;
using System.Text.Json;
using GanOnnx.Imaging.Internals;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.Report;
using GanOnnx.Training.Monitoring.TensorBoard;
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
    private readonly BatchSampler _batches;
    private readonly MetricsLog _metrics;
    private readonly SampleGrid _samples;
    private readonly TrainingHealth _health = new(dataDeviation: 0);
    private readonly HtmlReport _report;
    private TensorBoardLog? _tensorBoard;
    private readonly Stopwatch _tickTime = new();
    private long _step, _tickStart;

    public TrainingSession(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop)
    {
        (_run, _monitor) = (run, monitor);
        var options = run.Options;
        _data = run.Resume ? ReopenData(stop) : DecodeData(DataFolder, stop);
        var device = run.Cuda ? torch.device(DeviceType.CUDA, 0) : CPU;
        _trainer = new GanTrainer(options, _data.Channels, device);
        _batches = new BatchSampler(_data, options.BatchSize, options.Seed);
        _metrics = new MetricsLog(Path.Combine(run.Folder, MetricsLog.FileName));
        _report = new HtmlReport(run.Folder);
        _samples = new SampleGrid(options, Path.Combine(run.Folder, "samples"), device);
    }

    private long TotalSteps => (_run.Options.Kimg * 1000L + _run.Options.BatchSize - 1) / _run.Options.BatchSize;

    // A tick ends with the step in which its images are reached.
    private bool EndsTick => TicksAt(_step) > TicksAt(_step - 1) || _step == TotalSteps;

    private long TicksAt(long step) => step * _run.Options.BatchSize / (_run.Options.TickKimg * 1000L);

    private string CheckpointPath => Path.Combine(_run.Folder, Checkpoint.FileName);

    private string DataFolder => Path.Combine(_run.Folder, "data");

    public void Dispose()
    {
        _tensorBoard?.Dispose();
        _trainer.Dispose();
        _data.Dispose();
    }

    private ImageDataset DecodeData(string folder, CancellationToken stop) =>
        ImageDataset.Decode(_run.Data, folder, _run.Options.Size, _run.Options.Channels, _monitor.Decoding, stop);

    // The run keeps its decoded images until others are known to be the same.
    private ImageDataset ReopenData(CancellationToken stop)
    {
        var info = Checkpoint.ReadInfo(_run.Folder);
        if (ImageDataset.TryOpen(DataFolder) is { } kept)
        {
            if (kept.Source == _run.Data && kept.Fingerprint == info.DataFingerprint)
                return kept;
            kept.Dispose();
        }

        var candidate = DataFolder + ".new";
        using (var decoded = DecodeData(candidate, stop))
            if (decoded.Fingerprint != info.DataFingerprint)
            {
                decoded.Dispose();
                Directory.Delete(candidate, recursive: true);
                throw new TrainingException($"The checkpoint was trained on other images ('{info.Data}') than '{_run.Data}' has now. Give the same data, or start a new run.");
            }
        if (Directory.Exists(DataFolder))
            Directory.Delete(DataFolder, recursive: true);
        Directory.Move(candidate, DataFolder);
        return ImageDataset.TryOpen(DataFolder)!;
    }

    public void Start()
    {
        if (_data.Count < _run.Options.BatchSize)
            throw new TrainingException($"'{_run.Data}' has {_data.Count} images, fewer than a batch of {_run.Options.BatchSize}. Add images or lower --batch.");
        if (_run.Resume)
            Resume();
        _metrics.TruncateAfter(_step);
        _health.Recall(_metrics.Read());
        _tensorBoard = new TensorBoardLog(Path.Combine(_run.Folder, "tensorboard"), _step);
        AtomicFile.Write(Path.Combine(_run.Folder, "run.json"), stream => JsonSerializer.Serialize(stream, Info(), TrainingOptions.Json));
        if (!_run.Resume)
            SaveCheckpoint();
        _monitor.Started(new TrainingStart(_data.Name, _data.Count, _data.Channels, _data.Skipped,
            _trainer.Networks.Generator.parameters().Sum(p => p.numel()),
            _trainer.Networks.Discriminator.parameters().Sum(p => p.numel()), _step, TotalSteps));
    }

    private void Resume()
    {
        var info = Checkpoint.ReadInfo(_run.Folder);
        var comparable = _run.Options with { Kimg = info.Options.Kimg, TickKimg = info.Options.TickKimg };
        if (comparable != info.Options)
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
            using (var batch = _batches.Batch(_step))
                _trainer.Step(_step, batch);
            _step++;
            _monitor.Stepped(_step, TotalSteps);
            if (EndsTick)
                EndTick();
        }
        return true;
    }

    private void EndTick()
    {
        var images = _step * _run.Options.BatchSize;
        var rate = (_step - _tickStart) * _run.Options.BatchSize / _tickTime.Elapsed.TotalSeconds;
        var (discriminatorLoss, generatorLoss, real, fake) = CheckFinite();
        var (path, deviation) = _samples.Save(_trainer.AveragedGenerator, images);
        if (!double.IsFinite(deviation))
            throw Diverged("the generated images aren't finite numbers");

        var tick = new Tick(_step, images, rate, discriminatorLoss, generatorLoss, real, fake, deviation, []);
        tick = tick with { Warnings = _health.Examine(tick) };
        // In this order a kill between the two leaves a line too many, which resuming drops, not one too few.
        _metrics.Append(tick);
        _tensorBoard!.Scalars(tick);
        _tensorBoard.Image(_step, "samples", File.ReadAllBytes(path));
        _tensorBoard.Flush();
        SaveCheckpoint();
        _report.Write();
        _monitor.Ticked(tick, path);
        _trainer.Metrics.Clear();
        _tickStart = _step;
        _tickTime.Restart();
    }

    // A checkpoint is worth keeping only while the losses are numbers.
    private (double DiscriminatorLoss, double GeneratorLoss, double Real, double Fake) CheckFinite()
    {
        var figures = _trainer.Metrics.Read();
        return double.IsFinite(figures.DiscriminatorLoss) && double.IsFinite(figures.GeneratorLoss)
            ? figures
            : throw Diverged($"the losses are {figures.DiscriminatorLoss} and {figures.GeneratorLoss}");
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
        Data = _data.Name,
        DataFingerprint = _data.Fingerprint,
        Tool = TrainingLoop.Tool,
    };
}
