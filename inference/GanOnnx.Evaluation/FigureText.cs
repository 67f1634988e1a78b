using System.Globalization;

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
}
