using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Distributed;
using GanOnnx.Training.Monitoring;
using TorchSharp;

namespace GanOnnx.Training;

/// <summary>Trains: reads the data, takes the steps, and writes figures, samples and a checkpoint at every tick.</summary>
public static class Trainer
{
    /// <summary>Trains until the options' number of images is reached or until it is stopped.</summary>
    /// <param name="run">What to train on and how.</param>
    /// <param name="monitor">Is told how it gets on.</param>
    /// <param name="stop">Stops after the current step, once a checkpoint is saved.</param>
    /// <returns>True when training is complete, false when it was stopped.</returns>
    /// <exception cref="TrainingException">The options, the data, the folder or the checkpoint can't be used, or another process trains
    /// there.</exception>
    /// <exception cref="TrainingFailedException">It looks as if it had failed, and was told to end then.</exception>
    /// <exception cref="TrainingDivergedException">The losses are no finite numbers any more; the last good checkpoint is kept.</exception>
    /// <exception cref="RunFolderLostException">The folder was removed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Stopped before training began.</exception>
    public static bool Run(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(monitor);
        run.Options.Validate();
        if (run.Cuda && !torch.cuda.is_available())
            throw new TrainingException("Training on CUDA was asked for, but this TorchSharp finds no CUDA GPU. Train on the CPU, or use "
                + "TorchSharp's package for CUDA on a machine with such a GPU.");
        WorkerRules.Check(run);
        return !Workers.Current.IsFirst ? Follow(run, stop) : run.Resume ? Resume(run, monitor, stop) : Begin(run, monitor, stop);
    }

    /// <summary>Tells what a run's data is: its classes, what is left out of it, the pictures' sizes. Nothing is decoded, trained or
    /// written.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="TrainingException">The options or the data can't be used.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static DataSummary Survey(TrainingRun run, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Options.Validate();
        return RunData.Survey(run, stop);
    }

    /// <summary>Looks at a new run's pictures and tells what they suggest. A few are decoded; nothing is trained or written.</summary>
    /// <param name="run">The run.</param>
    /// <param name="said">The <see cref="TrainingOption.Key"/> of each option that stays as it is.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="TrainingException">The options, the data or the folder can't be used.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static RecipeAdvice Advise(TrainingRun run, IEnumerable<string> said, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(said);
        run.Options.Validate();
        if (run.Folder.Length > 0)
            CheckFree(run);
        return RunData.Advise(run, said, stop);
    }

    /// <summary>The options a run's checkpoint was trained with.</summary>
    /// <param name="checkpoint">A run's folder, or the file of a checkpoint, a snapshot or weights.</param>
    /// <exception cref="TrainingException">There is no checkpoint, or it is damaged or another program's.</exception>
    public static TrainingOptions OptionsOf(string checkpoint)
    {
        using var opened = WeightsFile.Open(checkpoint);
        return opened.Info.Options;
    }

    // Nothing is written before what is asked of the data is known to be there.
    private static bool Begin(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop)
    {
        CheckFree(run);
        CheckInit(run);
        using var source = RunData.Open(run, monitor, stop);
        MakeFolder(run.Folder);
        using var held = RunFolder.Take(run.Folder);
        CheckFree(run); // a run that ended meanwhile
        return held.While(() =>
        {
            var data = RunData.Decode(run, source, monitor.Decoding, stop);
            Workers.Current.First();
            using var loop = new TrainingLoop(run, data, monitor, held, HeldOutImages.CountOf(run.Options, data.Count));
            loop.Start(null, stop);
            return loop.Train(stop);
        });
    }

    private static void CheckInit(TrainingRun run)
    {
        if (run.Init is not null)
            WeightSource.Open(run.Init).Dispose();
        else if (run.Options.FrozenLayers > 0)
            throw new TrainingException("Layers of the discriminator are frozen where a run begins with weights of another; this one "
                + "begins with its own, which have learnt nothing. Give weights to begin with, or freeze none.")
            {
                Option = "init",
            };
    }

    private static bool Resume(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop)
    {
        if (run.Init is not null)
            throw new TrainingException("A run that goes on has weights already. Begin a new run with those of another, "
                + "in another folder.");
        Checkpoint.Open(run.Folder).Dispose(); // nothing is written where there is none
        using var held = RunFolder.Take(run.Folder);
        using var checkpoint = Checkpoint.Open(run.Folder);
        return held.While(() =>
        {
            OptionChange.Check(checkpoint.Info.Options, run);
            var data = RunData.Reopen(run, checkpoint.Info, monitor, stop);
            Workers.Current.First();
            using var loop = new TrainingLoop(run, data, monitor, held, checkpoint.Info.HeldOut);
            loop.Start(checkpoint, stop);
            return loop.Train(stop);
        });
    }

    // As the first worker does, who writes the folder's files, once its images are there.
    private static bool Follow(TrainingRun run, CancellationToken stop)
    {
        Workers.Current.First();
        using var checkpoint = run.Resume ? Checkpoint.Open(run.Folder) : null;
        var data = RunData.OpenDecoded(run);
        using var loop = new TrainingLoop(run, data, new Unseen(), held: null,
            checkpoint?.Info.HeldOut ?? HeldOutImages.CountOf(run.Options, data.Count));
        loop.Start(checkpoint, stop);
        return loop.Train(stop);
    }

    private static void CheckFree(TrainingRun run)
    {
        var there = Path.Combine(run.Folder, Checkpoint.FileName);
        if (File.Exists(there) && Checkpoint.IsOne(there))
            throw new TrainingException($"'{run.Folder}' already holds a run. Resume it, or choose another folder.");
        RunFolder.Check(run.Folder);
        if (Snapshot.Of(run.Folder).Count > 0)
            throw new TrainingException($"'{run.Folder}' holds snapshots of a run whose checkpoint is gone. Choose another folder, or move "
                + "them away.");
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{folder}' can't be made: {e.Message}", e);
        }
    }
}
