using GanOnnx.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Evaluation;

/// <summary>A model's images, class by class in even shares, put through a classifier as the bytes that would be saved.</summary>
internal sealed class GeneratedImages(ImageGenerator generator, EvaluationOptions options)
{
    private const int MostPerBatch = 512, MostValuesPerBatch = 16_000_000;

    private readonly int _length = generator.Model.Channels!.Value * generator.Model.Height!.Value * generator.Model.Width!.Value;

    /// <summary>Makes all of the images; image i of the seed is of class i · K / count.</summary>
    /// <param name="network">The classifier.</param>
    /// <param name="classes">How many classes it knows.</param>
    /// <param name="labels">The class of each of the model's labels; null for an unconditional model.</param>
    /// <param name="progress">Is told how many are done.</param>
    /// <param name="stop">Looked at between batches.</param>
    public ClassifierFigures Measure(Classifier network, int classes, int[]? labels, Action<EvaluationStage, long, long> progress,
        CancellationToken stop)
    {
        using var noGrad = no_grad();
        var figures = new ClassifierFigures(network, classes);
        var groups = labels?.Length ?? 1;
        for (var group = 0; group < groups; group++)
        {
            var (next, end) = (Start(group, groups), Start(group + 1, groups));
            while (next < end)
            {
                var count = Math.Min(end - next, Math.Clamp(MostValuesPerBatch / _length, 1, MostPerBatch));
                var batch = generator.Generate(count, options.Seed, labels is null ? null : group, first: (ulong)next, cancellation: stop);
                using (var pixels = Pixels(batch))
                    figures.Add(pixels, _ => labels?[group] ?? -1);
                progress(EvaluationStage.Generating, next += count, options.Count);
            }
        }
        return figures;
    }

    private int Start(int group, int groups) => (int)((long)options.Count * group / groups);

    private Tensor Pixels(ImageBatch batch)
    {
        var bytes = new byte[batch.Count * _length];
        for (var i = 0; i < batch.Count; i++)
            batch.CopyBytesTo(i, bytes.AsSpan(i * _length, _length), ChannelLayout.First);
        return tensor(bytes, [batch.Count, batch.Channels, batch.Height, batch.Width]);
    }
}
