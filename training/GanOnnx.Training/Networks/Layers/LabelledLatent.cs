using GanOnnx.Export;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A generator's input: the latent <c>[N, Z]</c>, with the class's vector joined to it where labels get in by
/// concatenation.</summary>
internal sealed class LabelledLatent : nn.Module
{
    private const int ClassSize = 32;

    private readonly ClassVectors? classes;

    public LabelledLatent(NetworkShape shape) : base(nameof(LabelledLatent))
    {
        if (shape.Condition == Conditioning.Concat)
            classes = new ClassVectors(shape.Classes, ClassSize);
        Size = shape.LatentSize + (classes is null ? 0 : ClassSize);
        RegisterComponents();
    }

    /// <summary>Values per image in <see cref="Join"/>'s result.</summary>
    public int Size { get; }

    /// <summary>To <c>[N, Size]</c>.</summary>
    public TracedTensor Join(TracedTensor latents, TracedTensor? labels) =>
        classes is null ? latents : TracedTensor.cat([latents, classes.call(labels!)], 1);
}
