using System.Globalization;
using System.Text.Json.Serialization;
using GanOnnx.Data;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Evaluation;

/// <summary>What a classifier's file says of it, as text.</summary>
internal sealed record ClassifierInfo
{
    public required string Data { get; init; }

    public required string DataFingerprint { get; init; }

    public required int Size { get; init; }

    public required int Channels { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How many real images there are of each class.</summary>
    public required IReadOnlyList<int> ClassCounts { get; init; }

    public int Epochs { get; init; }

    public int LearntFrom { get; init; }

    public int HeldOut { get; init; }

    /// <summary>The distance of the held-out images from those learnt from.</summary>
    public double RealDistance { get; init; }

    /// <summary>The held-out images: of class i, recognised as class j.</summary>
    public int[][] Confusion { get; init; } = [];

    /// <summary>The share of held-out images that are recognised.</summary>
    [JsonIgnore]
    public double Accuracy => ClassFigures.Accuracy(Confusion);

    /// <summary>What a result says of it.</summary>
    public ClassifierSummary Summary(string file, string sha256) =>
        new(file, sha256, Accuracy, Data, DataFingerprint, LearntFrom, HeldOut, Epochs);

    [JsonIgnore]
    public string Description => string.Create(CultureInfo.InvariantCulture,
        $"'{Data}' ({DataFingerprint[..12]}) at {Size} × {Size}, {(Channels == 1 ? "grey" : "colour")}, {Classes.Count} classes");

    public static ClassifierInfo Of(ImageDataset data) => new()
    {
        Data = data.Name,
        DataFingerprint = data.Fingerprint,
        Size = data.Size,
        Channels = data.Channels,
        Classes = data.Classes,
        ClassCounts = [.. data.Classes.Select((_, i) => data.Labels.Count(label => label == i))],
    };

    /// <summary>The data's name may be another; the pixels, the classes and how many there are of each may not.</summary>
    public bool IsOfSameImages(ClassifierInfo other) =>
        (DataFingerprint, Size, Channels) == (other.DataFingerprint, other.Size, other.Channels)
        && Classes.SequenceEqual(other.Classes) && ClassCounts.SequenceEqual(other.ClassCounts);
}
