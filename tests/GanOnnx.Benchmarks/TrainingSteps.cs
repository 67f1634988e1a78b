using System.Diagnostics;
using GanOnnx.Data;
using GanOnnx.Export.Running;
using GanOnnx.Training;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>Steps of a preset on images of noise, as training takes them.</summary>
/// <param name="options">Valid options.</param>
/// <param name="channels">The images' channels.</param>
internal sealed class TrainingSteps(TrainingOptions options, int channels) : IDisposable
{
    private readonly ITrainingTask _task = TrainingTasks.Of(options).Create(options, channels, classes: 0, CPU);
    private readonly bool _hasSecond = TrainingTasks.Of(options).SecondImages != SecondImages.None;
    private readonly byte[] _pixels = Noise(options.BatchSize * channels * options.Size * options.Size);
    private long _step;

    /// <summary>The parameters of all networks of a kind: CycleGAN has two of each.</summary>
    /// <param name="kind"><c>generator</c> or <c>discriminator</c>.</param>
    public long Count(string kind) => _task.Networks.Where(network => network.Name.StartsWith(kind, StringComparison.Ordinal))
        .Sum(network => network.Module.parameters().Sum(p => p.numel()));

    /// <summary>Takes some steps.</summary>
    /// <returns>Images per second.</returns>
    public double Take(int steps)
    {
        using var precision = ComputePrecision.Use(options.ReducedPrecision);
        var time = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            _task.Step(_step++, [.. Enumerable.Range(0, options.DiscriminatorSteps).Select(_ =>
                new TrainingBatch(Images(), null) { SecondImages = _hasSecond ? Images() : null })]);
        }
        _task.Measurements.Read();
        return steps * options.ImagesPerStep / time.Elapsed.TotalSeconds;
    }

    private Tensor Images() => tensor(_pixels, [options.BatchSize, channels, options.Size, options.Size]);

    private static byte[] Noise(int count)
    {
        var pixels = new byte[count];
        new Random(0).NextBytes(pixels);
        return pixels;
    }

    public void Dispose() => _task.Dispose();
}
