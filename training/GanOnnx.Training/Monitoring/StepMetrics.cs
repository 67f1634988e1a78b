using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring;

/// <summary>Running means of a step's figures by name. They stay on the device until they are read, so a GPU needn't wait.</summary>
internal sealed class StepMetrics(Device device) : IDisposable
{
    public const string DiscriminatorLoss = "discriminator loss", GeneratorLoss = "generator loss";
    public const string RealProbability = "D(x)", FakeProbability = "D(G(z))", RealScore = "real score", FakeScore = "fake score";
    public const string DiscriminatorGradientNorm = "discriminator gradient norm", GeneratorGradientNorm = "generator gradient norm";

    /// <summary>The names above; what else is added belongs to regularizers and augmentations.</summary>
    public static IReadOnlyList<string> Common { get; } =
        [DiscriminatorLoss, GeneratorLoss, RealProbability, FakeProbability, RealScore, FakeScore, DiscriminatorGradientNorm, GeneratorGradientNorm];

    private readonly Dictionary<string, (Tensor Sum, long Count)> _sums = [];

    /// <summary>Adds a scalar to a figure; null adds nothing.</summary>
    public void Add(string name, Tensor? value)
    {
        if (value is null)
            return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (!_sums.TryGetValue(name, out var figure))
            figure = (zeros([], device: device).DetachFromDisposeScope(), 0);
        figure.Sum.add_(value.detach());
        _sums[name] = (figure.Sum, figure.Count + 1);
    }

    /// <summary>The means since the last <see cref="Clear"/>.</summary>
    public IReadOnlyDictionary<string, double> Read() =>
        _sums.Where(f => f.Value.Count > 0).ToDictionary(f => f.Key, f => f.Value.Sum.item<float>() / (double)f.Value.Count);

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        using var noGrad = no_grad();
        foreach (var (name, (sum, _)) in _sums.ToArray())
        {
            sum.zero_();
            _sums[name] = (sum, 0);
        }
    }

    public void Dispose()
    {
        foreach (var (sum, _) in _sums.Values)
            sum.Dispose();
    }
}
