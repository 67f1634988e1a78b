using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanOnnx.Data;

/// <summary>What a training run was trained on, as its folder tells it.</summary>
/// <param name="Source">The whole path, or a registered source's name.</param>
/// <param name="Split">Which part of it, or null.</param>
/// <param name="Fit">How pictures became squares.</param>
internal sealed record RunSource(string Source, string? Split, string Fit)
{
    /// <summary>Whether it is still there.</summary>
    public bool IsThere => ImageSources.IsThere(Source);

    /// <summary>Reads it.</summary>
    /// <param name="run">A run's folder, or the file of its checkpoint or of one of its snapshots.</param>
    /// <returns>Null where nothing tells it, as of a checkpoint that was copied elsewhere; of pairs, too.</returns>
    public static RunSource? Find(string run)
    {
        var start = Directory.Exists(run) ? run : Path.GetDirectoryName(Path.GetFullPath(run))!;
        // Snapshots have a folder of their own in the run's.
        foreach (var folder in new[] { start, Path.GetDirectoryName(Path.GetFullPath(start)) }.OfType<string>())
        {
            var description = Path.Combine(folder, RunMark.FileName);
            if (!File.Exists(description) || !RunMark.IsOne(description))
                continue;
            return ImageDataset.SourceOf(Path.Combine(folder, ImageDataset.FileName)) is { } source ? Of(source, description) : null;
        }
        return null;
    }

    private static RunSource? Of(string source, string description)
    {
        try
        {
            var options = JsonNode.Parse(File.ReadAllText(description))?["options"];
            return new(source, (string?)options?["split"], (string?)options?["fit"] ?? "crop");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
