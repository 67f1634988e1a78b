using System.Globalization;
using System.Text.Json;
using GanOnnx.Training.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Checkpoints;

/// <summary>
/// Everything a run needs to go on as if it had never stopped: both players, the averaged generator, both optimizers,
/// and, as text, how far it is, its options and its data.
/// </summary>
internal static class Checkpoint
{
    public const string FileName = "checkpoint.safetensors";
    private const string Format = "ganonnx.checkpoint", FormatVersion = "2";

    public static void Save(string path, GanTrainer trainer, CheckpointInfo info)
    {
        OwnFile.Check(path, IsOne);
        SafetensorsFile.Write(path, Tensors(trainer),
        [
            new(Format, FormatVersion),
            new("info", JsonSerializer.Serialize(info, TrainingOptions.Json)),
            new("optimizer.generator.steps", Steps(trainer.GeneratorPlayer.Optimizer)),
            new("optimizer.discriminator.steps", Steps(trainer.DiscriminatorPlayer.Optimizer)),
        ]);
    }

    /// <summary>Whether a file is a checkpoint of this program, of whatever version.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            return SafetensorsFile.Open(path).Metadata.ContainsKey(Format);
        }
        catch (TrainingException)
        {
            return false;
        }
    }

    /// <summary>Reads how far a checkpoint is and with what options, without its tensors.</summary>
    /// <param name="path">A checkpoint, or a run's folder.</param>
    /// <exception cref="TrainingException">There is no checkpoint, or it is damaged or another program's.</exception>
    public static CheckpointInfo ReadInfo(string path) => Info(Open(path), path);

    /// <summary>Restores the whole training state.</summary>
    public static void Load(string path, GanTrainer trainer)
    {
        var file = Open(path);
        foreach (var (name, tensor) in Tensors(trainer))
            file.CopyTo(name, tensor);
        SetSteps(trainer.GeneratorPlayer.Optimizer, Steps(file, path, "optimizer.generator.steps"));
        SetSteps(trainer.DiscriminatorPlayer.Optimizer, Steps(file, path, "optimizer.discriminator.steps"));
    }

    /// <summary>Builds the averaged generator alone, in evaluation mode, for export.</summary>
    public static GeneratorNetwork LoadAveragedGenerator(string path, CheckpointInfo info)
    {
        var file = Open(path);
        var networks = GanTrainer.Create(info.Options, info.Channels, info.Classes.Count, CPU);
        networks.Discriminator.Dispose();
        foreach (var (name, tensor) in networks.Generator.state_dict())
            file.CopyTo("average." + name, tensor);
        networks.Generator.eval();
        return networks.Generator;
    }

    private static SafetensorsFile Open(string path)
    {
        if (Directory.Exists(path))
            path = Path.Combine(path, FileName);
        if (!File.Exists(path))
            throw new TrainingException($"There is no checkpoint '{path}'. Give a run's folder or a checkpoint's file; a run has one after its first tick.");
        var file = SafetensorsFile.Open(path);
        return file.Metadata.GetValueOrDefault(Format) == FormatVersion
            ? file
            : throw new TrainingException($"'{path}' is no checkpoint of this program's version: it lacks {Format} = {FormatVersion}.");
    }

    private static CheckpointInfo Info(SafetensorsFile file, string path)
    {
        try
        {
            var info = JsonSerializer.Deserialize<CheckpointInfo>(file.Metadata["info"], TrainingOptions.Json)!;
            info.Options.Validate();
            return info;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or TrainingException)
        {
            throw new TrainingException($"'{path}' has options that this version doesn't know: {e.Message}", e);
        }
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(GanTrainer trainer) =>
        Prefixed("generator", trainer.Generator.state_dict())
            .Concat(Prefixed("discriminator", trainer.Discriminator.state_dict()))
            .Concat(Prefixed("average", trainer.AveragedGenerator.state_dict()))
            .Concat(Prefixed("optimizer.generator", Moments(trainer.Generator, trainer.GeneratorPlayer.Optimizer)))
            .Concat(Prefixed("optimizer.discriminator", Moments(trainer.Discriminator, trainer.DiscriminatorPlayer.Optimizer)))
            .Concat(Prefixed("state", trainer.State.Select(s => KeyValuePair.Create(s.Name, s.Value))));

    private static IEnumerable<KeyValuePair<string, Tensor>> Prefixed(string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.Select(entry => KeyValuePair.Create($"{prefix}.{entry.Key}", entry.Value));

    // An optimizer keeps its states in the order of its parameters.
    private static IEnumerable<KeyValuePair<string, Tensor>> Moments(nn.Module network, Adam optimizer) =>
        network.named_parameters().Zip(States(optimizer)).SelectMany(pair => new[]
        {
            KeyValuePair.Create($"{pair.First.name}.exp_avg", pair.Second.exp_avg),
            KeyValuePair.Create($"{pair.First.name}.exp_avg_sq", pair.Second.exp_avg_sq),
        });

    private static IEnumerable<Adam.State> States(Adam optimizer) => optimizer.state_dict().State.Cast<Adam.State>();

    private static string Steps(Adam optimizer) => States(optimizer).First().step.ToString(CultureInfo.InvariantCulture);

    private static long Steps(SafetensorsFile file, string path, string key) =>
        long.TryParse(file.Metadata.GetValueOrDefault(key), CultureInfo.InvariantCulture, out var steps)
            ? steps
            : throw new TrainingException($"'{path}' is damaged: it lacks {key}. Take another checkpoint.");

    private static void SetSteps(Adam optimizer, long steps)
    {
        foreach (var state in States(optimizer))
            state.step = steps;
    }
}
