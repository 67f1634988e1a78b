using GanOnnx.Shared;
using GanOnnx.Data;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Evaluation;

/// <summary>Where classifiers are kept.</summary>
internal static class ClassifierCache
{
    private const int FingerprintLength = 12;

    /// <summary>The place of the classifier of these images in the user's application data.</summary>
    /// <exception cref="TrainingException">This user has none; the folder of temporary files, where a stranger might have put one, is no
    /// place for it.</exception>
    public static string PathFor(ImageDataset data)
    {
        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (root.Length == 0)
            throw new TrainingException("There is no folder to keep the classifier in: the user has no home folder. Name a file for it.");
        var name = string.Concat(data.Name.Select(c => char.IsLetterOrDigit(c) ? c : '-'));
        return Path.Combine(root, "ganonnx", "classifiers",
            $"{name}-{data.Size}px-{(data.Channels == 1 ? "grey" : "colour")}-{data.Fingerprint[..FingerprintLength]}.safetensors");
    }

    /// <summary>Loads the file, or trains a classifier and writes it.</summary>
    public static ReferenceClassifier LoadOrTrain(string path, ImageDataset data, int epochs, Action<EvaluationStage, long, long> progress,
        CancellationToken stop)
    {
        if (File.Exists(path))
            return ReferenceClassifier.Load(path, data);
        CheckWritable(path);
        var classifier = ReferenceClassifier.Train(data, epochs, progress, stop);
        try
        {
            classifier.Save(path);
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    // Found out before minutes of training, not after.
    private static void CheckWritable(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = Temporary.Create(folder, out var written);
            File.Delete(written);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"The classifier '{path}' can't be written: {e.Message}", e);
        }
    }
}
