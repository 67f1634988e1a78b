using System.Diagnostics;
using System.Globalization;
using GanOnnx.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Benchmarks;

/// <summary>Two ONNX files with one float32 input and output each that should compute the same.</summary>
internal static class OnnxFilePair
{
    private const int Rounds = 15;
    private const double Tolerance = 1e-4; // of the largest value: sums of some thousand float32 products in another order
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(0.12);

    /// <summary>A table's line: nodes and sizes of both, and how far their outputs are apart at all the batches.</summary>
    public static void PrintGraphs(string title, string ours, string theirs, IEnumerable<int> batches)
    {
        var difference = batches.Max(batch => Difference(ours, theirs, batch));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {title} | {Nodes(ours)} | {Nodes(theirs)} | {KiB(ours):#,0} | {KiB(theirs):#,0} | {difference:0.0e0} |"));
        if (!(difference <= Tolerance))
            throw new InvalidOperationException($"The outputs of {ours} and {theirs} differ by {difference:g3} of the largest value.");
    }

    /// <summary>A table's line for each batch.</summary>
    public static void PrintSpeeds(string title, string ours, string theirs, int threads, IEnumerable<int> batches)
    {
        foreach (var batch in batches)
        {
            using var mine = new Loop(ours, batch, threads);
            using var other = new Loop(theirs, batch, threads);
            Comparison.Print($"{title}, batch {batch}, {threads} thread{(threads == 1 ? "" : "s")}", Rounds, mine.Rate, other.Rate);
        }
    }

    private static int Nodes(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Node.Count;

    private static double KiB(string path) => new FileInfo(path).Length / 1024.0;

    private static double Difference(string ours, string theirs, int batch)
    {
        using var mine = new Loop(ours, batch, Environment.ProcessorCount);
        using var other = new Loop(theirs, batch, Environment.ProcessorCount);
        mine.Run();
        other.Run();
        var a = mine.Output;
        var b = other.Output;
        var (largest, apart) = (0.0, 0.0);
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            largest = Math.Max(largest, Math.Abs(b[i]));
            // NaN must not pass for equal.
            apart = Math.Abs(a[i] - b[i]) is var here && here <= apart ? apart : here;
        }
        return apart / largest;
    }

    /// <summary>Runs a file again and again over the same input and output buffers.</summary>
    private sealed class Loop : IDisposable
    {
        private readonly int _batch;
        private readonly RunOptions _run = new();
        private readonly InferenceSession _session;
        private readonly OrtValue _input, _output;

        public Loop(string path, int batch, int threads)
        {
            _batch = batch;
            using var options = new SessionOptions { IntraOpNumThreads = threads };
            _session = new InferenceSession(path, options);
            _input = Tensor(_session.InputMetadata.Values.Single().Dimensions);
            var random = new Random(batch);
            foreach (ref var value in _input.GetTensorMutableDataAsSpan<float>())
                value = 2 * random.NextSingle() - 1;
            // Not every file tells its output's shape.
            using var first = _session.Run(_run, _session.InputNames, [_input], _session.OutputNames);
            _output = Tensor([.. first[0].GetTensorTypeAndShape().Shape.Select(s => (int)s)]);
        }

        public ReadOnlySpan<float> Output => _output.GetTensorDataAsSpan<float>();

        public void Run() => _session.Run(_run, _session.InputNames, [_input], _session.OutputNames, [_output]);

        /// <summary>Images per second.</summary>
        public double Rate()
        {
            // The other file was here in between.
            Run();
            var time = Stopwatch.StartNew();
            long images = 0;
            for (; time.Elapsed < _round; images += _batch)
                Run();
            return images / time.Elapsed.TotalSeconds;
        }

        private OrtValue Tensor(int[] sizes)
        {
            long[] shape = [_batch, .. sizes[1..].Select(s => (long)s)];
            return OrtValue.CreateTensorValueFromMemory(new float[shape.Aggregate(1L, (a, b) => a * b)], shape);
        }

        public void Dispose()
        {
            _input.Dispose();
            _output.Dispose();
            _session.Dispose();
            _run.Dispose();
        }
    }
}
