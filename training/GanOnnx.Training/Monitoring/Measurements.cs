using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring;

/// <summary>
/// What steps measure: running means, and values as they are at the moment. Means stay on the device until they are read, so a GPU
/// needn't wait.
/// </summary>
internal sealed class Measurements(Device device) : IDisposable
{
    private readonly Dictionary<Figure, (Tensor Sum, long Count)> _sums = [];
    private readonly Dictionary<Figure, double> _newest = [];

    /// <summary>Adds a scalar to a figure's mean; null adds nothing.</summary>
    public void Add(Figure figure, Tensor? value)
    {
        if (value is null)
            return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (!_sums.TryGetValue(figure, out var mean))
            mean = (zeros([], device: device).DetachFromDisposeScope(), 0);
        mean.Sum.add_(value.detach());
        _sums[figure] = (mean.Sum, mean.Count + 1);
    }

    /// <summary>Sets a figure that is told as it was last.</summary>
    public void Set(Figure figure, double value) => _newest[figure] = value;

    /// <summary>The means since the last <see cref="Clear"/>, and what was set.</summary>
    public Dictionary<Figure, double> Read()
    {
        var figures = _sums.Where(f => f.Value.Count > 0).ToDictionary(f => f.Key, f => f.Value.Sum.item<float>() / (double)f.Value.Count);
        foreach (var (figure, value) in _newest)
            figures[figure] = value;
        return figures;
    }

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        using var noGrad = no_grad();
        foreach (var (figure, (sum, _)) in _sums.ToArray())
        {
            sum.zero_();
            _sums[figure] = (sum, 0);
        }
        _newest.Clear();
    }

    public void Dispose()
    {
        foreach (var (sum, _) in _sums.Values)
            sum.Dispose();
    }
}
