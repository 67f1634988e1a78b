using System.Text.Json;
using GanOnnx.Training.Checkpoints;
using TorchSharp;

namespace GanOnnx.Training;

/// <summary>
/// Weights in .safetensors files, as PyTorch's programs write and read them, and modules of TorchSharp. Their formats are the same, so a
/// name is all that may differ.
/// </summary>
/// <remarks>The format: https://github.com/huggingface/safetensors, "Format".</remarks>
public static class StateDictionary
{
    /// <summary>Copies a file's tensors into a network, where they fit by name and shape. Numbers of another type are converted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">Gets the weights.</param>
    /// <param name="names">The network's names by the file's, all of which have to fit; null: the same names.</param>
    /// <exception cref="TrainingException">The file can't be read or is damaged, nothing fits, or not all of <paramref name="names"/>
    /// do.</exception>
    public static WeightTransfer Load(string path, torch.nn.Module network, IReadOnlyDictionary<string, string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(network);
        using var file = WeightSource.Open(path);
        return WeightSource.Copy(path, file, network, names);
    }

    /// <summary>Writes a network's weights under their names, with SHA-256 sums among the file's text.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="network">The network.</param>
    public static void Save(string path, torch.nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(network);
        SafetensorsFile.Write(path, network.state_dict(), []);
    }

    /// <summary>Reads names for <see cref="Load"/>: a JSON object, <c>{"their.name": "our.name"}</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TrainingException">There is none, or it is no such JSON.</exception>
    public static IReadOnlyDictionary<string, string> ReadNames(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path), TrainingOptions.Json)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{path}' can't be read as names of weights, a JSON object as {{\"their.name\": \"our.name\"}}: "
                + e.Message, e);
        }
    }
}
