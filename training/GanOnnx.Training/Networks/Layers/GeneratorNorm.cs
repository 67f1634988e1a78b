using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>A generator's batch normalization: with a scale and shift for each class where labels get in by projection, of each
/// sentence where there are some, for all images else.</summary>
internal sealed class GeneratorNorm : nn.Module
{
    private readonly BatchNorm2d? batch;
    private readonly ConditionalBatchNorm2d? conditional;
    private readonly SentenceBatchNorm2d? sentence;

    public GeneratorNorm(NetworkShape shape, long channels) : base(nameof(GeneratorNorm))
    {
        if (shape.Condition == Conditioning.Projection)
            conditional = new ConditionalBatchNorm2d(channels, shape.Classes);
        else if (shape.Condition == Conditioning.Text)
            sentence = new SentenceBatchNorm2d(channels, shape.TextSize);
        else
            batch = nn.BatchNorm2d(channels);
        RegisterComponents();
    }

    /// <summary>Features <c>[N, C, H, W]</c> to the same shape.</summary>
    public TracedTensor Normalize(TracedTensor features, TracedTensor? labels) =>
        conditional?.call(features, labels!) ?? sentence?.call(features, labels!) ?? batch!.call(features);
}
