using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Cli;

/// <summary>Shows a run's progress on standard error: a live view on a terminal, plain lines elsewhere, and a line for every tick.</summary>
internal sealed class TerminalMonitor(TrainingRun run) : ITrainingMonitor
{
    private const int SkippedShown = 5;

    private ProgressLine? _decoding, _training;
    private LiveView? _live;

    /// <summary>The newest tick, or null before the first.</summary>
    public Tick? LastTick { get; private set; }

    /// <summary>The newest picture of samples.</summary>
    public string? Samples { get; private set; }

    private static bool CanRedraw => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

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
        WriteLayers("generator", start.Generator);
        WriteLayers("discriminator", start.Discriminator);
        Write($"{run.Options.Architecture}: generator {start.GeneratorParameters:#,0} parameters, discriminator {start.DiscriminatorParameters:#,0}; {(run.Cuda ? "CUDA" : "CPU")}, seed {run.Options.Seed}");
        if (start.Step > 0)
            Write($"going on after step {start.Step:#,0} of {start.TotalSteps:#,0}");
        if (CanRedraw)
            _live = new LiveView(Console.Error, () => (Console.WindowWidth, Console.WindowHeight));
        else
            _training = new ProgressLine("Training", start.TotalSteps);
    }

    public void Stepped(long step, long totalSteps)
    {
        _live?.Report(step, totalSteps, run.Options.ImagesPerStep);
        _training?.Report(step, "images", run.Options.ImagesPerStep, Figures(LastTick));
    }

    public void Ticked(Tick tick, string samples)
    {
        (LastTick, Samples) = (tick, samples);
        Finish();
        Write($"{tick.Kimg,6:#,0} kimg  {tick.ImagesPerSecond,5:#,0} images/s{(_live is null ? Figures(tick) : Losses(tick) + Verdict(tick))}  {samples}");
        foreach (var warning in tick.Warnings)
            Write($"  warning: {warning}");
        _live?.Add(tick);
    }

    /// <summary>Removes the view.</summary>
    public void Finish()
    {
        _live?.Clear();
        _training?.Clear();
    }

    private static void WriteLayers(string network, IReadOnlyList<LayerSummary> layers)
    {
        if (layers.Count == 0)
            return;
        foreach (var line in LayerTable.Lines(network, layers))
            Console.Error.WriteLine("  " + line);
        Console.Error.WriteLine();
    }

    private static string Figures(Tick? tick) => tick is null ? "" : Losses(tick) + Verdict(tick) + Gradients(tick);

    private static string Losses(Tick tick) => Invariant($"  loss D {tick.DiscriminatorLoss:0.000} G {tick.GeneratorLoss:0.000}");

    private static string Verdict(Tick tick) => tick.ScoresAreLogits
        ? Invariant($"  D(x) {tick.RealProbability:0.00}  D(G(z)) {tick.FakeProbability:0.00}")
        : Invariant($"  score real {tick.RealScore:0.00} generated {tick.FakeScore:0.00}");

    private static string Gradients(Tick tick) => tick is { DiscriminatorGradientNorm: { } discriminator, GeneratorGradientNorm: { } generator }
        ? Invariant($"  gradient D {discriminator:0.0e+0} G {generator:0.0e+0}")
        : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Write(FormattableString line) => Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
