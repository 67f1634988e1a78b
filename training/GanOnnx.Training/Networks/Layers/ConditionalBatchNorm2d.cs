using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// Batch normalization whose scale and shift belong to the image's class: features <c>[N, C, H, W]</c> and labels int64
/// <c>[N]</c> to <c>[N, C, H, W]</c>.
/// </summary>
/// <remarks>H. de Vries et al.: "Modulating early visual processing by language", 2017, https://arxiv.org/abs/1707.00683.</remarks>
internal sealed class ConditionalBatchNorm2d : TracedModule2
{
    private readonly BatchNorm2d norm;
    private readonly Parameter gain, bias;

    public ConditionalBatchNorm2d(long channels, int classes) : base(nameof(ConditionalBatchNorm2d))
    {
        norm = nn.BatchNorm2d(channels, affine: false);
        gain = nn.Parameter(ones(classes, channels));
        bias = nn.Parameter(zeros(classes, channels));
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor features, TracedTensor labels) =>
        norm.call(features) * OfClass(labels, gain) + OfClass(labels, bias);

    private static TracedTensor OfClass(TracedTensor labels, Parameter table) =>
        TracedTensor.embedding(labels, table).unsqueeze(-1).unsqueeze(-1); // [N, C, 1, 1]
}
