using GanOnnx.Training.Monitoring.Report;

namespace GanOnnx.Training.Monitoring;

/// <summary>A figure of training, as a line of the table <see cref="Figures"/>: all that shows or keeps figures follows from it.</summary>
/// <param name="Name">What messages call it, as <c>discriminator loss</c>.</param>
/// <param name="Key">Its key in <c>metrics.jsonl</c>, as <c>discriminatorLoss</c>.</param>
public sealed record Figure(string Name, string Key)
{
    /// <summary>How its number is written where there is room for it, a .NET format. The default is three decimals.</summary>
    public string Format { get; init; } = "0.000";

    /// <summary>Its place in the live view of a terminal: the name of a row, which holds two figures. The default is null: it isn't
    /// there.</summary>
    public string? Row { get; init; }

    /// <summary>How a line of a terminal tells it, with <c>{0}</c> for the number. The default is null: not told there.</summary>
    public string? Text { get; init; }

    /// <summary>Another figure; where that one was measured, this one means nothing and isn't shown. The default is null.</summary>
    public Figure? Unless { get; init; }

    /// <summary>Whether it belongs to a regularizer, an augmentation or a task that the table doesn't know.</summary>
    public bool IsExtra { get; private init; }

    /// <summary>Its tag in TensorBoard.</summary>
    internal string? Tag { get; init; }

    /// <summary>Its name among the newest figures at the top of the report, or null.</summary>
    internal string? Tile { get; init; }

    /// <summary>The chart of the report that it is drawn in, or null.</summary>
    internal ChartKind? Chart { get; init; }

    /// <summary>What the chart calls its line.</summary>
    internal string Line { get; init; } = "";

    /// <summary>A figure without a line in the table: it is kept, drawn and sent to TensorBoard under its name.</summary>
    /// <param name="name">As <c>r1</c>.</param>
    public static Figure Extra(string name) => new(name, name)
    {
        IsExtra = true,
        Tag = $"extras/{name}",
        Chart = new(name, name, "A figure of a regularizer, of augmentation or of the evaluation."),
        Line = name,
    };

    /// <summary>Whether both are the same figure.</summary>
    public bool Equals(Figure? other) => other is not null && (Key, IsExtra) == (other.Key, other.IsExtra);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, IsExtra);
}
