using System.Globalization;
using GanOnnx.Data;

namespace GanOnnx.Evaluation;

/// <summary>Figures as people read them.</summary>
public static class FigureText
{
    /// <summary>A number with as many digits as say something; a dash for none.</summary>
    public static string Number(double? number) => number switch
    {
        null or double.NaN => "–",
        >= 100 or <= -100 => number.Value.ToString("#,0.0", CultureInfo.InvariantCulture),
        >= 10 or <= -10 => number.Value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.Value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>A figure's value, with the deviation where there is one.</summary>
    public static string Value(EvaluationFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Deviation is { } deviation ? $"{Number(figure.Value)} ± {Number(deviation)}" : Number(figure.Value);
    }

    /// <summary>A figure's interval; a dash for none.</summary>
    public static string Interval(EvaluationFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Interval is { } interval ? $"{Number(interval.Low)} … {Number(interval.High)}" : "–";
    }

    /// <summary>A share from 0 to 1 in per cent; a dash for none.</summary>
    public static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} %") : "–";

    /// <summary>A ratio in dB; ∞ of equal pictures.</summary>
    public static string Decibels(double ratio) =>
        double.IsPositiveInfinity(ratio) ? "∞" : ratio.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>What was compared.</summary>
    internal static string Lead(PairEvaluationResult result)
    {
        var beside = result.Scale is { } scale ? $"enlarged {scale} times, beside bicubic enlarging" : $"beside their targets in {result.Target}";
        var pictures = result.Pictures.Count == 1 ? "picture" : "pictures";
        return string.Create(CultureInfo.InvariantCulture, $"{result.Pictures.Count:#,0} {pictures} of {result.Data}, {beside}");
    }

    /// <summary>The columns of <see cref="Rows"/>.</summary>
    internal static string[] Heads(PairEvaluationResult result) => result.Scale is null
        ? ["picture", "pixels", "L1 of 255", "L1 of 1", "PSNR", "SSIM"]
        : ["picture", "pixels", "PSNR", "SSIM", "bicubic PSNR", "bicubic SSIM"];

    /// <summary>The means, and a row for each picture, up to a number of them.</summary>
    internal static IEnumerable<string[]> Rows(PairEvaluationResult result, int most)
    {
        yield return ["mean", "", .. Cells(result.Mean), .. Cells(result.BicubicMean)];
        foreach (var picture in result.Pictures.Take(most))
            yield return
            [
                picture.Name, $"{new PictureSize(picture.Width, picture.Height)}", .. Cells(picture.Model), .. Cells(picture.Bicubic),
            ];
    }

    private static IEnumerable<string> Cells(PictureSimilarity? figures)
    {
        if (figures is null)
            yield break;
        if (figures.L1 is not null)
        {
            yield return Number(figures.L1);
            yield return Number(figures.L1Unit);
        }
        yield return Decibels(figures.Psnr);
        yield return Number(figures.Ssim);
    }
}
