using GanOnnx.Inference;
using GanOnnx.Training;
using GanOnnx.Training.Data;
using GanOnnx.Training.Evaluation;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Benchmarks.Augmentation;

/// <summary>The share of real images that a classifier recognises, which it didn't learn from.</summary>
internal static class Accuracy
{
    private const int BatchSize = 128, StepsPerPart = 100;

    // As gan classifier: large steps first, then small ones to settle.
    private static readonly double[] _rates = [2e-3, 6e-4, 1.8e-4];

    /// <summary>Of ML.NET's SdcaMaximumEntropy on the features, in one thread: the same numbers each time.</summary>
    public static double OfSdca(LabelledImages learnt, LabelledImages tested)
    {
        var context = new MLContext(seed: 0);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, learnt.Features[0].Length);
        IDataView Rows(LabelledImages images) => context.Data.LoadFromEnumerable(
            images.Features.Zip(images.Labels, (features, label) => new Row { Features = features, Class = (uint)label }), schema);
        var pipeline = context.Transforms.NormalizeMeanVariance("Features")
            .Append(context.Transforms.Conversion.MapValueToKey("Label", "Class"))
            .AppendCacheCheckpoint(context)
            .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 }));
        var model = pipeline.Fit(Rows(learnt));
        return context.MulticlassClassification.Evaluate(model.Transform(Rows(tested))).MicroAccuracy;
    }

    /// <summary>Of the small network of <c>gan classifier</c>, after as many steps whatever it learns from.</summary>
    public static double OfSmallNetwork(LabelledImages learnt, LabelledImages tested, int size, int channels, int classes, ulong seed)
    {
        using var network = new Classifier(size, channels, classes);
        network.train();
        var images = new Queue<int>();
        ulong epoch = 0;
        foreach (var rate in _rates)
        {
            using var optimizer = optim.Adam(network.parameters(), rate);
            for (var step = 0; step < StepsPerPart; step++)
            {
                while (images.Count < BatchSize)
                    foreach (var image in Order(learnt.Count, seed, epoch++))
                        images.Enqueue(image);
                using var scope = NewDisposeScope();
                int[] batch = [.. Enumerable.Range(0, BatchSize).Select(_ => images.Dequeue())];
                var labels = tensor(Array.ConvertAll(batch, image => (long)learnt.Labels[image]), [BatchSize, 1]);
                network.zero_grad();
                functional.log_softmax(network.Scores(Batch(learnt, batch, size, channels)), 1).gather(1, labels).mean().neg().backward();
                optimizer.step();
            }
        }
        network.eval();
        var right = Enumerable.Range(0, tested.Count).Chunk(BatchSize).Sum(batch => Right(network, tested, batch, size, channels));
        return (double)right / tested.Count;
    }

    private static int Right(Classifier network, LabelledImages tested, int[] batch, int size, int channels)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var recognised = network.Scores(Batch(tested, batch, size, channels)).argmax(1).data<long>().ToArray();
        return batch.Where((image, i) => recognised[i] == tested.Labels[image]).Count();
    }

    private static int[] Order(int count, ulong seed, ulong epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new RandomStream(seed, RandomStreams.ClassifierOrder).Shuffle(epoch, order.AsSpan());
        return order;
    }

    private static Tensor Batch(LabelledImages images, int[] batch, int size, int channels)
    {
        var length = size * size * channels;
        var pixels = new byte[batch.Length * length];
        for (var i = 0; i < batch.Length; i++)
            images.Pixels.AsSpan(batch[i] * length, length).CopyTo(pixels.AsSpan(i * length));
        return Pixels.ToValues(tensor(pixels, [batch.Length, size, size, channels]).permute(0, 3, 1, 2).contiguous());
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Class { get; set; }
    }
}
