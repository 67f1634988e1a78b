namespace GanOnnx.Training.Networks;

/// <summary>The architectures by name.</summary>
public static class Architectures
{
    /// <summary>What there is.</summary>
    internal static readonly Catalog<Architecture> Catalog = new("architecture")
    {
        ["mlp"] = MultilayerPerceptron.Architecture,
        ["dcgan"] = Dcgan.Architecture,
        ["resnet"] = ResidualGan.Architecture,
        ["stylegan2"] = StyleGan2.StyleGan2.Architecture,
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    /// <summary>What an architecture is, in a line.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Description(string name) => Catalog[name].Description;

    /// <summary>The ways labels can get into an architecture, <c>none</c> among them: names of <see cref="Networks.Conditions"/>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static IReadOnlyList<string> ConditionsOf(string name) =>
        [.. Catalog[name].Conditions.Prepend(Conditioning.None).Select(Conditions.NameOf)];

    /// <summary>Adds an architecture of a program's own, which options can name from then on.</summary>
    /// <param name="name">Its name: small letters a to z, digits and hyphens.</param>
    /// <param name="architecture">The architecture.</param>
    /// <exception cref="ArgumentException">The name is taken, or can't be one.</exception>
    public static void Register(string name, Architecture architecture) => Catalog.Register(name, architecture);

    /// <summary>The architecture of that name, or null.</summary>
    internal static Architecture? Find(string name) => Catalog.Find(name);
}
