using System.Globalization;
using System.Text;
using GanOnnx.CommandLine;
using GanOnnx.Evaluation;

namespace GanOnnx.Cli;

/// <summary>An evaluation of pairs as a table for people.</summary>
internal static class PairEvaluationText
{
    private const int PicturesShown = 50;

    /// <summary>The means, then picture by picture, then what has to be known.</summary>
    public static string Of(PairEvaluationResult result)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(PlainText.Of(line.ToString(CultureInfo.InvariantCulture)));

        var name = Path.Exists(result.Model) ? ModelPath.NameOf(result.Model) : Path.GetFileName(result.Model);
        Line($"{name}: {FigureText.Lead(result)}");
        Line($"");
        EvaluationText.AppendTable(Line, [FigureText.Heads(result), .. FigureText.Rows(result, PicturesShown)]);
        if (result.Pictures.Count > PicturesShown)
            Line($"and {result.Pictures.Count - PicturesShown:#,0} more, which --json tells");
        Line($"");
        foreach (var remark in result.Remarks)
            Line($"{remark}");
        return text.ToString().TrimEnd();
    }
}
