using System.Diagnostics;
using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Benchmarks;

/// <summary>
/// <see cref="ImageGenerator"/>, which also draws the latents and hands out every image, beside a bare loop of
/// <see cref="InferenceSession"/>'s Run over the same input and output buffers.
/// </summary>
internal static class GenerationBenchmark
{
    private const int Rounds = 15;
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(0.5);

    public static void Run(string model)
    {
        Console.WriteLine($"{model}, {Environment.ProcessorCount} cores");
        Console.WriteLine("| generation | GanOnnx, images/s | bare Run loop, images/s | ratio (least … most) |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var batch in new[] { 1, 16, 64 })
        {
            using var generator = ImageGenerator.Load(model, new ImageGeneratorOptions { Device = Device.Cpu, BatchSize = batch });
            using var bare = new BareLoop(model, batch, generator.Model);
            Comparison.Print($"batch {batch}", Rounds, () => Rate(batch, () => generator.Generate(batch)), () => Rate(batch, bare.Run));
        }
    }

    private static double Rate(int batch, Action generate)
    {
        var time = Stopwatch.StartNew();
        long images = 0;
        for (; time.Elapsed < _round; images += batch)
            generate();
        return images / time.Elapsed.TotalSeconds;
    }

    private sealed class BareLoop : IDisposable
    {
        private readonly SessionOptions _options = new();
        private readonly RunOptions _run = new();
        private readonly InferenceSession _session;
        private readonly OrtValue _latents, _images;

        public BareLoop(string path, int batch, ModelDescription model)
        {
            var file = Directory.Exists(path) ? Path.Combine(path, "model.onnx") : path;
            _session = new InferenceSession(file, _options);
            var latents = new float[batch * model.LatentSize];
            new LatentSampler(model.LatentSize).Fill(0, 0, latents);
            _latents = OrtValue.CreateTensorValueFromMemory(latents, [batch, model.LatentSize]);
            var shape = new long[] { batch, model.Channels!.Value, model.Height!.Value, model.Width!.Value };
            _images = OrtValue.CreateTensorValueFromMemory(new float[shape.Aggregate(1L, (a, b) => a * b)], shape);
        }

        public void Run() => _session.Run(_run, _session.InputNames, [_latents], _session.OutputNames, [_images]);

        public void Dispose()
        {
            _latents.Dispose();
            _images.Dispose();
            _session.Dispose();
            _run.Dispose();
            _options.Dispose();
        }
    }
}
