using System.Globalization;
using System.Text;
using GanOnnx.CommandLine;
using GanOnnx.Evaluation;

namespace GanOnnx.Cli;

/// <summary>An evaluation as a table for people.</summary>
internal static class EvaluationText
{
    private const int MistakesShown = 2;

    /// <summary>Figures, then class by class, then what has to be known.</summary>
    public static string Of(EvaluationResult result)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(PlainText.Of(line.ToString(CultureInfo.InvariantCulture)));

        var truncated = result.Truncation is { } psi ? string.Create(CultureInfo.InvariantCulture, $", truncation {psi:0.##}") : "";
        Line($"{NameOf(result)}: {result.Images:#,0} images{(result.ModelSha256 is null ? "" : $" of seed {result.Seed}")}{truncated}, beside {result.Real.Compared:#,0} real ones of {result.Real.Data} at {result.Real.Size} × {result.Real.Size}");
        Line($"features: {result.Network.Name}, {result.Network.Resizing.ToString().ToLowerInvariant()} resizing");
        Line($"");
        string[][] rows =
        [
            ["", "value", "95 % between", "real images", "noise", ""],
            .. result.Figures.Select(scaled => new[]
            {
                scaled.Figure.Name == "fd" ? result.Network.FrechetName : scaled.Figure.Name, FigureText.Value(scaled.Figure),
                FigureText.Interval(scaled.Figure), FigureText.Number(scaled.Real), FigureText.Number(scaled.Noise),
                    scaled.Figure.Description,
            }),
        ];
        AppendTable(Line, rows);
        if (result.Classes is { } classes)
            AppendClasses(Line, classes);
        if (result.Clips is { } clips)
            AppendClips(Line, clips);
        if (result.Sweep.Count > 0)
        {
            Line($"");
            AppendTable(Line, [["truncation", .. result.Sweep[0].Figures.Select(figure => figure.Name)],
                .. result.Sweep.Select(row => new[] { row.Truncation.ToString("0.##", CultureInfo.InvariantCulture) }
                    .Concat(row.Figures.Select(FigureText.Value)).ToArray())]);
        }
        if (result.Nearest.Count > 0)
        {
            var nearest = result.Nearest[0];
            Line($"");
            var distance = nearest.Distance is { } ratio ? $" ({FigureText.Number(ratio)} of the distance that 1 in 100 held-out images has at most)" : "";
            Line($"nearest to a real image: {nearest.GeneratedName} to {nearest.RealName}{distance}");
        }
        Line($"");
        foreach (var remark in result.Remarks)
            Line($"{remark}");
        return text.ToString().TrimEnd();
    }

    private static void AppendClasses(Action<FormattableString> line, ClassResults classes)
    {
        line($"");
        line($"classes made      {classes.Effective:0.0} of {classes.All.Count}, by the entropy of what is recognised; inception-style score {classes.Score:0.00}");
        if (classes.Obeyed is { } obeyed)
            line($"labels obeyed     {FigureText.Percent(obeyed)}; in real images the classifier recognises {FigureText.Percent(classes.RealAccuracy)}");
        line($"");
        AppendTable(line,
        [
            ["class", "share", "obeyed", "in real images", "otherwise taken for"],
            .. classes.All.OrderBy(c => c.Accuracy ?? 1).Select(c => new[]
            {
                c.Name, FigureText.Percent(c.Share), FigureText.Percent(c.Accuracy), FigureText.Percent(c.RealAccuracy),
                string.Join(", ", c.TakenFor.Take(MistakesShown).Select(other => $"{other.Name} ({FigureText.Percent(other.Share)})")),
            }),
        ]);
    }

    private static void AppendClips(Action<FormattableString> line, ClipResults clips)
    {
        line($"");
        line($"motion            {clips.Motion:0.0000} ± {clips.MotionDeviation:0.0000} from a frame to the next, of {clips.Clips} clips; {clips.RealMotion:0.0000} ± {clips.RealMotionDeviation:0.0000} in {clips.RealClips} real ones");
        if (clips.Identity is { } identity)
            line($"identity kept     {FigureText.Percent(identity)} of clips show one class in 9 of 10 frames; real ones {FigureText.Percent(clips.RealIdentity)}");
        if (clips.IdentityAsked is { } asked)
            line($"label kept        {FigureText.Percent(asked)} of clips show the class asked for in 9 of 10 frames");
    }

    // The first column and the last stand at the left, numbers at the right.
    internal static void AppendTable(Action<FormattableString> line, string[][] rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            line($"{string.Join("   ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : column == row.Length - 1 && IsText(rows, column) ? cell : cell.PadLeft(widths[column]))).TrimEnd()}");
    }

    private static bool IsText(string[][] rows, int column) =>
        rows.Any(row => row[column].Length > 0 && char.IsLetter(row[column][0]) && row != rows[0]);

    // A run's state has a name and no path.
    private static string NameOf(EvaluationResult result) => result.ModelSha256 is null || !Path.Exists(result.Subject)
        ? Path.GetFileName(Path.TrimEndingDirectorySeparator(result.Subject)) : ModelPath.NameOf(result.Subject);
}
