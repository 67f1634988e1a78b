using System.Diagnostics;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Quantization;

/// <summary>How much faster one model is than another on this machine, in turns.</summary>
internal static class Speed
{
    private const int Rounds = 9;
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(80);

    /// <summary>The median of the ratios of the rounds, above 1 where the model is faster.</summary>
    public static double Of(string model, string other, ModelUse use, CancellationToken stop)
    {
        using var settings = new SessionOptions { IntraOpNumThreads = 1 };
        using var first = Graphs.Load(ModelContent.Read(model, stop), settings, stop);
        using var second = Graphs.Load(ModelContent.Read(other, stop), settings, stop);
        using var inputs = use.CalibrationRuns().GetEnumerator();
        inputs.MoveNext();
        // Warm-up.
        Rate(first, inputs.Current);
        Rate(second, inputs.Current);
        var ratios = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            ratios[round] = Rate(first, inputs.Current) / Rate(second, inputs.Current);
        }
        Array.Sort(ratios);
        return ratios[Rounds / 2];
    }

    private static double Rate(InferenceSession session, IReadOnlyDictionary<string, OrtValue> inputs)
    {
        using var options = new RunOptions();
        var (runs, start) = (0, Stopwatch.GetTimestamp());
        while (runs == 0 || Stopwatch.GetElapsedTime(start) < _round)
        {
            session.Run(options, inputs, session.OutputNames).Dispose();
            runs++;
        }
        return runs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
