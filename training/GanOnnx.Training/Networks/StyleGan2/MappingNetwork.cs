using GanOnnx.Export;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.StyleGan2;

/// <summary>Latents <c>[N, Z]</c>, and labels <c>[N]</c> where conditional, to styles <c>[N, Z]</c> (the intermediate latent w).</summary>
internal sealed class MappingNetwork : nn.Module
{
    /// <summary>The learning rate of this network, as a part of the generator's.</summary>
    private const double LearningRate = 0.01;

    private const double Epsilon = 1e-8, LeakySlope = 0.2, MeanDecay = 0.995;

    private readonly ClassVectors? classes;
    private readonly ModuleList<EqualizedLinear> layers = [];
    private readonly Tensor mean;

    public MappingNetwork(NetworkShape shape) : base(nameof(MappingNetwork))
    {
        var size = shape.LatentSize;
        if (shape.IsConditional)
            classes = new ClassVectors(shape.Classes, size);
        for (var i = 0; i < shape[StyleGan2.MappingLayers]; i++)
            layers.Add(new EqualizedLinear(i == 0 && shape.IsConditional ? 2 * size : size, size, LearningRate));
        mean = zeros(size);
        RegisterComponents();
    }

    /// <summary>To styles <c>[N, Z]</c>.</summary>
    public TracedTensor Styles(TracedTensor latents, TracedTensor? labels)
    {
        var x = Normalize(latents);
        if (classes is not null)
            x = TracedTensor.cat([x, Normalize(classes.call(labels!))], 1);                     // [N, 2·Z]
        foreach (var layer in layers)
            x = layer.call(x).leaky_relu(LeakySlope) * Math.Sqrt(2);                            // [N, Z]
        return x;
    }

    /// <summary>Keeps a running mean of the styles seen in training, which truncation pulls towards.</summary>
    public void Observe(Tensor styles)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        mean.mul_(MeanDecay).add_(styles.detach().mean([0L]).mul(1 - MeanDecay));
    }

    /// <summary>Pulls styles towards the mean: mean + ψ (w − mean), with ψ of <c>[N]</c>.</summary>
    public TracedTensor Truncate(TracedTensor styles, TracedTensor truncation) =>
        mean + truncation.unsqueeze(1) * (styles - mean);

    private static TracedTensor Normalize(TracedTensor x) => x * (x.square().mean([1L], true) + Epsilon).rsqrt();
}
