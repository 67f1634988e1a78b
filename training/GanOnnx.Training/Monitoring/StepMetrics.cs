using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring;

/// <summary>Running means of a step's figures. They stay on the device until they are read, so a GPU needn't wait.</summary>
internal sealed class StepMetrics : IDisposable
{
    private readonly Tensor[] _sums;
    private long _steps;

    public StepMetrics(Device device) =>
        _sums = [.. Enumerable.Range(0, 4).Select(_ => zeros([], device: device).DetachFromDisposeScope())];

    public void Add(Tensor discriminatorLoss, Tensor generatorLoss, Tensor realScores, Tensor fakeScores)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _sums[0].add_(discriminatorLoss.detach());
        _sums[1].add_(generatorLoss.detach());
        _sums[2].add_(realScores.detach().sigmoid().mean());
        _sums[3].add_(fakeScores.detach().sigmoid().mean());
        _steps++;
    }

    /// <summary>The means since the last <see cref="Clear"/>.</summary>
    public (double DiscriminatorLoss, double GeneratorLoss, double RealProbability, double FakeProbability) Read()
    {
        var means = Array.ConvertAll(_sums, sum => _steps == 0 ? 0 : sum.item<float>() / (double)_steps);
        return (means[0], means[1], means[2], means[3]);
    }

    public void Clear()
    {
        using var noGrad = no_grad();
        foreach (var sum in _sums)
            sum.mul_(_zero);
        _steps = 0;
    }

    private readonly Scalar _zero = 0f;

    public void Dispose()
    {
        foreach (var sum in _sums)
            sum.Dispose();
        _zero.Dispose();
    }
}
