using System.Text.Json;
using GanOnnx.Export;
using GanOnnx.Training;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Benchmarks;

/// <summary>A run that is trained to be measured, and goes on where it was ended.</summary>
internal static class Trial
{
    /// <summary>Trains for a time of a core, or as long as the options say, whichever is less.</summary>
    /// <returns>The ticks of the whole run.</returns>
    public static IReadOnlyList<Tick> Train(TrainingRun run, TimeSpan? budget = null)
    {
        var metrics = Path.Combine(run.Folder, "metrics.jsonl");
        var before = TimeSpan.FromSeconds(Ticks().Zip(Ticks().Prepend(null), (tick, earlier) =>
            (tick.Images - (earlier?.Images ?? 0)) / (tick[Figures.ImagesPerSecond] ?? double.PositiveInfinity)).Sum());
        using var stop = new CancellationTokenSource();
        if (budget is null || budget > before)
            Trainer.Run(run with { Resume = File.Exists(metrics) }, new CoreTimeLimit(budget - before, stop), stop.Token);
        return Ticks();

        List<Tick> Ticks() => File.Exists(metrics)
            ? [.. File.ReadLines(metrics).Where(line => line.StartsWith("{\"step\"", StringComparison.Ordinal))
                .Select(line => JsonSerializer.Deserialize<Tick>(line)!)] : [];
    }

    /// <summary>Exports a run's last averaged generator.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="direction">Which way it goes, where both were learnt. The default is the first of them.</param>
    /// <returns>The file, in the run's folder.</returns>
    public static string Export(string run, string? direction = null)
    {
        var path = Path.Combine(run, $"trial{direction}.onnx");
        using var trained = TrainedGenerator.Load(run, direction: direction);
        OnnxExporter.Export(trained.Module, [.. trained.Inputs.Select(input => input.Example)], path, new()
        {
            InputNames = [.. trained.Inputs.Select(input => input.Name)],
            OutputNames = [trained.Output],
            DynamicAxes = trained.OpenAxes,
            Metadata = trained.Metadata.ToProperties(),
        });
        return path;
    }
}
