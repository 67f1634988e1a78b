using GanOnnx.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Evaluation;

/// <summary>What a classifier says of many images, gathered a batch at a time.</summary>
internal sealed class ClassifierFigures(Classifier network, int classes)
{
    /// <summary>How many images were added.</summary>
    public long Count { get; private set; }

    /// <summary>Images in which class j is recognised.</summary>
    public int[] Recognised { get; } = new int[classes];

    /// <summary>Images of class i in which class j is recognised.</summary>
    public int[][] Confusion { get; } = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];

    /// <summary>The features.</summary>
    public FeatureSet Features { get; } = new(Classifier.FeatureCount);

    /// <summary>Adds images as bytes <c>[N, C, H, W]</c>.</summary>
    /// <param name="pixels">The images.</param>
    /// <param name="classOf">The class of each by its place in the batch, or −1 where it is none in particular.</param>
    public void Add(Tensor pixels, Func<int, int> classOf)
    {
        using var scope = NewDisposeScope();
        var features = network.Features(pixels);
        Features.Add(features.data<float>().ToArray());
        var recognised = network.Scores(features).argmax(1).data<long>().ToArray();
        for (var i = 0; i < recognised.Length; i++)
        {
            Recognised[recognised[i]]++;
            if (classOf(i) is >= 0 and var expected)
                Confusion[expected][recognised[i]]++;
        }
        Count += recognised.Length;
    }
}
