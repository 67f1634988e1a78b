using GanOnnx.Inference;
using GanOnnx.Data;
using GanOnnx.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Evaluation;

/// <summary>Trains a classifier on nine tenths of the images and keeps the last tenth to see how good it is; which ones depends on their
/// number alone.</summary>
internal sealed class ClassifierTraining
{
    private const int BatchSize = 128, HeldOutPart = 10;

    // Adam's rate, and what it is multiplied by after each epoch: large steps first, then small ones to settle.
    private const double FirstRate = 2e-3, RateFactor = 0.3;

    private readonly ImageDataset _data;
    private readonly Action<EvaluationStage, long, long> _progress;
    private readonly CancellationToken _stop;

    public ClassifierTraining(ImageDataset data, Action<EvaluationStage, long, long> progress, CancellationToken stop)
    {
        (_data, _progress, _stop) = (data, progress, stop);
        var order = Enumerable.Range(0, data.Count).ToArray();
        new RandomStream(0, RandomStreams.HeldOut).Shuffle(0, order.AsSpan());
        HeldOut = order[..(order.Length / HeldOutPart)];
        LearntFrom = order[HeldOut.Length..];
    }

    /// <summary>The numbers of the images that training doesn't see.</summary>
    public int[] HeldOut { get; }

    /// <summary>The numbers of the images that training sees.</summary>
    public int[] LearntFrom { get; }

    /// <summary>The fewest images it can be done with.</summary>
    public static int FewestImages => HeldOutPart * EvaluationOptions.FewestImages;

    /// <summary>Trains a new classifier; the same images give the same one, to the bit on a CPU with as many threads.</summary>
    public Classifier Train(int epochs)
    {
        var network = new Classifier(_data.Size, _data.Channels, _data.Classes.Count);
        try
        {
            network.SetTraining(true);
            for (var epoch = 0; epoch < epochs; epoch++)
                TrainEpoch(network, epoch, epochs);
            network.SetTraining(false);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Puts images through the classifier: their features, and what it recognises in which class.</summary>
    public ClassifierFigures Measure(Classifier network, int[] images)
    {
        using var noGrad = no_grad();
        var figures = new ClassifierFigures(network, _data.Classes.Count);
        foreach (var batch in images.Chunk(BatchSize))
        {
            _stop.ThrowIfCancellationRequested();
            using (var pixels = Pixels(batch))
                figures.Add(pixels, i => _data.Labels[batch[i]]);
            _progress(EvaluationStage.Measuring, figures.Count, images.Length);
        }
        return figures;
    }

    /// <summary>Puts the first of the images that training sees through the classifier, as many as asked for if there are.</summary>
    public ClassifierFigures MeasureSome(Classifier network, int count) =>
        Measure(network, LearntFrom[..Math.Min(count, LearntFrom.Length)]);

    // Each epoch has an optimizer of its own: a rate can't be changed in both sources of TorchSharp.
    private void TrainEpoch(Classifier network, int epoch, int epochs)
    {
        using var optimizer = optim.Adam(network.Parameters, FirstRate * Math.Pow(RateFactor, epoch));
        var order = (int[])LearntFrom.Clone();
        new RandomStream(0, RandomStreams.ClassifierOrder).Shuffle((ulong)epoch, order.AsSpan());
        var done = (long)epoch * order.Length;
        foreach (var batch in order.Chunk(BatchSize))
        {
            _stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var labels = tensor(Array.ConvertAll(batch, image => (long)_data.Labels[image]), [batch.Length, 1]);
            var scores = network.Scores(network.Features(Pixels(batch)));
            network.ClearGradients();
            functional.log_softmax(scores, 1).gather(1, labels).mean().neg().backward();
            optimizer.step();
            _progress(EvaluationStage.Training, done += batch.Length, (long)epochs * order.Length);
        }
    }

    private Tensor Pixels(int[] images)
    {
        var pixels = new byte[images.Length * _data.ImageLength];
        for (var i = 0; i < images.Length; i++)
            _data.Read(images[i], pixels.AsSpan(i * _data.ImageLength));
        return tensor(pixels, [images.Length, _data.Channels, _data.Size, _data.Size]);
    }
}
