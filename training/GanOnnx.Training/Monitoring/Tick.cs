using System.Text.Json.Serialization;

namespace GanOnnx.Training.Monitoring;

/// <summary>A run's figures since the tick before. A line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Images">Real images shown, in all.</param>
/// <param name="Figures">What was measured, in units that <see cref="Monitoring.Figures"/> tells.</param>
/// <param name="Warnings">What looks wrong, in a few words, a colon, and sentences on what was seen, what it means and what to try.</param>
[JsonConverter(typeof(TickConverter))]
public sealed record Tick(long Step, long Images, IReadOnlyDictionary<Figure, double> Figures, IReadOnlyList<string> Warnings)
{
    /// <summary>A figure, or null where it wasn't measured.</summary>
    public double? this[Figure figure] => Figures.TryGetValue(figure, out var value) ? value : null;

    /// <summary><see cref="Images"/> in thousands, to the nearest.</summary>
    public long Kimg => ToKimg(Images);

    /// <summary>A figure as it is shown: null also where it means nothing.</summary>
    public double? Shown(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Unless is { } other && this[other] is not null ? null : this[figure];
    }

    internal static long ToKimg(long images) => (images + 500) / 1000;
}
