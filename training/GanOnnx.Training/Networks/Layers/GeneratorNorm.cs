using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A generator's batch normalization: with a scale and shift for each class where labels get in by projection, for all images
/// else.</summary>
internal sealed class GeneratorNorm : nn.Module
{
    private readonly BatchNorm2d? batch;
    private readonly ConditionalBatchNorm2d? conditional;

    public GeneratorNorm(NetworkShape shape, long channels) : base(nameof(GeneratorNorm))
    {
        if (shape.Condition == Conditioning.Projection)
            conditional = new ConditionalBatchNorm2d(channels, shape.Classes);
        else
            batch = nn.BatchNorm2d(channels);
        RegisterComponents();
    }

    /// <summary>Features <c>[N, C, H, W]</c> to the same shape.</summary>
    public TracedTensor Normalize(TracedTensor features, TracedTensor? labels) =>
        conditional is null ? batch!.call(features) : conditional.call(features, labels!);
}
