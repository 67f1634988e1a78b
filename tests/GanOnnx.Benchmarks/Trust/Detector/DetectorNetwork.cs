using GanOnnx.Export;
using GanOnnx.Inference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Benchmarks.Trust.Detector;

/// <summary>
/// Tells generated pictures from real ones by what is left when their content is filtered out: convolutions on differences of neighbouring
/// pixels (J. Fridrich, J. Kodovský, 2012, "Rich Models for Steganalysis of Digital Images"), and how much there is of each frequency of
/// 8 × 8 pixels (J. Frank et al., 2020, https://arxiv.org/abs/2003.08685). Images <c>[N, 3, H, W]</c>, −1 … 1, H and W 32 or more, to the
/// probability <c>[N]</c> that they were generated, and that they are of a kind that it knows, <c>[N]</c>.
/// </summary>
internal sealed class DetectorNetwork : TracedModuleMany
{
    private const int Block = 8, BlockStride = 4, Frequencies = Block * Block - 1, Local = 64, Seen = Local + Frequencies, Hidden = 48;
    private const double ResidualGain = 4, LogFloor = 1e-4;

    private readonly Tensor residuals, cosines, scale, offset;
    private readonly Sequential _convolutions;
    private readonly BatchNorm1d _spectrum;
    private readonly Linear _hidden, _scores;

    public DetectorNetwork() : base(nameof(DetectorNetwork))
    {
        residuals = tensor(Residuals(), [4, 1, 3, 3]).repeat(3, 1, 1, 1);
        cosines = tensor(Cosines(), [Frequencies, 1, Block, Block]);
        (scale, offset) = (ones(1), zeros(1));
        _convolutions = Sequential(
            Conv2d(12, 24, 3, padding: 1), BatchNorm2d(24), ReLU(),                 // [N, 24, H − 2, W − 2]
            Conv2d(24, 32, 3, 2, 1), BatchNorm2d(32), ReLU(),
            Conv2d(32, 48, 3, 2, 1), BatchNorm2d(48), ReLU(),
            Conv2d(48, Local, 3, padding: 1), BatchNorm2d(Local), ReLU());          // [N, 64, H/4, W/4]
        _spectrum = BatchNorm1d(Frequencies);
        _hidden = Linear(Seen, Hidden);
        _scores = Linear(Hidden, 2);
        RegisterComponents();
        DrawFirstWeights();
    }

    /// <summary>What it sees of images, <c>[N, 127]</c>.</summary>
    private TracedTensor Features(TracedTensor images)
    {
        var differences = (TracedTensor.conv2d(images, residuals, groups: 3) * ResidualGain).clamp(-1, 1);
        var local = _convolutions.call(differences).mean([2, 3]);                   // [N, 64]
        var grey = images.mean([1], keepdim: true);
        var strength = (TracedTensor.conv2d(grey, cosines, stride: BlockStride).abs().mean([2, 3]) + LogFloor).log(); // [N, 63]
        return TracedTensor.cat([local, _spectrum.call(strength)], 1);
    }

    /// <summary>Scores before they are calibrated, <c>[N, 2]</c>: generated, known.</summary>
    public TracedTensor Scores(TracedTensor images) => _scores.call(_hidden.call(Features(images)).relu());

    public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var scores = Scores(inputs[0]);
        return [(scores.select(1, 0) * scale + offset).sigmoid(), scores.select(1, 1).sigmoid()];
    }

    /// <summary>Sets what turns scores into probabilities.</summary>
    public void Calibrate(double slope, double shift)
    {
        using var noGrad = no_grad();
        scale.fill_(slope);
        offset.fill_(shift);
    }

    private static float[] Residuals() =>
    [
        0, 0, 0, -1, 1, 0, 0, 0, 0,
        0, -1, 0, 0, 1, 0, 0, 0, 0,
        0, -1, 0, -1, 4, -1, 0, -1, 0,
        -1, 2, -1, 2, -4, 2, -1, 2, -1,
    ];

    // The cosine transform of a block, without its mean.
    private static float[] Cosines()
    {
        var kernels = new float[Frequencies * Block * Block];
        for (var k = 1; k < Block * Block; k++)
            for (var i = 0; i < Block * Block; i++)
                kernels[(k - 1) * Block * Block + i] = (float)(Wave(k / Block, i / Block) * Wave(k % Block, i % Block));
        return kernels;

        static double Wave(int frequency, int place) =>
            Math.Cos((2 * place + 1) * frequency * Math.PI / (2 * Block)) * Math.Sqrt((frequency == 0 ? 1.0 : 2.0) / Block);
    }

    // As the project's networks: the same with every version of libtorch.
    private void DrawFirstWeights()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var stream = new RandomStream(0, 0xDE7EC7);
        ulong index = 0;
        foreach (var (name, parameter) in named_parameters())
            if (parameter.Dimensions > 1)
            {
                var values = new float[parameter.numel()];
                stream.FillNormal(index++, values);
                var deviation = MathF.Sqrt(2f * parameter.shape[0] / values.Length);
                parameter.copy_(tensor(Array.ConvertAll(values, value => deviation * value), parameter.shape));
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
                parameter.zero_();
    }
}
