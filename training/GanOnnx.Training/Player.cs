using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>One of the two networks with its optimizer.</summary>
internal sealed class Player : IDisposable
{
    private const double Epsilon = 1e-6;

    private readonly Parameter[] _parameters;
    private readonly double _learningRate;
    private readonly Scalar? _largestNorm;
    private readonly Scalar _one = 1.0, _epsilon = Epsilon;

    /// <param name="network">The network, on its device.</param>
    /// <param name="learningRate">Adam's step size before the schedule.</param>
    /// <param name="options">Adam's other settings, and the largest norm of the gradient.</param>
    public Player(nn.Module network, double learningRate, TrainingOptions options)
    {
        _parameters = [.. network.parameters()];
        _learningRate = learningRate;
        _largestNorm = options.GradientClip > 0 ? (Scalar)options.GradientClip : null;
        Network = network;
        Optimizer = optim.Adam(_parameters, learningRate, options.Beta1, options.Beta2, weight_decay: options.WeightDecay);
    }

    public nn.Module Network { get; }

    public Adam Optimizer { get; }

    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Sets the part of the learning rate that the schedule gives.</summary>
    public void Schedule(double part)
    {
        LearningRate = _learningRate * part;
        foreach (var group in Optimizer.ParamGroups)
            group.LearningRate = LearningRate;
    }

    /// <summary>Whether gradients are computed for the weights: the other player needs none of them when it learns.</summary>
    public void SetGradients(bool on)
    {
        foreach (var parameter in _parameters)
            parameter.requires_grad = on;
    }

    /// <summary>Takes a step down a loss.</summary>
    /// <param name="loss">A scalar with its graph.</param>
    /// <param name="measure">Whether the gradient's norm is wanted.</param>
    /// <returns>The Euclidean norm of the gradient before clipping, a scalar, where it was computed.</returns>
    public Tensor? Learn(Tensor loss, bool measure)
    {
        Network.zero_grad();
        loss.backward();
        var norm = measure || _largestNorm is not null ? GradientNorm() : null;
        if (_largestNorm is not null)
            Clip(norm!);
        Optimizer.step();
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
        Optimizer.Dispose();
        Network.Dispose();
        _one.Dispose();
        _epsilon.Dispose();
        _largestNorm?.Dispose();
    }
}
