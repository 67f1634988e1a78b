using System.Reflection;
using System.Runtime.InteropServices;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using TorchSharp;

namespace GanOnnx.Training;

/// <summary>Trains a GAN: reads its data, takes the steps, and writes figures, samples and a checkpoint at every tick.</summary>
public static class TrainingLoop
{
    /// <summary>The program and version that checkpoints and models name.</summary>
    public static string Tool { get; } = $"{RunDescription.Program} {typeof(TrainingLoop).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>What training runs on: .NET, TorchSharp, the system, and the source's commit where the build knows it.</summary>
    internal static IReadOnlyDictionary<string, string> Versions { get; } = new SortedDictionary<string, string>
    {
        ["commit"] = InformationalVersion(typeof(TrainingLoop)).Split('+') is [_, var commit] ? commit : "unknown",
        ["dotnet"] = Environment.Version.ToString(),
        ["os"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        ["torchsharp"] = InformationalVersion(typeof(torch)),
    };

    /// <summary>Trains until the options' number of images is reached or until it is stopped.</summary>
    /// <param name="run">What to train on and how.</param>
    /// <param name="monitor">Is told how it gets on.</param>
    /// <param name="stop">Stops after the current step, once a checkpoint is saved.</param>
    /// <returns>True when training is complete, false when it was stopped.</returns>
    /// <exception cref="TrainingException">The options, the data, the folder or the checkpoint can't be used.</exception>
    /// <exception cref="TrainingDivergedException">The losses are no finite numbers any more; the last good checkpoint is kept.</exception>
    /// <exception cref="OperationCanceledException">Stopped before training began.</exception>
    public static bool Run(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(monitor);
        run.Options.Validate();
        CheckFolder(run);
        using var session = Open(run, monitor, stop);
        session.Start();
        return session.Train(stop);
    }

    /// <summary>The options a run's checkpoint was trained with.</summary>
    /// <param name="checkpoint">A run's folder or a checkpoint's file.</param>
    /// <exception cref="TrainingException">There is no checkpoint, or it is damaged or another program's.</exception>
    public static TrainingOptions OptionsOf(string checkpoint) => Checkpoint.ReadInfo(checkpoint).Options;

    // Nothing is written before what is asked of the data is known to be there.
    private static TrainingSession Open(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop)
    {
        if (run.Resume)
            return new TrainingSession(run, source: null, monitor, stop);
        using var source = RunData.Open(run);
        MakeFolder(run.Folder);
        return new TrainingSession(run, source, monitor, stop);
    }

    private static string InformationalVersion(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static void CheckFolder(TrainingRun run)
    {
        if (run.Cuda && !torch.cuda.is_available())
            throw new TrainingException("Training on CUDA was asked for, but this TorchSharp finds no CUDA GPU. Leave --device out, or run ./gan setup --cuda on a machine with one.");
        if (!run.Resume && Path.Combine(run.Folder, Checkpoint.FileName) is var checkpoint && File.Exists(checkpoint) && Checkpoint.IsOne(checkpoint))
            throw new TrainingException($"'{run.Folder}' already holds a run. Go on with it with --resume, or choose another folder.");
        if (run.Resume)
            Checkpoint.ReadInfo(run.Folder);
        RunFolder.Check(run.Folder);
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
