using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>
/// A copy of a generator whose weights follow it slowly: average ← average + (1 − β)(weight − average) after every
/// step. Its images are better and steadier than the generator's own. Buffers (batch normalization's statistics) are
/// averaged in the same way; integer ones are copied.
/// </summary>
/// <remarks>
/// Y. Yazıcı et al.: "The Unusual Effectiveness of Averaging in GAN Training", 2018,
/// https://arxiv.org/abs/1806.04498. The half-life in images is that of T. Karras et al., 2020.
/// </remarks>
internal sealed class ExponentialMovingAverage
{
    // While few images were seen, the half-life is this part of them, so that the average leaves the first weights behind.
    private const double RampUp = 0.05;

    private readonly (Tensor Average, Tensor Source)[] _weights;

    public ExponentialMovingAverage(nn.Module source, nn.Module average)
    {
        Module = average;
        average.eval();
        var sources = source.state_dict();
        _weights = [.. average.state_dict().Select(entry => (entry.Value, sources[entry.Key]))];
        using var noGrad = no_grad();
        foreach (var (mine, theirs) in _weights)
            mine.copy_(theirs);
    }

    /// <summary>The averaged generator, in evaluation mode.</summary>
    public nn.Module Module { get; }

    /// <summary>β of a step.</summary>
    /// <param name="batchSize">Images per step.</param>
    /// <param name="halfLifeKimg">The half-life it grows to, in thousands of images.</param>
    /// <param name="imagesSeen">Images seen before the step.</param>
    public static double Decay(int batchSize, double halfLifeKimg, long imagesSeen) =>
        Math.Pow(0.5, batchSize / Math.Min(halfLifeKimg * 1000, RampUp * imagesSeen));

    public void Update(double decay)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var rate = tensor((float)(1 - decay), device: _weights[0].Average.device);
        foreach (var (average, source) in _weights)
        {
            if (average.dtype == ScalarType.Float32)
                average.lerp_(source, rate);
            else
                average.copy_(source);
        }
    }
}
