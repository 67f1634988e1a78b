using GanOnnx.Export;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>Makes images of latents. Written on traced tensors, so that what is trained is what is exported.</summary>
internal abstract class GeneratorNetwork(string name, NetworkShape shape) : TracedModuleMany(name)
{
    /// <summary>What it was built from.</summary>
    public NetworkShape Shape { get; } = shape;

    /// <summary>The inputs of <see cref="forward"/>: their names in the model file, and examples of one batch size.</summary>
    public virtual IReadOnlyList<(string Name, Tensor Example)> Inputs()
    {
        var count = Math.Max(2, Shape.Classes);
        List<(string, Tensor)> inputs = [("z", zeros(count, Shape.LatentSize))];
        if (Shape.IsConditional)
            inputs.Add(("label", arange(count)));
        return inputs;
    }

    /// <summary>Latents <c>[N, Z]</c> and labels int64 <c>[N]</c>, null where there is no conditioning, to images <c>[N, C, H, W]</c> from −1 to 1.</summary>
    public abstract TracedTensor Images(TracedTensor latents, TracedTensor? labels);

    /// <inheritdoc/>
    public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs) =>
        [Images(inputs[0], Shape.IsConditional ? inputs[1] : null)];

    /// <summary>As <see cref="Images"/>.</summary>
    public Tensor Generate(Tensor latents, Tensor? labels) => Images(latents, labels is null ? null : (TracedTensor)labels).Tensor;
}
