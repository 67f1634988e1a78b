using System.Globalization;
using System.Text;
using GanOnnx.CommandLine;
using GanOnnx.Evaluation;
using GanOnnx.Training.Evaluation;

namespace GanOnnx.Training.Cli;

/// <summary>An evaluation as a table for people.</summary>
internal static class EvaluationText
{
    private const int MistakesShown = 2, ShaShown = 12;

    /// <summary>Figures, then class by class, then who judged.</summary>
    public static string Of(string name, EvaluationResult result)
    {
        var (text, judge) = (new StringBuilder(), result.Classifier);
        void Line(FormattableString line) => text.AppendLine(PlainText.Of(line.ToString(CultureInfo.InvariantCulture)));

        Line($"{name}: {result.Images:#,0} images of seed {result.Seed}, against {judge.Data}");
        Line($"");
        foreach (var figure in result.Figures)
            Line($"{figure.Name,-16}  {Value(figure),16}   {figure.Description}");
        Line($"fd of real ones   {result.RealDistance,16:0.000}   the {judge.HeldOut:#,0} images that the classifier didn't see: a perfect model's, with as many");
        Line($"spread            {result.Spread,16:0.00}   variance of the features, real images = 1");
        Line($"classes           {result.EffectiveClasses,16:0.0}   of {result.Classes.Count}, by the entropy of what is recognised");
        if (result.LabelAccuracy is { } accuracy)
            Line($"labels obeyed     {Percent(accuracy),16}   the classifier recognises the class asked for; in real images {Percent(judge.Accuracy).Trim()}");
        Line($"");
        AppendClasses(Line, result);
        Line($"");
        Line($"Classifier: {Percent(judge.Accuracy).Trim()} right on the {judge.HeldOut:#,0} held-out images, {judge.File} (SHA-256 {judge.Sha256[..ShaShown]}…)");
        text.Append("Figures compare where the classifier is the same. They are none of those published, which are on the Inception network's features.");
        return text.ToString();
    }

    private static void AppendClasses(Action<FormattableString> line, EvaluationResult result)
    {
        var width = Math.Max("class".Length, result.Classes.Max(c => c.Name.Length));
        string Name(string name) => name.PadRight(width);

        if (result.LabelAccuracy is null)
        {
            line($"{Name("class")}  share    in the data");
            foreach (var c in result.Classes)
                line($"{Name(c.Name)}  {Percent(c.Share)}  {Percent(c.RealShare)}");
            return;
        }
        line($"{Name("class")}  obeyed   in real images  otherwise taken for");
        foreach (var c in result.Classes.OrderBy(c => c.Accuracy ?? 1))
            line($"{Name(c.Name)}  {Percent(c.Accuracy)}  {Percent(c.RealAccuracy),14}  {string.Join(", ", c.TakenFor.Take(MistakesShown).Select(other => $"{other.Name} ({Percent(other.Share).Trim()})"))}");
    }

    private static string Value(EvaluationFigure figure) => string.Create(CultureInfo.InvariantCulture,
        $"{figure.Value:0.000}{(figure.Deviation is { } deviation ? $" ± {deviation:0.000}" : "")}");

    private static string Percent(double? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value,5:0.0} %") : "      –";
}
