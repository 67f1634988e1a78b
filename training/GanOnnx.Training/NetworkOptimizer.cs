using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>A network with its optimizer, Adam.</summary>
internal sealed class NetworkOptimizer : IDisposable
{
    private const double Epsilon = 1e-6, AdamEpsilon = 1e-8;

    private Parameter[] _parameters;
    private readonly double _fullRate;
    private readonly Scalar? _largestNorm;
    private readonly Scalar _one = 1.0, _epsilon = Epsilon;

    // Adam's, held while native code uses them: temporary scalars can be freed meanwhile, and TorchSharp's own step makes such.
    private readonly Scalar _beta1, _rest1, _beta2, _rest2, _adamEpsilon = AdamEpsilon;
    private readonly Scalar? _decay;
    private readonly (Parameter Parameter, Adam.State State)[] _states;
    private readonly (double First, double Second) _betas;

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
        _states = [.. _parameters.Zip(Adam.state_dict().State.Cast<Adam.State>())];
        _betas = (options.Beta1, options.Beta2);
        (_beta1, _rest1, _beta2, _rest2) = (options.Beta1, 1 - options.Beta1, options.Beta2, 1 - options.Beta2);
        _decay = options.WeightDecay != 0 ? (Scalar)options.WeightDecay : null;
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
        Step();
        return norm;
    }

    // D. P. Kingma, J. Ba: "Adam", 2014, https://arxiv.org/abs/1412.6980, algorithm 1, rounded as TorchSharp's own step rounds.
    private void Step()
    {
        using var noGrad = no_grad();
        var rate = Adam.ParamGroups.First().LearningRate;
        foreach (var (parameter, state) in _states)
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is not { } gradient)
                continue;
            state.step++;
            using Scalar second = Math.Sqrt(1 - Math.Pow(_betas.Second, state.step)),
                step = -(rate / (1 - Math.Pow(_betas.First, state.step)));
            if (_decay is not null)
                gradient = gradient.add(parameter, _decay);
            state.exp_avg.mul_(_beta1).add_(gradient, _rest1);
            state.exp_avg_sq.mul_(_beta2).addcmul_(gradient, gradient, _rest2);
            parameter.addcdiv_(state.exp_avg, state.exp_avg_sq.sqrt().div(second).add_(_adamEpsilon), step);
        }
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
        foreach (var scalar in new[] { _beta1, _rest1, _beta2, _rest2, _adamEpsilon })
            scalar.Dispose();
        _decay?.Dispose();
    }
}
