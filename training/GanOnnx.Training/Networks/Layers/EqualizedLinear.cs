using GanOnnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.Layers;

/// <summary>
/// A linear layer with an equalized learning rate: its weights are kept at deviation 1 and scaled when used, so that
/// Adam's steps are as large for every layer: <c>[N, in]</c> to <c>[N, out]</c>.
/// </summary>
/// <remarks>T. Karras et al.: "Progressive Growing of GANs", 2017, https://arxiv.org/abs/1710.10196, section 4.1.</remarks>
internal sealed class EqualizedLinear : TracedModule, IEqualized
{
    private readonly Parameter weight, bias;
    private readonly double _scale, _learningRate;

    /// <param name="inputs">Values in.</param>
    /// <param name="outputs">Values out.</param>
    /// <param name="learningRate">The layer's learning rate, as a part of the network's.</param>
    /// <param name="firstBias">What the bias is in the beginning.</param>
    public EqualizedLinear(long inputs, long outputs, double learningRate = 1, double firstBias = 0) : base(nameof(EqualizedLinear))
    {
        (_scale, _learningRate) = (learningRate / Math.Sqrt(inputs), learningRate);
        (FirstBias, FirstDeviation) = (firstBias / learningRate, 1 / learningRate);
        weight = nn.Parameter(zeros(outputs, inputs));
        bias = nn.Parameter(zeros(outputs));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public double FirstBias { get; }

    /// <inheritdoc/>
    public double FirstDeviation { get; }

    public override TracedTensor forward(TracedTensor input) =>
        TracedTensor.linear(input, weight * _scale, _learningRate == 1 ? bias : bias * _learningRate);
}
