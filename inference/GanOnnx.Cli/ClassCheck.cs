using System.Numerics.Tensors;
using GanOnnx.CommandLine;
using GanOnnx.Evaluation;
using GanOnnx.Inference;

namespace GanOnnx.Cli;

/// <summary>Tells by a classifier whether images show the class that they were asked for.</summary>
internal sealed class ClassCheck : IDisposable
{
    private readonly ImageClassifier _classifier;
    private readonly int[] _matches;

    private ClassCheck(ImageClassifier classifier, int[] matches) => (_classifier, _matches) = (classifier, matches);

    /// <summary>Loads a classifier, as <c>gan classifier</c> makes them.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="model">The model that makes the images.</param>
    /// <param name="labels">The labels that are asked for.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="stop">Ends loading.</param>
    /// <exception cref="UsageException">It doesn't know one of the classes.</exception>
    /// <exception cref="EvaluationException">It is no classifier.</exception>
    /// <exception cref="ModelException">It can't be loaded.</exception>
    public static ClassCheck Load(string path, ModelDescription model, IReadOnlyList<int> labels, Device device, CancellationToken stop)
    {
        var classifier = ImageClassifier.Load(path, device, stop);
        try
        {
            var matches = ClassMatch.Find(model.Classes, classifier.Classes);
            foreach (var label in labels)
                if (matches[label] < 0)
                    throw new UsageException($"'{path}' knows no class '{model.Classes[label]}', so it can't tell whether an image shows "
                        + "it. Train a classifier on that class too, or leave the class out.");
            return new(classifier, matches);
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <summary>For each image whether its most probable class is the one that was asked for.</summary>
    /// <exception cref="UsageException">The images are transparent.</exception>
    public bool[] Shows(ImageBatch images, int label)
    {
        if (images.Channels is not (1 or 3))
            throw new UsageException($"A classifier is for grey images and those in color, not for images of {images.Channels} channels. "
                + "Leave it out.");
        var length = images.Channels * images.Height * images.Width;
        var pixels = new byte[images.Count * length];
        for (var i = 0; i < images.Count; i++)
            images.CopyBytesTo(i, pixels.AsSpan(i * length));
        var scores = _classifier.Network.Features(pixels, images.Count, images.Width, images.Height, images.Channels);
        var classes = _classifier.Classes.Count;
        return [.. Enumerable.Range(0, images.Count)
            .Select(i => TensorPrimitives.IndexOfMax(scores.AsSpan(i * classes, classes)) == _matches[label])];
    }

    public void Dispose() => _classifier.Dispose();
}
