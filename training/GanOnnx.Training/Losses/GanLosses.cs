namespace GanOnnx.Training.Losses;

/// <summary>The losses by name.</summary>
public static class GanLosses
{
    private static readonly Dictionary<string, IGanLoss> _losses = new()
    {
        ["non-saturating"] = new NonSaturatingLoss(),
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => [.. _losses.Keys];

    /// <summary>The loss of that name, or null.</summary>
    internal static IGanLoss? Find(string name) => _losses.GetValueOrDefault(name);
}
