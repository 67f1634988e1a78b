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
internal sealed class ExponentialMovingAverage : IDisposable
{
    private readonly (Tensor Average, Tensor Source)[] _weights;
    private readonly Tensor _rate;

    public ExponentialMovingAverage(nn.Module<Tensor, Tensor> source, nn.Module<Tensor, Tensor> average, double decay)
    {
        Module = average;
        average.eval();
        var sources = source.state_dict();
        _weights = [.. average.state_dict().Select(entry => (entry.Value, sources[entry.Key]))];
        _rate = tensor((float)(1 - decay), device: _weights[0].Average.device).DetachFromDisposeScope();
        using var noGrad = no_grad();
        foreach (var (mine, theirs) in _weights)
            mine.copy_(theirs);
    }

    /// <summary>The averaged generator, in evaluation mode.</summary>
    public nn.Module<Tensor, Tensor> Module { get; }

    /// <summary>β for a half-life given in images.</summary>
    public static double Decay(int batchSize, double halfLifeKimg) => Math.Pow(0.5, batchSize / (halfLifeKimg * 1000));

    public void Update()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (average, source) in _weights)
        {
            if (average.dtype == ScalarType.Float32)
                average.lerp_(source, _rate);
            else
                average.copy_(source);
        }
    }

    public void Dispose() => _rate.Dispose();
}
