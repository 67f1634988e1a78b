using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>A network with its optimizer, Adam.</summary>
internal sealed class NetworkOptimizer : IDisposable
{
    private const double Epsilon = 1e-6;

    private Parameter[] _parameters;
    private readonly double _fullRate;
    private readonly Scalar? _largestNorm;
    private readonly Scalar _one = 1.0, _epsilon = Epsilon;

    /// <param name="network">The network, on its device.</param>
    /// <param name="learningRate">Adam's step size before the schedule.</param>
    /// <param name="options">Adam's other settings, and the largest norm of the gradient.</param>
    public NetworkOptimizer(nn.Module network, double learningRate, TrainingOptions options)
    {
        _parameters = [.. network.parameters()];
        _fullRate = learningRate;
        _largestNorm = options.GradientClip > 0 ? (Scalar)options.GradientClip : null;
        Network = network;
        Adam = optim.Adam(_parameters, learningRate, options.Beta1, options.Beta2, weight_decay: options.WeightDecay);
    }

    public nn.Module Network { get; }

    public Adam Adam { get; }

    /// <summary>What it trains.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Lets parameters stay as they are from now on.</summary>
    /// <param name="names">Their names in the network.</param>
    public void Freeze(IReadOnlySet<string> names)
    {
        foreach (var (name, parameter) in Network.named_parameters().Where(p => names.Contains(p.name)))
            parameter.requires_grad = false;
        _parameters = [.. Network.named_parameters().Where(p => !names.Contains(p.name)).Select(p => p.parameter)];
    }

    /// <summary>What the learning rate is multiplied by, beside the schedule. The default is 1.</summary>
    public double Factor { get; set; } = 1;

    /// <summary>Sets the part of the learning rate that the schedule gives.</summary>
    public void Schedule(double part)
    {
        LearningRate = _fullRate * part * Factor;
        foreach (var group in Adam.ParamGroups)
            group.LearningRate = LearningRate;
    }

    /// <summary>Whether gradients are computed for the weights: another network needs none of them in its own step.</summary>
    public void SetGradients(bool on)
    {
        foreach (var parameter in _parameters)
            parameter.requires_grad = on;
    }

    /// <summary>Takes a step that lowers a loss.</summary>
    /// <param name="loss">A scalar with its graph.</param>
    /// <param name="measureNorm">Whether the gradient's norm is wanted.</param>
    /// <returns>The Euclidean norm of the gradient before clipping, a scalar, where it was computed.</returns>
    public Tensor? Minimize(Tensor loss, bool measureNorm)
    {
        Network.zero_grad();
        loss.backward();
        var norm = measureNorm || _largestNorm is not null ? GradientNorm() : null;
        if (_largestNorm is not null)
            Clip(norm!);
        Adam.step();
        return norm;
    }

    private Tensor GradientNorm()
    {
        using var noGrad = no_grad();
        return stack(Gradients().Select(gradient => gradient.norm())).norm();
    }

    private void Clip(Tensor norm)
    {
        using var noGrad = no_grad();
        var factor = (_largestNorm! / (norm + _epsilon)).clamp_max(_one);
        foreach (var gradient in Gradients())
            gradient.mul_(factor);
    }

    private IEnumerable<Tensor> Gradients() => _parameters.Select(p => p.grad).OfType<Tensor>();

    public void Dispose()
    {
        Adam.Dispose();
        Network.Dispose();
        _one.Dispose();
        _epsilon.Dispose();
        _largestNorm?.Dispose();
    }
}
