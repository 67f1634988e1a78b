using System.Globalization;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Training.Tasks;
using static TorchSharp.torch;

namespace GanOnnx.Training.Checkpoints;

/// <summary>
/// Everything a run needs to go on as if it had never stopped: the task's networks, optimizers and state by their names,
/// and, as text, how far it is, its options and its data.
/// </summary>
internal sealed class Checkpoint : IDisposable
{
    public const string FileName = "checkpoint.safetensors";
    private const string FormatVersion = "3";

    /// <summary>The key of the text that marks a checkpoint.</summary>
    public const string Format = "ganonnx.checkpoint";

    private const string StatePrefix = "state";

    // Those before had no checksums.
    private const string OlderVersion = "2";

    private const int MostClasses = 100_000;

    private readonly SafetensorsFile _file;

    private Checkpoint(string path, SafetensorsFile file, CheckpointInfo info) => (Path, _file, Info) = (path, file, info);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How far it is and with what options.</summary>
    public CheckpointInfo Info { get; }

    /// <summary>Reads a checkpoint's header, without its tensors.</summary>
    /// <param name="path">A checkpoint, or a run's folder.</param>
    /// <exception cref="TrainingException">There is no checkpoint, or it is damaged or another program's.</exception>
    public static Checkpoint Open(string path)
    {
        var given = path;
        if (Directory.Exists(path))
            path = System.IO.Path.Combine(path, FileName);
        if (!File.Exists(path))
            throw new TrainingException($"There is no checkpoint '{path}'. Give a run's folder or a checkpoint's file; a run has one "
                + "after its first tick.");
        var file = SafetensorsFile.Open(path);
        try
        {
            var isKnown = file.Metadata.GetValueOrDefault(Format) is var version
                && (version == OlderVersion || (version == FormatVersion && file.HasSums));
            return isKnown ? new Checkpoint(path, file, ReadInfo(file, given))
                : throw new TrainingException($"'{path}' is no checkpoint of this program's version: it lacks {Format} = {FormatVersion}, "
                    + "or checksums.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a checkpoint in the place of one or of none.</summary>
    public static void Save(string path, ITrainingTask task, CheckpointInfo info)
    {
        OwnFile.Check(path, IsOne);
        SafetensorsFile.Write(path, Tensors(task),
        [
            new(Format, FormatVersion),
            new("info", JsonSerializer.Serialize(info, TrainingOptions.Json)),
            .. task.Optimizers.Select(o =>
                KeyValuePair.Create(StepsKey(o), o.Optimizer.Steps.ToString(CultureInfo.InvariantCulture))),
        ], makeFolder: false);
    }

    /// <summary>Whether a file is a checkpoint of this program, of whatever version.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            return file.Metadata.ContainsKey(Format);
        }
        catch (TrainingException)
        {
            return false;
        }
    }

    /// <summary>Copies all that is kept into a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="newState">Whether the task may remember things that the one that was saved didn't: they stay as they begin.</param>
    public void Restore(ITrainingTask task, bool newState = false)
    {
        foreach (var (name, tensor) in Tensors(task))
            if (!newState || !name.StartsWith(StatePrefix + ".", StringComparison.Ordinal) || _file.ShapeOf(name) is not null)
                _file.CopyTo(name, tensor);
        foreach (var optimizer in task.Optimizers)
            optimizer.Optimizer.Steps = Steps(StepsKey(optimizer));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads what a file says of its run.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What messages call it.</param>
    public static CheckpointInfo ReadInfo(SafetensorsFile file, string path)
    {
        try
        {
            var info = JsonSerializer.Deserialize<CheckpointInfo>(file.Metadata["info"], TrainingOptions.Json);
            if (info is not { Step: >= 0, Channels: 1 or 3, Classes.Count: <= MostClasses })
                throw new JsonException("steps, channels or classes are missing or out of range");
            info.Options.Validate();
            return info;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or TrainingException or ArgumentException
            or InvalidOperationException)
        {
            throw new TrainingException($"'{path}' has options that this version doesn't know: {e.Message}", e);
        }
    }

    /// <summary>All that is kept of a task, by the names of the file.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Tensors(ITrainingTask task) =>
        task.Networks.SelectMany(network => Prefixed(network.Name, network.Module.state_dict()))
            .Concat(task.Optimizers.SelectMany(optimizer => Prefixed($"optimizer.{optimizer.Name}", Moments(optimizer))))
            .Concat(Prefixed(StatePrefix, task.State.Select(s => KeyValuePair.Create(s.Name, s.Value))));

    private static IEnumerable<KeyValuePair<string, Tensor>> Prefixed(string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.Select(entry => KeyValuePair.Create($"{prefix}.{entry.Key}", entry.Value));

    private static IEnumerable<KeyValuePair<string, Tensor>> Moments(TaskOptimizer optimizer) =>
        optimizer.Optimizer.Moments.SelectMany(moments => new[]
        {
            KeyValuePair.Create($"{moments.Name}.exp_avg", moments.Mean),
            KeyValuePair.Create($"{moments.Name}.exp_avg_sq", moments.Square),
        });

    private static string StepsKey(TaskOptimizer optimizer) => $"optimizer.{optimizer.Name}.steps";

    private long Steps(string key) =>
        long.TryParse(_file.Metadata.GetValueOrDefault(key), CultureInfo.InvariantCulture, out var steps)
            ? steps
            : throw new TrainingException($"'{Path}' is damaged: it lacks {key}. Take a copy of it, or start a new run.");
}
