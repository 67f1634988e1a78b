using System.Diagnostics;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Export.Native;
using GanOnnx.Export.Running;
using GanOnnx.Inference;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Distributed;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.Quality;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToVideo;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>A run at work: its task, its data, how far it is. It knows nothing of what the task trains.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const string BestBy = "fd";

    private const int SamplesShown = 12, RealsShown = 64;

    private readonly TrainingRun _run;
    private readonly ITrainingMonitor _monitor;
    private readonly Workers _workers = Workers.Current;
    private readonly RunLock? _lock;
    private readonly ImageDataset _data;
    private readonly ITrainingTask _task;
    private readonly BatchLoader _batches;
    private readonly SampleQuality _quality;
    private readonly HeldOutImages _images;
    private readonly Overfitting _overfitting;
    private readonly Rollback _rollback;
    private readonly List<string> _notes = [];
    private readonly string[] _classes;
    private readonly SnapshotFolder _snapshots;
    private RunLog? _log;
    private BegunWith? _init;
    private string? _text;
    private readonly Stopwatch _tickTime = new();
    private long _step, _tickStart;

    /// <param name="run">The run.</param>
    /// <param name="data">Its data, which is disposed with the loop.</param>
    /// <param name="monitor">Is told how it gets on.</param>
    /// <param name="held">The lock of its folder, which stays the caller's; null for a worker that writes nothing there.</param>
    /// <param name="heldOut">How many images aren't trained on.</param>
    public TrainingLoop(TrainingRun run, ImageDataset data, ITrainingMonitor monitor, RunLock? held, int heldOut)
    {
        (_run, _data, _monitor, _lock) = (run, data, monitor, held);
        _classes = RunData.Classes(run, _data.Classes);
        _task = TrainingTasks.Of(run.Options)
            .Create(run.Options, _data.Channels, run.Options.TakesText ? Captions.Size : _classes.Length,
                run.Cuda ? torch.device(DeviceType.CUDA, 0) : CPU);
        _images = new HeldOutImages(_data.Count, heldOut, run.Options.Seed);
        _overfitting = new Overfitting(_task, _data, _images, run.Options);
        _batches = new BatchLoader(_data, run.Options, _images.Trained, Shards.PartOf(run.Options));
        _snapshots = new SnapshotFolder(run.Folder);
        _rollback = new Rollback(_task, _snapshots);
        _quality = new SampleQuality(_task, _data, run.Options, _classes.Length);
    }

    private long TotalSteps => (_run.Options.Kimg * 1000L + _run.Options.ImagesPerStep - 1) / _run.Options.ImagesPerStep;

    // A tick ends with the step in which its images are reached.
    private bool EndsTick => TicksAt(_step) > TicksAt(_step - 1) || _step == TotalSteps;

    private string CheckpointPath => Path.Combine(_run.Folder, Checkpoint.FileName);

    private long TicksAt(long step) => step * _run.Options.ImagesPerStep / (_run.Options.TickKimg * 1000L);

    // At the tick in which their images are reached, wherever the run was stopped before.
    private bool EndsSnapshot => _run.Options.SnapshotKimg is > 0 and var every
        && TicksAt(_step) * _run.Options.TickKimg / every > TicksAt(_step - 1) * _run.Options.TickKimg / every;

    /// <summary>Gets ready for the first step, or for the next one of a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint; null to begin.</param>
    /// <param name="stop">Stops getting ready.</param>
    public void Start(Checkpoint? checkpoint, CancellationToken stop)
    {
        var transfer = checkpoint is null ? Transfer() : null;
        if (_run.Options.TakesText)
            ReadCaptions(stop);
        // Again: images that can't be decoded are left out.
        RunData.CheckCount(_run, _data.Count);
        OptionChange[] changes = checkpoint is null ? [] : Resume(checkpoint);
        Freeze();
        WorkerRules.CheckBeginning(_data.Fingerprint, _task);
        if (!_workers.IsFirst)
            return;
        using (var shown = SomeImages(SamplesShown))
            _task.ShowSamplesOf(shown);
        _log = new RunLog(_run, _data, _step);
        var history = OptionChange.Join(checkpoint is null ? [] : RunDescription.ReadChanges(_run.Folder), changes, _run.Options, _step);
        OwnFile.Write(Path.Combine(_run.Folder, RunDescription.FileName), RunDescription.IsOne,
            stream => JsonSerializer.Serialize(stream, Info() with { Changes = history, Text = null }, TrainingOptions.Json));
        if (checkpoint is null)
            SaveCheckpoint();
        _log.Begin(Reals(), _step == 0 ? SampleGrid.Draw(_task.DrawSamples(), _run.Options) : null);
        if (SomeSounds() is { } sounds)
            SampleSounds.Files.SaveReals(_run.Folder, SampleSounds.Encoder(sounds));
        if (SomeClips() is { } clips)
            SampleClips.Files.SaveReals(_run.Folder, SampleClips.Encoder(clips));
        _monitor.Started(new TrainingStart(_data.Name, _data.Count, _data.Channels, _data.Skipped, _step, TotalSteps)
        {
            Networks = [.. from network in _task.Networks let layers =
                network.Layers?.Invoke() where layers is not null select new NetworkLayers(network.Name, layers)],
            Report = _log.ReportPath,
            HeldOut = _images.HeldOut.Length,
            Transfer = transfer,
            Changes = changes,
            Bfloat16SpeedUp = Bfloat16SpeedUp,
        });
    }

    private void ReadCaptions(CancellationToken stop)
    {
        var captions = Captions.Of(_data, _monitor.EncodingCaptions, stop);
        _task.Read(captions);
        _text = captions.Describe();
    }

    // Where it matters: on a CPU that says it has bfloat16, or whose run computes in it.
    private double? Bfloat16SpeedUp =>
        !_run.Cuda && (Bfloat16.IsOfTheCpu || _run.Options.ReducedPrecision is not null) ? Bfloat16.SpeedUp : null;

    // From everywhere in the data: what lies side by side is often alike.
    private TrainingBatch SomeImages(int most)
    {
        var count = Math.Min(most, _data.Count);
        long[] shape = [count, _data.Channels, _data.Size, _data.Size];
        return new TrainingBatch(Read(_data.ReadPicture, _data.Count), null)
        {
            SecondImages = _data.SecondImages == SecondImages.None ? null : Read(_data.ReadSecond, _data.SecondCount),
        };

        Tensor Read(ReadImage read, int images)
        {
            var length = _data.Channels * _data.Size * _data.Size;
            var pixels = new byte[count * length];
            for (var i = 0; i < count; i++)
                read((int)((long)i * images / count), pixels.AsSpan(i * length, length));
            return tensor(pixels, shape);
        }
    }

    private SoundBatch? SomeSounds()
    {
        if (_data.Sound is not { } form)
            return null;
        var count = Math.Min(SamplesShown, _data.Count);
        var values = new float[count * form.Samples];
        for (var i = 0; i < count; i++)
            _data.ReadSound((int)((long)i * _data.Count / count), values.AsSpan(i * form.Samples, form.Samples));
        return new(values, count, 1, form.Samples, form.Rate);
    }

    private VideoBatch? SomeClips()
    {
        if (_data.Frames is not { } frames)
            return null;
        var count = Math.Min(SampleClips.CountOf(_data.Size), _data.Count);
        var bytes = new byte[count * _data.ImageLength];
        for (var i = 0; i < count; i++)
            // of all classes, in turn
            _data.Read((int)(((long)i * _data.Count / count + i) % _data.Count), bytes.AsSpan(i * _data.ImageLength, _data.ImageLength));
        return new([.. bytes.Select(value => value / 127.5f - 1)], count, frames, _data.Channels, _data.Size, _data.Size,
            NoiseToVideoKind.FramesPerSecondOf(_run.Options));
    }

    // With what belongs to them beside them.
    private ImageBatch Reals()
    {
        using var scope = NewDisposeScope();
        using var batch = SomeImages(RealsShown);
        var images = Pixels.ToValues(batch.Images);
        if (_data.SecondImages == SecondImages.Paired)
            images = cat([images, Pixels.ToValues(batch.SecondImages!)], 3);
        var (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        return new ImageBatch(images.contiguous().data<float>().ToArray(), (int)count, (int)channels, (int)height, (int)width);
    }

    private delegate void ReadImage(int image, Span<byte> destination);

    private int Threads => _run.Options.Shards > 1 ? get_num_threads() : 0;

    private WeightTransfer? Transfer()
    {
        if (_run.Init is null)
            return null;
        using var source = WeightSource.Open(_run.Init);
        var transfer = WeightSource.Copy(_run.Init, source, _task.Networks, _run.InitNames);
        _init = new BegunWith(_run.Init, transfer.Taken.Count, transfer.Own.Count);
        return transfer;
    }

    private OptionChange[] Resume(Checkpoint checkpoint)
    {
        var info = checkpoint.Info;
        if (info.Threads != Threads && info.Threads > 0)
            throw new TrainingException($"The checkpoint in '{_run.Folder}' was trained in shards with {info.Threads} "
                + $"{(info.Threads == 1 ? "thread" : "threads")} for each worker, on which the last bits of sums depend, and this would have "
                + $"{Threads}. Set the environment variable OMP_NUM_THREADS to {info.Threads}.");
        var changes = OptionChange.Between(info.Options, _run.Options, info.Step);
        checkpoint.Restore(_task, newState: info.Options.Augmentations != _run.Options.Augmentations);
        (_step, _init) = (info.Step, info.Init);
        _rollback.Recall(info.Rollbacks);
        return changes;
    }

    private void Freeze()
    {
        if (_run.Options.FrozenLayers > 0)
            foreach (var optimizer in _task.Optimizers.Where(o => o.Name.StartsWith("discriminator", StringComparison.Ordinal)))
                optimizer.Optimizer.Freeze(FirstLayers.Parameters(_task.Networks.Single(n => n.Name == optimizer.Name),
                    _run.Options.FrozenLayers));
    }

    /// <summary>Takes the steps.</summary>
    /// <returns>True when training is complete, false when it was stopped.</returns>
    public bool Train(CancellationToken stop)
    {
        try
        {
            _workers.BeginTraining();
            var complete = TakeSteps(stop);
            _workers.HaveEnded = true;
            return complete;
        }
        finally
        {
            EndReport();
        }
    }

    // However training ends, the page stops looking for more; a folder that is gone stays gone.
    private void EndReport()
    {
        try
        {
            _lock?.Check();
            _log?.Report(training: false);
        }
        catch (Exception e) when (e is TrainingException or RunFolderLostException or IOException or UnauthorizedAccessException)
        {
        }
    }

    private bool TakeSteps(CancellationToken stop)
    {
        using var finalizers = new HeldFinalizers();
        _tickStart = _step;
        _tickTime.Restart();
        while (_step < TotalSteps)
        {
            if (_workers.Any(stop.IsCancellationRequested))
            {
                _lock?.Check();
                CheckFinite();
                SaveCheckpoint();
                return false;
            }
            TakeStep();
            _step++;
            _monitor.Stepped(_step, TotalSteps);
            if (EndsTick)
                EndTick();
            finalizers.Rest();
        }
        return true;
    }

    private void TakeStep()
    {
        var count = _run.Options.DiscriminatorSteps;
        var batches = new TrainingBatch[count];
        for (var i = 0; i < count; i++)
            batches[i] = _batches.Load(_step * count + i);
        using (ComputePrecision.Use(_run.Options.ReducedPrecision))
            _task.Step(_step, batches);
        foreach (var batch in batches)
            batch.Dispose();
    }

    private void EndTick()
    {
        if (!_workers.IsFirst)
        {
            FollowTick();
            return;
        }
        _lock!.Check(); // or steps would be taken for nothing
        var images = _step * _run.Options.ImagesPerStep;
        var rate = (_step - _tickStart) * _run.Options.ImagesPerStep / _tickTime.Elapsed.TotalSeconds;
        var samples = SampleGrid.Draw(_task.DrawSamples(), _run.Options);
        var sounds = _task.DrawSounds();
        var clips = _task.DrawClips();
        if ((Infinite() ?? (double.IsFinite(samples.Deviation) && AreFinite(sounds is null ? default : sounds.Values)
            && AreFinite(clips is null ? default : clips.Values) ? null : "the generated images aren't finite numbers")) is { } how)
        {
            Fail(how, images, Diverged(how));
            return;
        }
        _task.Measurements.Set(Figures.ImagesPerSecond, rate);
        _task.Measurements.Set(Figures.SampleDeviation, samples.Deviation);
        _overfitting.Measure(_step);
        var evaluated = Evaluate(images);
        _task.Measurements.Set(Figures.Memory, Math.Round(Environment.WorkingSet / (1024.0 * 1024)));

        // In this order a kill between the two leaves a line too many, which resuming drops, not one too few.
        if (sounds is not null)
            SampleSounds.Files.Save(_run.Folder, images, _run.Options, SampleSounds.Encoder(sounds));
        if (clips is not null)
            SampleClips.Files.Save(_run.Folder, images, _run.Options, SampleClips.Encoder(clips));
        var (tick, path) = _log!.Write(new Tick(_step, images, _task.Measurements.Read(), [.. _notes]), samples, _task.Networks);
        var isBest = IsBest(evaluated);
        if (EndsSnapshot || isBest)
            Save(() => _snapshots.Save(_task.Networks, Info(), _run.Options.Snapshots), SnapshotFolder.FolderName);
        if (isBest)
            Save(() => _snapshots.MarkBest(images, evaluated.ToDictionary(figure => figure.Name, figure => figure.Value)),
                SnapshotFolder.FolderName);
        SaveCheckpoint();
        _log.Report();
        _monitor.Ticked(tick, path);
        _notes.Clear();
        if (tick.Warnings.FirstOrDefault(TrainingHealth.IsFailure) is { } failure && _run.OnFailure != FailureAction.Warn)
            Fail(failure, images, new TrainingFailedException($"Training was told to end where it fails: {failure}"));
        else
            _workers.First();
        BeginTick();
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value))
                return false;
        return true;
    }

    // The first worker measures and judges; the others wait to hear whether all go back. Where it ends the run, it ends them too.
    private void FollowTick()
    {
        if (_workers.First() is { Length: > 0 } failure)
            GoBack(failure, _step * _run.Options.ImagesPerStep);
        BeginTick();
    }

    private void BeginTick()
    {
        _task.Measurements.Clear();
        _tickStart = _step;
        _tickTime.Restart();
    }

    // The failure may have begun some ticks before it was certain.
    private void Fail(string failure, long images, Exception end)
    {
        if (_run.OnFailure != FailureAction.Rollback)
            throw end;
        _workers.First(failure);
        _notes.Add(GoBack(failure, images));
        _log!.Forget();
        SaveCheckpoint(); // or a run that is killed now would go on with the failure
        BeginTick();
    }

    private string GoBack(string failure, long images) => _rollback.Run(failure, images - 3 * 1000L * _run.Options.TickKimg);

    private IReadOnlyList<EvaluationFigure> Evaluate(long images)
    {
        var couldBefore = _quality.Unavailable is null;
        var figures = _quality.Measure(TicksAt(_step), images);
        if (couldBefore && _quality.Unavailable is { } reason)
            _notes.Add(reason);
        return figures;
    }

    // By the Fréchet distance, which grows with what is missing as with what is wrong.
    private bool IsBest(IReadOnlyList<EvaluationFigure> figures) => figures.FirstOrDefault(figure => figure.Name == BestBy) is { } now
        && (_snapshots.List().FirstOrDefault(snapshot => snapshot.IsBest) is not { } best
            || !best.Figures.TryGetValue(BestBy, out var before) || now.Value < before);

    // A checkpoint is worth keeping only while the losses are numbers.
    private void CheckFinite()
    {
        if (Infinite() is { } how)
            throw Diverged(how);
    }

    private string? Infinite() => _task.Measurements.Read().Where(measured => !double.IsFinite(measured.Value))
        .Select(measured => $"the {measured.Key.Name} is {measured.Value}").FirstOrDefault();

    private TrainingDivergedException Diverged(string how) =>
        new($"Training diverged before step {_step}: {how}. The checkpoint before is kept. Start a new run with a lower "
            + "learning rate.");

    private void SaveCheckpoint()
    {
        if (_workers.IsFirst)
            Save(() => Checkpoint.Save(CheckpointPath, _task, Info()), Checkpoint.FileName);
    }

    private void Save(Action save, string name)
    {
        try
        {
            save();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{Path.Combine(_run.Folder, name)}' can't be written: {e.Message} The checkpoint before is kept.",
                e);
        }
    }

    private CheckpointInfo Info() => new()
    {
        Step = _step,
        Options = _run.Options.Complete(),
        Channels = _data.Channels,
        Classes = _classes,
        Text = _text,
        HeldOut = _images.HeldOut.Length,
        Init = _init,
        Rollbacks = _rollback.Count,
        Threads = Threads,
        Data = _data.Name,
        DataFingerprint = _data.Fingerprint,
        DataDeviation = _data.Deviation,
        Tool = RunDescription.Tool,
        Versions = RunDescription.Versions,
    };

    /// <summary>Frees the networks and the data.</summary>
    public void Dispose()
    {
        _log?.Dispose();
        _batches.Dispose();
        _quality.Dispose();
        _task.Dispose();
        _data.Dispose();
    }
}
