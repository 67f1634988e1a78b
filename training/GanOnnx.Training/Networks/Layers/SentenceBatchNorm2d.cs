using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// Batch normalization whose scale and shift are affine in the image's sentence: features <c>[N, C, H, W]</c> and sentences <c>[N, D]</c>
/// to <c>[N, C, H, W]</c>. At first all sentences have the scale 1 and the shift 0.
/// </summary>
/// <remarks>M. Tao et al.: "DF-GAN", 2020, https://arxiv.org/abs/2008.05865, section 3.3, with one layer where it has two.</remarks>
internal sealed class SentenceBatchNorm2d : TracedModule2
{
    private readonly BatchNorm2d norm;
    private readonly SentenceVectors gain, bias;

    public SentenceBatchNorm2d(long channels, int textSize) : base(nameof(SentenceBatchNorm2d))
    {
        norm = nn.BatchNorm2d(channels, affine: false);
        gain = new SentenceVectors(textSize, channels);
        bias = new SentenceVectors(textSize, channels);
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor features, TracedTensor sentences) =>
        norm.call(features) * (OfChannels(gain.call(sentences)) + 1) + OfChannels(bias.call(sentences));

    private static TracedTensor OfChannels(TracedTensor values) => values.unsqueeze(-1).unsqueeze(-1); // [N, C, 1, 1]
}
