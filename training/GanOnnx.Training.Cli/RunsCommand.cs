using System.CommandLine;
using System.Globalization;
using GanOnnx.CommandLine;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan runs</c>: lists runs and how far they are.</summary>
internal static class RunsCommand
{
    private static readonly Argument<string> _folder = new("FOLDER")
    {
        Description = "A folder with runs in it, at any depth. The default is runs.",
        DefaultValueFactory = _ => "runs",
    };

    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("runs", "list runs and how far they are", Run, "", "experiments/ --json") { _folder, _json };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var folder = parsed.GetRequiredValue(_folder);
        var runs = RunSummary.Find(folder);
        Results.Print(parsed.GetValue(_json), runs.Select(run => new
        {
            run.Folder,
            run.Data,
            run.Options.Architecture,
            kimg = run.Images / 1000.0,
            of = run.Options.Kimg,
            run.IsComplete,
            run.Saved,
            snapshots = run.Snapshots.Select(
                snapshot => new { snapshot.Kimg, snapshot.IsBest, snapshot.Figures, snapshot.Size, snapshot.Path }),
            run.Size,
            warnings = run.LastTick?.Warnings ?? [],
        }), runs.Count == 0 ? $"There are no runs in '{PlainText.Of(folder)}'." : Table(runs));
        return ExitCode.Done;
    }

    private static string Table(IReadOnlyList<RunSummary> runs)
    {
        var width = runs.Max(run => PlainText.Of(run.Folder).Length);
        return string.Join('\n', runs.Select(run => string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(run.Folder).PadRight(width)}  {run.Images / 1000.0,7:0.#} of {run.Options.Kimg} kimg{(run.IsComplete ? ", complete" : "")}, "
            + $"{run.Options.Architecture} {run.Options.SoundForm ?? $"{run.Options.Size} px"} on {PlainText.Of(run.Data)}, {run.Size / 1e6:0} MB, saved {run.Saved.ToLocalTime():yyyy-MM-dd HH:mm}"
            + $"{Kept(run)}{Told(run)}")));
    }

    private static string Kept(RunSummary run)
    {
        if (run.Snapshots.Count == 0)
            return "";
        var size = run.Snapshots.Sum(snapshot => snapshot.Size) / 1e6;
        return string.Create(CultureInfo.InvariantCulture,
            $"\n    snapshots at {string.Join(", ", run.Snapshots.Select(Name))} kimg, {size:0.#} MB of these");
    }

    private static string Name(Snapshot snapshot)
    {
        var figures = snapshot.Figures.Select(f => string.Create(CultureInfo.InvariantCulture, $", {PlainText.Of(f.Key)} {f.Value:0.###}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"{snapshot.Kimg}{(snapshot.IsBest ? $" (best{string.Concat(figures)})" : "")}");
    }

    private static string Told(RunSummary run) => run.LastTick?.Warnings is [var warning, ..] ? $"\n    {PlainText.Of(warning)}" : "";
}
