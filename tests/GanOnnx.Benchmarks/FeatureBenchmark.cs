using System.Diagnostics;
using GanOnnx.Evaluation;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Benchmarks;

/// <summary>ResNet-18's features of 32 px images: the library, resizing included, beside a bare loop of ONNX Runtime over ready
/// batches.</summary>
internal static class FeatureBenchmark
{
    private const int Size = 32, Batch = 8, Rounds = 5;

    public static void Run(int images)
    {
        using var network = FeatureNetwork.OfResNet18(Inference.Device.Cpu);
        var noise = new NoiseImages(images, Size, 3);
        var bare = new Bare(network);
        var (library, loop) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var ours = Rate(() => FeatureExtraction.Of(network, noise, _ => { }, default), images);
            var theirs = Rate(() => bare.Run(images / Batch), images / Batch * Batch);
            if (round == 0)
                continue; // warms up
            library.Add(ours);
            loop.Add(theirs);
            Console.WriteLine(FormattableString.Invariant($"round {round}: library {ours:0.0}, bare loop {theirs:0.0} images/s, ratio {ours / theirs:0.000}; {Environment.WorkingSet >> 20} MiB"));
        }
        var ratios = library.Zip(loop, (a, b) => a / b).Order().ToArray();
        Console.WriteLine(FormattableString.Invariant($"median ratio {ratios[Rounds / 2]:0.000} ({ratios[0]:0.000} … {ratios[^1]:0.000}); 10,000 images at the median rate: {10_000 / library.Order().ElementAt(Rounds / 2) / 60:0.0} min"));
    }

    private static double Rate(Action work, int images)
    {
        var time = Stopwatch.StartNew();
        work();
        return images / time.Elapsed.TotalSeconds;
    }

    /// <summary>One session as the library has it, and as many threads as cores, each with a batch of its own.</summary>
    private sealed class Bare(FeatureNetwork network)
    {
        private readonly float[][] _inputs = [.. Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => new float[Batch * 3 * network.Size * network.Size])];

        public void Run(int batches) => Parallel.For(0, _inputs.Length, thread =>
        {
            using var options = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory(_inputs[thread], [Batch, 3, network.Size, network.Size]);
            for (var batch = thread; batch < batches; batch += _inputs.Length)
                network.Graph.Run(options, network.Graph.InputNames, [input], network.Graph.OutputNames).Dispose();
        });
    }
}
