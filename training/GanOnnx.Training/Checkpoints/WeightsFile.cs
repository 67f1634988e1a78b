using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Checkpoints;

/// <summary>
/// The weights of a run's networks without what only its going on needs: a snapshot, or a file to begin another run with. A generator is
/// kept by its average alone. Opens checkpoints too, which have the same tensors and more.
/// </summary>
internal sealed class WeightsFile : IDisposable
{
    private const string Format = "ganonnx.weights", FormatVersion = "1", InfoKey = "info", LicenseKey = "license";

    // The largest number of float16.
    private static readonly Scalar _largestHalf = 65504.0;

    private WeightsFile(SafetensorsFile tensors, CheckpointInfo info) => (Tensors, Info) = (tensors, info);

    /// <summary>The weights: each network's name, a dot, the weight's name.</summary>
    public SafetensorsFile Tensors { get; }

    /// <summary>The run, and how far it was.</summary>
    public CheckpointInfo Info { get; }

    /// <summary>Reads the header of a file of weights or of a checkpoint.</summary>
    /// <param name="path">The file, or a run's folder for its checkpoint.</param>
    /// <exception cref="TrainingException">There is none, or it is damaged or another program's.</exception>
    public static WeightsFile Open(string path)
    {
        var given = path;
        if (Directory.Exists(path))
            path = Path.Combine(path, Checkpoint.FileName);
        if (!File.Exists(path))
            throw new TrainingException($"There is no checkpoint '{path}'. Give a run's folder or a checkpoint's file; a run has one "
                + "after its first tick.");
        var file = SafetensorsFile.Open(path);
        try
        {
            if (file.Metadata.ContainsKey(Checkpoint.Format))
            {
                file.Dispose();
                Checkpoint.Open(given).Dispose(); // which knows its versions
                file = SafetensorsFile.Open(path);
            }
            else if (file.Metadata.GetValueOrDefault(Format) != FormatVersion || !file.HasSums)
                throw new TrainingException($"'{path}' holds no weights of this program's version: it lacks {Format} = {FormatVersion}, or "
                    + "checksums.");
            return new WeightsFile(file, Checkpoint.ReadInfo(file, given));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether an open file is one of weights, or a checkpoint.</summary>
    public static bool IsKnown(SafetensorsFile file) => file.Metadata.ContainsKey(Format) || file.Metadata.ContainsKey(Checkpoint.Format);

    /// <summary>Whether a file holds weights of this program, without more.</summary>
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

    /// <summary>Writes weights in the place of weights or of none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="networks">A task's networks.</param>
    /// <param name="info">The run.</param>
    /// <param name="half">Whether numbers take 2 bytes (float16), where they fit into it, instead of 4.</param>
    /// <param name="license">The license they are given under, or null.</param>
    /// <param name="makeFolder">Whether a missing folder is made.</param>
    public static void Save(string path, IReadOnlyList<TaskNetwork> networks, CheckpointInfo info, bool half = false,
        string? license = null,
        bool makeFolder = true)
    {
        OwnFile.Check(path, IsOne);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var averaged = networks.Select(network => network.AverageOf).OfType<string>().ToHashSet();
        var tensors = from network in networks
                      where !averaged.Contains(network.Name)
                      from entry in network.Module.state_dict()
                      select KeyValuePair.Create($"{network.Name}.{entry.Key}", half ? Halved(entry.Value) : entry.Value);
        List<KeyValuePair<string, string>> text =
            [new(Format, FormatVersion), new(InfoKey, JsonSerializer.Serialize(info, TrainingOptions.Json))];
        if (license is not null)
            text.Add(new(LicenseKey, license));
        SafetensorsFile.Write(path, tensors, text, makeFolder);
    }

    /// <summary>Copies one network's weights.</summary>
    /// <param name="name">The network's name in its task.</param>
    /// <param name="network">Gets the weights.</param>
    public void Restore(string name, nn.Module network)
    {
        foreach (var (key, tensor) in network.state_dict())
            Tensors.CopyTo($"{name}.{key}", tensor, convert: true);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Tensors.Dispose();

    // A statistic may be larger than float16 goes.
    private static Tensor Halved(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.numel() > 0 && tensor.detach().abs().max().le(_largestHalf).item<bool>()
            ? tensor.detach().to(ScalarType.Float16) : tensor;
}
