using GanOnnx.Export;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>Makes images of latents. Written on traced tensors, so that what is trained is what is exported.</summary>
/// <param name="name">The module's name.</param>
/// <param name="shape">What it is built from.</param>
public abstract class GeneratorNetwork(string name, NetworkShape shape) : TracedModuleMany(name)
{
    /// <summary>What it was built from.</summary>
    public NetworkShape Shape { get; } = shape;

    /// <summary>Values per latent (Z). Unless overridden, those of <see cref="Shape"/>.</summary>
    public virtual int LatentSize => Shape.LatentSize;

    /// <summary>The inputs of <see cref="forward"/>: their names in the model file, and examples of one batch size.</summary>
    public virtual IReadOnlyList<(string Name, Tensor Example)> Inputs()
    {
        var count = Math.Max(2, Shape.Classes);
        List<(string, Tensor)> inputs = [("z", zeros(count, LatentSize))];
        if (Shape.Condition == Conditioning.Text)
            inputs.Add(("text", randn(count, Shape.TextSize)));
        else if (Shape.IsConditional)
            inputs.Add(("label", arange(count)));
        return inputs;
    }

    /// <summary>Latents <c>[N, Z]</c> and labels int64 <c>[N]</c>, sentences float32 <c>[N, D]</c>, or null where there is no conditioning,
    /// to images <c>[N, C, H, W]</c> from −1 to 1.</summary>
    public abstract TracedTensor Images(TracedTensor latents, TracedTensor? labels);

    /// <inheritdoc/>
    public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return [Images(inputs[0], Shape.IsConditional ? inputs[1] : null)];
    }

    /// <summary>As <see cref="Images"/>.</summary>
    public Tensor Generate(Tensor latents, Tensor? labels) => Images(latents, labels is null ? null : (TracedTensor)labels).Tensor;

    /// <summary>What a weight is drawn from at first: N(mean, deviation²).</summary>
    /// <param name="owner">The module that has the weight.</param>
    /// <param name="weightName">The weight's name in it, as <c>bias</c>.</param>
    /// <param name="weight">The weight.</param>
    /// <returns>
    /// Unless overridden, N(0, 2 / inputs) (K. He et al., 2015, https://arxiv.org/abs/1502.01852), 1 for the scales of batch
    /// normalization and 0 for biases.
    /// </returns>
    protected virtual (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
        InitialWeights.He(owner, weightName, weight);

    /// <summary>Draws the first weights: the same for a seed, whatever the machine.</summary>
    internal virtual void DrawWeights(ulong seed) => InitialWeights.Draw(this, seed, player: 0, FirstWeight);
}

/// <summary>A generator that makes images of intermediate latents (w), as StyleGAN does: what path length regularization looks
/// at.</summary>
public interface IIntermediateLatents
{
    /// <summary>Latents <c>[N, Z]</c> and labels int64 <c>[N]</c> or null to images <c>[N, C, H, W]</c> and the intermediate latents <c>[N,
    /// L, D]</c> that they were made from, one for each of L layers.</summary>
    (Tensor Images, Tensor Styles) GenerateWithStyles(Tensor latents, Tensor? labels);
}
