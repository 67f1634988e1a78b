namespace GanOnnx.Training.Networks;

/// <summary>A kind of networks: a generator and the discriminator that goes with it.</summary>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Sizes">The image sizes it can have, in pixels.</param>
/// <param name="Conditions">The ways labels can get in, <see cref="Conditioning.None"/> apart, which all have.</param>
/// <param name="Generator">Builds a generator; its weights are still to be drawn or copied in.</param>
/// <param name="Discriminator">Builds a discriminator; its weights are still to be drawn or copied in.</param>
public sealed record Architecture(
    string Description, IReadOnlyList<int> Sizes, IReadOnlyList<Conditioning> Conditions,
    Func<NetworkShape, GeneratorNetwork> Generator, Func<NetworkShape, DiscriminatorNetwork> Discriminator)
{
    /// <summary>
    /// Whether its generator has intermediate latents, which path length regularization needs: it is an
    /// <see cref="IIntermediateLatents"/> then. The default is false.
    /// </summary>
    public bool HasIntermediateLatents { get; init; }

    /// <summary>
    /// Whether its weights are kept at deviation 1 and scaled when used (T. Karras et al., 2017, https://arxiv.org/abs/1710.10196,
    /// section 4.1), so that nothing may clip or normalize them. The default is false.
    /// </summary>
    public bool HasEqualizedLearningRate { get; init; }

    /// <summary>
    /// How its discriminator compares the images of a batch by itself, as <c>minibatch standard deviation</c>, so that
    /// minibatch discrimination isn't asked of it. The default is null: it doesn't.
    /// </summary>
    public string? BatchComparison { get; init; }

    /// <summary>Numbers that only these networks have, which presets give by their keys; see <see cref="NetworkShape.this"/>. The default
    /// is none.</summary>
    public IReadOnlyList<TrainingOption> Options { get; init; } = [];

    /// <summary>Both players with their first weights, which a seed decides.</summary>
    internal GanNetworks Create(NetworkShape shape, ulong seed)
    {
        var networks = new GanNetworks(Generator(shape), Discriminator(shape));
        networks.Generator.DrawWeights(seed);
        networks.Discriminator.DrawWeights(seed);
        return networks;
    }
}
