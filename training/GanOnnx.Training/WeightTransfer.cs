namespace GanOnnx.Training;

/// <summary>Which weights of a file fit into a network or into a run's networks.</summary>
/// <param name="From">The file.</param>
/// <param name="Taken">The weights that have the file's values, by their names here.</param>
/// <param name="Own">Those that have the values they had, each with the reason.</param>
/// <param name="Unused">The file's tensors that fit nowhere, by their names there; optimizers' apart.</param>
public sealed record WeightTransfer(
    string From, IReadOnlyList<string> Taken, IReadOnlyList<LeftWeight> Own, IReadOnlyList<string> Unused);

/// <summary>A weight that has no values of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why, as <c>[64, 3, 4, 4] here, [64, 1, 4, 4] there</c>.</param>
public sealed record LeftWeight(string Name, string Reason)
{
    /// <summary>Both, as <c>downs.0.weight ([64, 3, 4, 4] here, [64, 1, 4, 4] there)</c>.</summary>
    public override string ToString() => $"{Name} ({Reason})";
}
