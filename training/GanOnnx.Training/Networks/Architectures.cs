namespace GanOnnx.Training.Networks;

/// <summary>A kind of networks.</summary>
/// <param name="Sizes">The image sizes it can have, in pixels.</param>
/// <param name="Create">Builds both players with weights drawn from a seed.</param>
internal sealed record Architecture(IReadOnlyList<int> Sizes, Func<NetworkShape, ulong, GanNetworks> Create);

/// <summary>The architectures by name.</summary>
public static class Architectures
{
    private static readonly Dictionary<string, Architecture> _architectures = new()
    {
        ["dcgan"] = new(Dcgan.Sizes, Dcgan.Create),
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => [.. _architectures.Keys];

    /// <summary>The architecture of that name, or null.</summary>
    internal static Architecture? Find(string name) => _architectures.GetValueOrDefault(name);
}
