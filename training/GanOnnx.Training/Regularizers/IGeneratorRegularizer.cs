using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>What a generator is regularized on.</summary>
/// <param name="Count">How many labels or sentences there are (N), half a step's.</param>
/// <param name="LatentSize">Values per latent (Z).</param>
/// <param name="Device">Where it is.</param>
/// <param name="Generate">The generator: latents <c>[k·N, Z]</c> to images <c>[k·N, C, H, W]</c> with their graph, the labels k times over.</param>
public sealed record GeneratorBatch(int Count, int LatentSize, Device Device, Func<Tensor, Tensor> Generate)
{
    /// <summary>Where images are judged with sentences: gives the scores of the step's images, as those of <see cref="DiscriminatorBatch"/>, with
    /// their graph. The default is null: they aren't.</summary>
    public Func<Tensor>? Matches { get; init; }

    /// <summary>Makes images of a generator with intermediate latents. The default is null: it has none.</summary>
    public Func<StyleBatch>? Styles { get; init; }
}

/// <summary>Images of a generator with intermediate latents.</summary>
/// <param name="Images">Generated images <c>[N, C, H, W]</c>, with their graph.</param>
/// <param name="Styles">The intermediate latents w <c>[N, L, D]</c> that they were made from, one for each of L layers.</param>
public sealed record StyleBatch(Tensor Images, Tensor Styles);

/// <summary>A term of the generator's loss. Its state belongs to checkpoints.</summary>
public interface IGeneratorRegularizer : IDisposable
{
    /// <summary>What it remembers from step to step, to be saved and copied back into.</summary>
    IEnumerable<(string Name, Tensor Value)> State { get; }

    /// <summary>
    /// The term before its weight, a scalar whose gradient reaches the generator's weights. Where it is applied only
    /// every k-th step (lazily), the weight is multiplied by k.
    /// </summary>
    Tensor Penalty(GeneratorBatch batch);
}
