using System.Diagnostics;
using System.Text.Json;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>Trains a GAN: reads its data, takes the steps, and writes figures, samples and a checkpoint at every tick.</summary>
public sealed class TrainingLoop : IDisposable
{
    /// <summary>The program and version that checkpoints and models name.</summary>
    public static string Tool { get; } = $"GanOnnx {typeof(TrainingLoop).Assembly.GetName().Version!.ToString(3)}";

    private readonly TrainingRun _run;
    private readonly ITrainingMonitor _monitor;
    private readonly ImageDataset _data;
    private readonly GanTrainer _trainer;
    private readonly BatchSampler _batches;
    private readonly MetricsLog _metrics;
    private readonly SampleGrid _samples;
    private readonly Stopwatch _tickTime = new();
    private long _step, _tickStart;

    private TrainingLoop(TrainingRun run, ITrainingMonitor monitor)
    {
        (_run, _monitor) = (run, monitor);
        var options = run.Options;
        _data = ImageDataset.Open(run.Data, Path.Combine(run.Folder, "data"), options.Size, options.Channels, monitor.Decoding);
        var device = run.Cuda ? torch.device(DeviceType.CUDA, 0) : CPU;
        _trainer = new GanTrainer(options, _data.Channels, device);
        _batches = new BatchSampler(_data, options.BatchSize, options.Seed);
        _metrics = new MetricsLog(Path.Combine(run.Folder, MetricsLog.FileName));
        _samples = new SampleGrid(options, Path.Combine(run.Folder, "samples"), device);
    }

    private long TotalSteps => (_run.Options.Kimg * 1000L + _run.Options.BatchSize - 1) / _run.Options.BatchSize;

    private long TickSteps => Math.Max(1, _run.Options.TickKimg * 1000L / _run.Options.BatchSize);

    private string CheckpointPath => Path.Combine(_run.Folder, Checkpoint.FileName);

    /// <summary>Trains until the options' number of images is reached or until it is stopped.</summary>
    /// <param name="run">What to train on and how.</param>
    /// <param name="monitor">Is told how it gets on.</param>
    /// <param name="stop">Stops after the current step, once a checkpoint is saved.</param>
    /// <returns>True when training is complete, false when it was stopped.</returns>
    /// <exception cref="TrainingException">The options, the data, the folder or the checkpoint can't be used.</exception>
    /// <exception cref="TrainingDivergedException">The losses are no finite numbers any more; the last good checkpoint is kept.</exception>
    public static bool Run(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(monitor);
        run.Options.Validate();
        CheckFolder(run);
        using var loop = new TrainingLoop(run, monitor);
        loop.Start();
        return loop.Train(stop);
    }

    /// <summary>The options a run's checkpoint was trained with.</summary>
    /// <param name="checkpoint">A run's folder or a checkpoint's file.</param>
    /// <exception cref="TrainingException">There is no checkpoint, or it is damaged or another program's.</exception>
    public static TrainingOptions OptionsOf(string checkpoint) => Checkpoint.ReadInfo(checkpoint).Options;

    /// <summary>Frees the networks and closes the data.</summary>
    public void Dispose()
    {
        _trainer.Dispose();
        _data.Dispose();
    }

    private static void CheckFolder(TrainingRun run)
    {
        if (run.Cuda && !cuda.is_available())
            throw new TrainingException("Training on CUDA was asked for, but this TorchSharp finds no CUDA GPU. Leave --device out, or run ./gan setup --cuda on a machine with one.");
        if (!run.Resume && File.Exists(Path.Combine(run.Folder, Checkpoint.FileName)))
            throw new TrainingException($"'{run.Folder}' already holds a run. Go on with it with --resume, or choose another folder.");
        if (run.Resume)
            Checkpoint.ReadInfo(run.Folder);
        try
        {
            Directory.CreateDirectory(run.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{run.Folder}' can't be made: {e.Message}", e);
        }
    }

    private void Start()
    {
        if (_data.Count < _run.Options.BatchSize)
            throw new TrainingException($"'{_run.Data}' has {_data.Count} images, fewer than a batch of {_run.Options.BatchSize}. Add images or lower --batch.");
        if (_run.Resume)
            Resume();
        _metrics.TruncateAfter(_step);
        File.WriteAllText(Path.Combine(_run.Folder, "run.json"), JsonSerializer.Serialize(Info(), TrainingOptions.Json));
        if (!_run.Resume)
            SaveCheckpoint();
        _monitor.Started(new TrainingStart(_data.Name, _data.Count, _data.Channels, _data.Skipped,
            _trainer.Networks.Generator.parameters().Sum(p => p.numel()),
            _trainer.Networks.Discriminator.parameters().Sum(p => p.numel()), _step, TotalSteps));
    }

    private void Resume()
    {
        var info = Checkpoint.ReadInfo(_run.Folder);
        if (info.DataFingerprint != _data.Fingerprint)
            throw new TrainingException($"The checkpoint was trained on other images ('{info.Data}') than '{_run.Data}' has now. Give the same data, or start a new run.");
        var comparable = _run.Options with { Kimg = info.Options.Kimg, TickKimg = info.Options.TickKimg };
        if (comparable != info.Options)
            throw new TrainingException($"The checkpoint in '{_run.Folder}' was trained with other options. Only the length (kimg) and the tick can change; leave the others out or start a new run.");
        Checkpoint.Load(_run.Folder, _trainer);
        _step = info.Step;
    }

    private bool Train(CancellationToken stop)
    {
        _tickStart = _step;
        _tickTime.Restart();
        while (_step < TotalSteps)
        {
            if (stop.IsCancellationRequested)
            {
                SaveCheckpoint();
                return false;
            }
            using (var batch = _batches.Batch(_step))
                _trainer.Step(_step, batch);
            _step++;
            _monitor.Stepped(_step, TotalSteps);
            if (_step % TickSteps == 0 || _step == TotalSteps)
                EndTick();
        }
        return true;
    }

    private void EndTick()
    {
        var (discriminatorLoss, generatorLoss, real, fake) = _trainer.Metrics.Read();
        if (!TrainingHealth.IsFinite(discriminatorLoss, generatorLoss))
            throw new TrainingDivergedException($"Training diverged before step {_step}: the losses are {discriminatorLoss} and {generatorLoss}. The checkpoint before is kept; lower the learning rate and start again.");

        var images = _step * _run.Options.BatchSize;
        var rate = (_step - _tickStart) * _run.Options.BatchSize / _tickTime.Elapsed.TotalSeconds;
        var (path, deviation) = _samples.Save(_trainer.AveragedGenerator, images);
        SaveCheckpoint();
        var tick = new Tick(_step, images, rate, discriminatorLoss, generatorLoss, real, fake, deviation, TrainingHealth.Warnings(images, real, fake, deviation));
        _metrics.Append(tick);
        _monitor.Ticked(tick, path);
        _trainer.Metrics.Clear();
        _tickStart = _step;
        _tickTime.Restart();
    }

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
        Tool = Tool,
    };
}
