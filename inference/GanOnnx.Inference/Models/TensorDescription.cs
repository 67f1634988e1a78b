namespace GanOnnx.Inference;

/// <summary>An input or an output of a model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Its element type as in NumPy (<c>float32</c>, <c>int64</c>), or what it is if not a tensor.</param>
/// <param name="Axes">Its axes, outermost first.</param>
public sealed record TensorDescription(string Name, string Type, IReadOnlyList<TensorAxis> Axes)
{
    /// <summary>As <c>z float32 [N, 128]</c>.</summary>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Axes)}]";
}

/// <summary>One axis of a tensor.</summary>
/// <param name="Length">Its length, or null if it is only known when the model runs.</param>
/// <param name="Name">The name of an unknown length, or null if it has none.</param>
public readonly record struct TensorAxis(int? Length, string? Name = null)
{
    /// <summary>The length, else the name, else <c>?</c>.</summary>
    public override string ToString() => Length?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Name ?? "?";
}
