namespace GanOnnx.Training.Networks;

/// <summary>The two players.</summary>
internal sealed record GanNetworks(GeneratorNetwork Generator, DiscriminatorNetwork Discriminator);
