using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Cli;

/// <summary>Shows a run's progress on standard error: a live view on a terminal, plain lines elsewhere, and a line for every
/// tick.</summary>
internal sealed class TerminalMonitor(TrainingRun run) : ITrainingMonitor
{
    private const int SkippedShown = 5, WeightsShown = 10;

    private ProgressLine? _decoding, _captions, _training;
    private LiveView? _live;
    private string _things = "images";
    private readonly ExpectedTime _expected = new(run.Cuda, TimeProvider.System);

    /// <summary>The newest tick, or null before the first.</summary>
    public Tick? LastTick { get; private set; }

    /// <summary>The newest picture of samples.</summary>
    public string? Samples { get; private set; }

    /// <summary>The page that shows the run, once it has begun.</summary>
    public string? Report { get; private set; }

    private static bool CanRedraw => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    public void Found(DataSummary data)
    {
        _things = data.Things;
        if (data.Changed is { } changed)
            Write($"warning: {changed} It goes on with the {_things} it began with.");
        Write($"{DataText.Of(data)}");
    }

    public void Decoding(int done, int total) =>
        (_decoding ??= new ProgressLine("Decoding", total)).Report(done, _things);

    public void EncodingCaptions(int done, int total)
    {
        _decoding?.Clear();
        (_captions ??= new ProgressLine("Reading captions", total)).Report(done, "captions");
    }

    public void Started(TrainingStart start)
    {
        _decoding?.Clear();
        _captions?.Clear();
        foreach (var skipped in start.Skipped.Take(SkippedShown))
            Write($"  skipped {skipped}");
        if (start.Skipped.Count > 0)
            Write($"  {start.Skipped.Count:#,0} {_things} can't be decoded and are left out: {start.Images:#,0} remain");
        if (start.HeldOut > 0)
            Write($"  {start.HeldOut:#,0} of the {start.Images:#,0} {_things} are held out: they aren't trained on, and tell whether the discriminator overfits");
        foreach (var network in start.Networks)
            WriteLayers(network);
        var sizes = start.Networks.Select((n, i) => Invariant($"{n.Name} {n.Parameters:#,0}{(i == 0 ? " parameters" : "")}"));
        var form = run.Options.SoundForm ?? $"{run.Options.Size} × {run.Options.Size} px, {(start.Channels == 1 ? "grey" : "color")}";
        Write($"{run.Options.Architecture}: {form}; {string.Join(", ", sizes)}; {(run.Cuda ? "CUDA" : "CPU")}, seed {run.Options.Seed}");
        if ((Report = start.Report) is not null)
            Write($"watch it in a browser: {Report}");
        if (start.Transfer is { } transfer)
            WriteTransfer(transfer);
        foreach (var change in start.Changes)
            Write($"from {change.Kimg:#,0.#} kimg on: {change.Option} {Named(change.To)} instead of {Named(change.From)}");
        if (PrecisionAdvice.Of(run.Options.Precision, start.Bfloat16SpeedUp) is { } advice)
            Write($"{advice}");
        if (start.Step > 0)
            Write($"going on after step {start.Step:#,0} of {start.TotalSteps:#,0}");
        if (CanRedraw)
            _live = new LiveView(Terminal.Drawing, () => (Console.WindowWidth, Console.WindowHeight), _things);
        else
            _training = new ProgressLine("Training", start.TotalSteps);
    }

    public void Stepped(long step, long totalSteps)
    {
        _live?.Report(step, totalSteps, run.Options.ImagesPerStep);
        if (_expected.At(step, totalSteps) is { } expected)
        {
            Finish();
            Write($"{expected}");
        }
        _training?.Report(step, _things, run.Options.ImagesPerStep, LastTick is null ? "" : Told(LastTick));
    }

    public void Ticked(Tick tick, string samples)
    {
        (LastTick, Samples) = (tick, samples);
        Finish();
        Write($"{tick.Kimg,6:#,0} kimg  {tick[Figures.ImagesPerSecond],5:#,0} {_things}/s{Told(tick)}  {samples}");
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

    private static void WriteTransfer(WeightTransfer transfer)
    {
        var (own, unused) = (transfer.Own.Count, transfer.Unused.Count);
        Write($"begins with {transfer.Taken.Count:#,0} tensors of {transfer.From}; {own:#,0} begin anew, {unused:#,0} of there fit nowhere");
        foreach (var weight in transfer.Own.Take(WeightsShown))
            Write($"  anew: {weight}");
        if (transfer.Own.Count > WeightsShown)
            Write($"  and {transfer.Own.Count - WeightsShown:#,0} more");
    }

    private static string Named(string value) => value.Length == 0 ? "none" : value;

    private static void WriteLayers(NetworkLayers network)
    {
        foreach (var line in LayerTable.Lines(network.Name, network.Layers))
            Write($"  {line}");
        Console.Error.WriteLine();
    }

    // The live view shows the gradients' norms already, and a line is long enough.
    private string Told(Tick tick) => string.Concat(
        from figure in Figures.All.Concat(tick.Figures.Keys.Where(figure => figure.IsExtra))
        where figure.Text is not null && (_live is null || figure.Row != Figures.GeneratorGradientNorm.Row)
        let value = tick.Shown(figure)
        where value is not null
        select string.Format(CultureInfo.InvariantCulture, figure.Text!, value));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Write(FormattableString line) =>
        Console.Error.WriteLine(PlainText.Of(line.ToString(CultureInfo.InvariantCulture)));
}
