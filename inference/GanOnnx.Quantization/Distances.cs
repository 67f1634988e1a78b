using GanOnnx.Evaluation;
using GanOnnx.Inference;

namespace GanOnnx.Quantization;

/// <summary>Fréchet distances of a quantized model's images: to the float model's, and to real ones.</summary>
internal static class Distances
{
    /// <summary>How much larger the distance to real images may become.</summary>
    public const double MostGrowth = 1.02;

    private const int Digits = 4;

    // A thread's buffers are made anew for each part.
    private const int PerThread = 32;

    /// <summary>The figures with the distances.</summary>
    public static QuantizationDescription Of(ModelUse use, string file, QuantizationOptions options, int count,
        QuantizationDescription figures, Action<QuantizationStage, long, long> progress, CancellationToken stop)
    {
        using var network = FeatureNetwork.OfResNet18(Device.Cpu, stop);
        var (done, all) = (0, 2 * count);
        var before = Features(use.Model.Path);
        var after = Features(file);
        figures = figures with { Distance = Rounded(FrechetDistance.Between(before, after)) };
        return options.Data is null || use.IsTranslator ? figures : figures with
        {
            FloatDistanceToData = Rounded(ToData(use.Model.Path, options, progress, stop)),
            DistanceToData = Rounded(ToData(file, options, progress, stop)),
        };

        FeatureStatistics Features(string path)
        {
            var set = new FeatureSet(network.FeatureCount);
            foreach (var batch in use.Images(path, count, stop))
            {
                var features = new float[(batch.Count + PerThread - 1) / PerThread][];
                Parallel.For(0, features.Length, part => features[part] = Of(network, batch, part * PerThread));
                foreach (var vectors in features)
                    set.Add(vectors);
                progress(QuantizationStage.Distance, done += batch.Count, all);
            }
            return set.Statistics();
        }
    }

    // Some images from one on.
    private static float[] Of(FeatureNetwork network, ImageBatch images, int first)
    {
        var (count, length) = (Math.Min(PerThread, images.Count - first), images.Channels * images.Height * images.Width);
        var pixels = new byte[count * length];
        for (var i = 0; i < count; i++)
            images.CopyBytesTo(first + i, pixels.AsSpan(i * length));
        return network.Features(pixels, count, images.Width, images.Height, images.Channels);
    }

    private static double ToData(string path, QuantizationOptions options, Action<QuantizationStage, long, long> progress,
        CancellationToken stop) =>
        ImageEvaluation.Run(new EvaluationOptions
        {
            Subject = path,
            Data = options.Data!,
            Split = options.Split,
            Count = options.DataImages,
            Metrics = ["fd"],
            Generator = options.Generator with { Device = Device.Cpu },
        }, (_, done, all) => progress(QuantizationStage.Distance, done, all), stop).Figures.First(figure => figure.Figure.Name == "fd").Figure.Value;

    private static double Rounded(double distance) => Math.Round(distance, Digits);
}
