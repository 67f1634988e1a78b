using System.Globalization;
using GanOnnx.Cli.Terminal;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Cli;

/// <summary>Shows a run's progress on standard error: a bar, and a line for every tick.</summary>
internal sealed class TerminalMonitor(TrainingRun run) : ITrainingMonitor
{
    private const int SkippedShown = 5;

    private ProgressLine? _decoding, _training;

    /// <summary>The newest tick, or null before the first.</summary>
    public Tick? LastTick { get; private set; }

    /// <summary>The newest picture of samples.</summary>
    public string? Samples { get; private set; }

    public void Decoding(int done, int total) =>
        (_decoding ??= new ProgressLine("Decoding", total)).Report(done, "images");

    public void Started(TrainingStart start)
    {
        _decoding?.Clear();
        Write($"{start.Data}: {start.Images:#,0} images, {(start.Channels == 1 ? "grey" : "colour")}, {run.Options.Size} × {run.Options.Size}");
        foreach (var skipped in start.Skipped.Take(SkippedShown))
            Write($"  skipped {skipped}");
        if (start.Skipped.Count > 0)
            Write($"  {start.Skipped.Count:#,0} images can't be decoded and are left out");
        Write($"{run.Options.Architecture}: generator {start.GeneratorParameters:#,0} parameters, discriminator {start.DiscriminatorParameters:#,0}; {(run.Cuda ? "CUDA" : "CPU")}, seed {run.Options.Seed}");
        if (start.Step > 0)
            Write($"going on after step {start.Step:#,0} of {start.TotalSteps:#,0}");
        _training = new ProgressLine("Training", start.TotalSteps);
    }

    public void Stepped(long step, long totalSteps) => _training!.Report(step, "images", run.Options.BatchSize, Figures(LastTick));

    public void Ticked(Tick tick, string samples)
    {
        (LastTick, Samples) = (tick, samples);
        _training!.Clear();
        Write($"{tick.Kimg,6:#,0} kimg  {tick.ImagesPerSecond,5:#,0} images/s{Figures(tick)}  {samples}");
        foreach (var warning in tick.Warnings)
            Write($"  warning: {warning}");
    }

    /// <summary>Removes the bar.</summary>
    public void Finish() => _training?.Clear();

    private static string Figures(Tick? tick) => tick is null ? "" : string.Create(CultureInfo.InvariantCulture,
        $"  loss D {tick.DiscriminatorLoss:0.000} G {tick.GeneratorLoss:0.000}  D(x) {tick.RealProbability:0.00}  D(G(z)) {tick.FakeProbability:0.00}");

    private static void Write(FormattableString line) => Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
