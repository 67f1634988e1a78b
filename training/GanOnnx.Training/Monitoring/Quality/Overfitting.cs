using GanOnnx.Data;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks;
using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring.Quality;

/// <summary>
/// Measures at every tick whether the discriminator knows its images by heart: what it says of real images that it isn't trained on,
/// beside what it says of as many that it is trained on and of as many generated ones.
/// </summary>
/// <remarks>
/// r_v of T. Karras et al.: "Training Generative Adversarial Networks with Limited Data", 2020, https://arxiv.org/abs/2006.06676,
/// section 3.1.
/// </remarks>
/// <param name="task">Has the discriminator.</param>
/// <param name="data">The images.</param>
/// <param name="images">Which of them are held out.</param>
/// <param name="options">The run's options.</param>
internal sealed class Overfitting(ITrainingTask task, ImageDataset data, HeldOutImages images, TrainingOptions options)
{
    // Of one image there is no spread, and networks that compare the images of a batch have nothing to compare.
    private const int Fewest = 2;

    // Where trained and generated images are told apart by less than that many standard errors, a part of it means nothing.
    private const double LeastErrors = 3;

    /// <summary>Measures, and sets the figures.</summary>
    /// <param name="step">Steps done.</param>
    public void Measure(long step)
    {
        var count = Math.Min(images.HeldOut.Length, images.Compared.Length);
        if (count < Fewest)
            return;
        List<float> trained = [], heldOut = [], generated = [];
        // In batches as training has them, none of them small.
        var parts = Math.Max(1, count / options.BatchSize);
        for (var part = 0; part < parts; part++)
        {
            var range = (part * count / parts)..((part + 1) * count / parts);
            using var known = Read(images.Compared[range]);
            using var unknown = Read(images.HeldOut[range]);
            if (task.Judge(step, known, unknown) is not { } verdict)
                return;
            trained.AddRange(verdict.Trained);
            heldOut.AddRange(verdict.HeldOut);
            generated.AddRange(verdict.Generated);
        }
        var figures = task.Measurements.Read();
        task.Measurements.Set(Figures.HeldOutProbability, heldOut.Average(score => 1 / (1 + Math.Exp(-score))));
        if (figures.ContainsKey(Figures.RealScore))
            task.Measurements.Set(Figures.HeldOutScore, heldOut.Average());
        if (Of(trained, heldOut, generated) is { } overfitting)
            task.Measurements.Set(Figures.Overfitting, overfitting);
    }

    /// <summary>r_v = (E[trained] − E[held out]) / (E[trained] − E[generated]).</summary>
    /// <returns>Null where trained and generated images aren't told apart, so that it means nothing.</returns>
    public static double? Of(IReadOnlyList<float> trained, IReadOnlyList<float> heldOut, IReadOnlyList<float> generated)
    {
        var apart = trained.Average(score => (double)score) - generated.Average(score => (double)score);
        var error = Math.Sqrt(Variance(trained) / trained.Count + Variance(generated) / generated.Count);
        return apart > LeastErrors * error
            ? (trained.Average(score => (double)score) - heldOut.Average(score => (double)score)) / apart
            : null;
    }

    private static double Variance(IReadOnlyList<float> scores)
    {
        var mean = scores.Average(score => (double)score);
        return scores.Sum(score => (score - mean) * (score - mean)) / (scores.Count - 1);
    }

    private TrainingBatch Read(int[] chosen)
    {
        var pixels = new byte[chosen.Length * data.ImageLength];
        for (var i = 0; i < chosen.Length; i++)
            data.Read(chosen[i], pixels.AsSpan(i * data.ImageLength, data.ImageLength));
        return new(tensor(pixels, data.ShapeOf(chosen.Length)),
            options.IsConditional ? tensor(chosen.Select(LabelOf).ToArray()) : null);

        long LabelOf(int image) => options.TakesText ? data.CaptionsOf(image)[0] : data.Labels[image];
    }
}
