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
    private List<(Figure Figure, float Value)>? _collected;

    /// <summary>Adds a scalar to a figure's mean; null adds nothing.</summary>
    public void Add(Figure figure, Tensor? value)
    {
        if (value is null)
            return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (_collected is not null)
        {
            _collected.Add((figure, value.detach().item<float>()));
            return;
        }
        if (!_sums.TryGetValue(figure, out var mean))
            mean = (zeros([], device: device).DetachFromDisposeScope(), 0);
        mean.Sum.add_(value.detach());
        _sums[figure] = (mean.Sum, mean.Count + 1);
    }

    /// <summary>What an action adds, which isn't added to the means but given back, in order.</summary>
    public IReadOnlyList<(Figure Figure, float Value)> Collect(Action measured)
    {
        List<(Figure, float)> collected = _collected = [];
        try
        {
            measured();
        }
        finally
        {
            _collected = null;
        }
        return collected;
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
