using System.Security.Cryptography;
using System.Text.Json;
using GanOnnx.Evaluation;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Data;
using GanOnnx.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Evaluation;

/// <summary>A classifier and what it says of the real images, in one file, so that several models are judged by the very same.</summary>
internal sealed class ReferenceClassifier : IDisposable
{
    private const string Format = "ganonnx.classifier", FormatVersion = "2";

    // Those before had no checksums.
    private const string OlderVersion = "1";

    private static readonly JsonSerializerOptions _json = new() { RespectNullableAnnotations = true };

    private ReferenceClassifier(Classifier network, ClassifierInfo info, FeatureStatistics real) =>
        (Network, Info, Real) = (network, info, real);

    public Classifier Network { get; }

    public ClassifierInfo Info { get; }

    /// <summary>The features of the images the classifier learnt from.</summary>
    public FeatureStatistics Real { get; }

    /// <summary>Trains one and measures the real images.</summary>
    public static ReferenceClassifier Train(ImageDataset data, int epochs, Action<EvaluationStage, long, long> progress,
        CancellationToken stop)
    {
        var training = new ClassifierTraining(data, progress, stop);
        var network = training.Train(epochs);
        try
        {
            var learnt = training.Measure(network, training.LearntFrom);
            var heldOut = training.Measure(network, training.HeldOut);
            var info = ClassifierInfo.Of(data) with
            {
                Epochs = epochs,
                LearntFrom = training.LearntFrom.Length,
                HeldOut = training.HeldOut.Length,
                RealDistance = FrechetDistance.Between(heldOut.Features.Statistics(), learnt.Features.Statistics()),
                Confusion = heldOut.Confusion,
            };
            return new ReferenceClassifier(network, info, learnt.Features.Statistics());
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Writes it; the same training gives the same file.</summary>
    /// <exception cref="TrainingException">Something else is there.</exception>
    public void Save(string path)
    {
        OwnFile.Check(path, IsOne);
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(path,
            Network.State.Concat(
            [
                new("real.mean", tensor(Real.Mean)),
                new("real.covariance", tensor(Real.Covariance)),
            ]),
            [new(Format, FormatVersion), new("info", JsonSerializer.Serialize(Info))]);
    }

    /// <summary>Reads one of the same images.</summary>
    /// <exception cref="TrainingException">It is no classifier, or one of other images.</exception>
    public static ReferenceClassifier Load(string path, ImageDataset data)
    {
        using var file = Open(path);
        var info = ReadInfo(path, file);
        var expected = ClassifierInfo.Of(data);
        if (!info.IsOfSameImages(expected))
            throw new TrainingException($"The classifier '{path}' was trained on {info.Description}; the model and the data need one of "
                + $"{expected.Description}. Name another file for the classifier, and it is trained.");

        var network = new Classifier(info.Size, info.Channels, info.Classes.Count);
        foreach (var (name, tensor) in network.State)
            file.CopyTo(name, tensor);
        network.SetTraining(false);
        var mean = Read(file, "real.mean", Classifier.FeatureCount);
        return new ReferenceClassifier(network, info,
            new FeatureStatistics(info.LearntFrom, mean, Read(file, "real.covariance", mean.Length * mean.Length)));
    }

    /// <summary>The SHA-256 of a file.</summary>
    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public void Dispose() => Network.Dispose();

    private static bool IsOne(string path)
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

    private static SafetensorsFile Open(string path)
    {
        SafetensorsFile file;
        try
        {
            file = SafetensorsFile.Open(path);
        }
        catch (TrainingException e)
        {
            throw NoClassifier(path, e);
        }
        var version = file.Metadata.GetValueOrDefault(Format);
        if (version == OlderVersion || (version == FormatVersion && file.HasSums))
            return file;
        file.Dispose();
        throw NoClassifier(path, null);
    }

    private static ClassifierInfo ReadInfo(string path, SafetensorsFile file)
    {
        try
        {
            var info = JsonSerializer.Deserialize<ClassifierInfo>(file.Metadata["info"], _json);
            return info is { DataFingerprint.Length: 2 * SHA256.HashSizeInBytes, LearntFrom: > 0 }
                && info.Confusion.Length == info.Classes.Count && info.Confusion.All(row => row.Length == info.Classes.Count)
                ? info : throw new JsonException("it says too little of itself");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException)
        {
            throw NoClassifier(path, e);
        }
    }

    private static TrainingException NoClassifier(string path, Exception? inner) =>
        new($"'{path}' is no classifier of gan evaluate, or a damaged one. Name another file for the classifier, or delete this one, and "
            + "it is trained.", inner);

    private static double[] Read(SafetensorsFile file, string name, int length)
    {
        using var values = zeros([length], float64);
        file.CopyTo(name, values);
        return values.data<double>().ToArray();
    }
}
