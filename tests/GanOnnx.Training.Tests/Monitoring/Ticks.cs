using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Tests.Monitoring;

/// <summary>Ticks with given figures.</summary>
internal static class Ticks
{
    public static Tick Of(long step, long images, IReadOnlyList<string> warnings, params (Figure Figure, double Value)[] figures) =>
        new(step, images, figures.ToDictionary(f => f.Figure, f => f.Value), warnings);

    /// <summary>The tick with other figures.</summary>
    public static Tick With(this Tick tick, params (Figure Figure, double Value)[] figures) =>
        tick with
        {
            Figures = tick.Figures.Where(f => figures.All(n => n.Figure != f.Key)).Select(f => (f.Key, f.Value)).Concat(figures)
            .ToDictionary(f => f.Item1, f => f.Item2)
        };
}
