using System.Text.Json;
using System.Text.Json.Serialization;
using GanOnnx.Audio;
using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>A network that tells the classes of a data set apart, as <c>gan classifier</c> trains it.</summary>
internal sealed class ImageClassifier : IDisposable
{
    /// <summary>The key of what its file says of how good it is.</summary>
    public const string Key = "gan.classifier";

    private ImageClassifier(FeatureNetwork network, IReadOnlyList<string> classes, ClassifierDescription? description) =>
        (Network, Classes, Description) = (network, classes, description);

    /// <summary>Images to a score for each class.</summary>
    public FeatureNetwork Network { get; }

    /// <summary>The classes, in the scores' order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How good it is, where its file says it.</summary>
    public ClassifierDescription? Description { get; }

    /// <exception cref="EvaluationException">It is none.</exception>
    /// <exception cref="ModelException">It can't be loaded.</exception>
    public static ImageClassifier Load(string path, Device device, CancellationToken stop)
    {
        var network = FeatureNetwork.Load(path, new() { Output = "scores", Device = device }, stop);
        try
        {
            var classes = ModelMetadata.FromProperties(network.Metadata)?.Classes ?? [];
            if (classes.Count < 2 || classes.Count != network.FeatureCount)
                throw new EvaluationException($"'{path}' gives {network.FeatureCount} scores and names {classes.Count} classes; a classifier names "
                    + "the class of each of its scores, as those of gan classifier do.");
            return new(network, classes, Read(path, network.Metadata.GetValueOrDefault(Key), classes.Count));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public void Dispose() => Network.Dispose();

    private static ClassifierDescription? Read(string path, string? json, int classes)
    {
        if (json is null)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<ClassifierDescription>(json,
                ClassifierDescription.Json) is { Confusion: { } confusion } description
                && confusion.Length == classes && confusion.All(row => row?.Length == classes))
                return description;
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw new EvaluationException($"What '{path}' says of how good it is can't be read. Train the classifier again.");
    }
}

/// <summary>How good a classifier is, by real images that it didn't learn from.</summary>
/// <param name="Data">What it learnt from.</param>
/// <param name="LearntFrom">From how many images.</param>
/// <param name="HeldOut">How many it was tried on.</param>
/// <param name="Confusion">Of those: of class i, recognised as class j.</param>
internal sealed record ClassifierDescription(string Data, int LearntFrom, int HeldOut, int[][] Confusion)
{
    /// <summary>What recordings were brought to; null where it learnt from pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SoundForm? Sound { get; init; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}
