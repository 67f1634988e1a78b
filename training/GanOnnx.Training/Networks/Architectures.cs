namespace GanOnnx.Training.Networks;

/// <summary>A kind of networks.</summary>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Sizes">The image sizes it can have, in pixels.</param>
/// <param name="Conditions">The ways labels can get in.</param>
/// <param name="Create">Builds both players with weights drawn from a seed.</param>
internal sealed record Architecture(
    string Description, IReadOnlyList<int> Sizes, IReadOnlyList<Conditioning> Conditions, Func<NetworkShape, ulong, GanNetworks> Create);

/// <summary>The architectures by name.</summary>
public static class Architectures
{
    private static readonly int[] _powersOfTwo = [32, 64, 128, 256];

    private static readonly Dictionary<string, Architecture> _architectures = new()
    {
        ["mlp"] = new("fully connected layers, the first GAN (Goodfellow et al. 2014)",
            [28, 32, 64], [Conditioning.Concat], MultilayerPerceptron.Create),
        ["dcgan"] = new("strided convolutions with batch normalization (Radford et al. 2015)",
            _powersOfTwo, [Conditioning.Concat, Conditioning.Projection], Dcgan.Create),
        ["resnet"] = new("residual generator and critic, as of WGAN-GP and SNGAN (Gulrajani et al. 2017, Miyato et al. 2018)",
            _powersOfTwo, [Conditioning.Concat, Conditioning.Projection], ResidualGan.Create),
        ["stylegan2"] = new("style-based skip generator and residual discriminator (Karras et al. 2020)",
            _powersOfTwo, [Conditioning.Mapping], StyleGan2.StyleGan2.Create),
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => [.. _architectures.Keys];

    /// <summary>What an architecture is, in a line.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Description(string name) => _architectures[name].Description;

    /// <summary>The ways labels can get into an architecture, <c>none</c> among them: names of <see cref="Conditions"/>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static IReadOnlyList<string> ConditionsOf(string name) =>
        [.. _architectures[name].Conditions.Prepend(Conditioning.None).Select(Conditions.NameOf)];

    /// <summary>The architecture of that name, or null.</summary>
    internal static Architecture? Find(string name) => _architectures.GetValueOrDefault(name);
}
