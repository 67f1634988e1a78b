using System.Runtime.InteropServices;
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

    // Held while native code uses them: temporary scalars can be freed meanwhile.
    private readonly Scalar _beta1, _rest1, _beta2, _rest2, _adamEpsilon = AdamEpsilon, _decay;
    private readonly (double First, double Second, double Decay) _factors;

    /// <param name="network">The network, on its device.</param>
    /// <param name="learningRate">Adam's step size before the schedule.</param>
    /// <param name="options">Adam's other settings, and the largest norm of the gradient.</param>
    public NetworkOptimizer(nn.Module network, double learningRate, TrainingOptions options)
    {
        (string Name, Parameter Parameter)[] named = [.. network.named_parameters()];
        _parameters = [.. named.Select(p => p.Parameter)];
        LearningRate = _fullRate = learningRate;
        _largestNorm = options.GradientClip > 0 ? (Scalar)options.GradientClip : null;
        Network = network;
        Moments = [.. named.Select(p => new Moments(p.Name, p.Parameter))];
        _factors = (options.Beta1, options.Beta2, options.WeightDecay);
        (_beta1, _rest1, _beta2, _rest2) = (options.Beta1, 1 - options.Beta1, options.Beta2, 1 - options.Beta2);
        _decay = options.WeightDecay;
    }

    public nn.Module Network { get; }

    /// <summary>What Adam remembers of each parameter.</summary>
    public IReadOnlyList<Moments> Moments { get; }

    /// <summary>Steps that were taken.</summary>
    public long Steps { get; set; }

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
    public void Schedule(double part) => LearningRate = _fullRate * part * Factor;

    /// <summary>Forgets the gradients that it has seen, as before its first step.</summary>
    public void Forget()
    {
        using var noGrad = no_grad();
        Steps = 0;
        foreach (var moments in Moments)
        {
            moments.Mean.zero_();
            moments.Square.zero_();
        }
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
        return Step(measureNorm);
    }

    /// <summary>Takes a step by the gradients that the network has.</summary>
    /// <param name="measureNorm">Whether the gradient's norm is wanted.</param>
    /// <returns>As <see cref="Minimize"/>.</returns>
    public Tensor? Step(bool measureNorm)
    {
        var norm = measureNorm || _largestNorm is not null ? GradientNorm() : null;
        if (_largestNorm is not null)
            Clip(norm!);
        Step();
        return norm;
    }

    private void Step()
    {
        using var noGrad = no_grad();
        Steps++;
        var (mean, square) = (1 - Math.Pow(_factors.First, Steps), Math.Sqrt(1 - Math.Pow(_factors.Second, Steps)));
        using Scalar correction = square, step = -LearningRate / mean;
        var factors = new FlatAdam.Factors((float)_factors.First, (float)(1 - _factors.First), (float)_factors.Second,
            (float)(1 - _factors.Second), (float)square, (float)(-LearningRate / mean), (float)AdamEpsilon, (float)_factors.Decay);
        foreach (var moments in Moments)
        {
            using var scope = NewDisposeScope();
            if (moments.Parameter.grad is not { } gradient)
                continue;
            if (IsFlat(moments.Parameter) && IsFlat(gradient))
                FlatAdam.Step(Numbers(moments.Parameter), Numbers(gradient), Numbers(moments.Mean), Numbers(moments.Square), factors);
            else
                Step(moments, gradient, correction, step);
        }
    }

    private static bool IsFlat(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous();

    private static Span<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    // The same by libtorch's operators, for a GPU.
    private void Step(Moments moments, Tensor gradient, Scalar correction, Scalar step)
    {
        if (_factors.Decay != 0)
            gradient = gradient.add(moments.Parameter, _decay);
        moments.Mean.mul_(_beta1).add_(gradient, _rest1);
        moments.Square.mul_(_beta2).addcmul_(gradient, gradient, _rest2);
        moments.Parameter.addcdiv_(moments.Mean, moments.Square.sqrt().div(correction).add_(_adamEpsilon), step);
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
        Network.Dispose();
        foreach (var moments in Moments)
            moments.Dispose();
        _largestNorm?.Dispose();
        foreach (var scalar in new[] { _one, _epsilon, _beta1, _rest1, _beta2, _rest2, _adamEpsilon, _decay })
            scalar.Dispose();
    }
}

/// <summary>The running means that Adam keeps of a parameter's gradient, of its shape, zeros at first.</summary>
/// <param name="name">The parameter's name in its network.</param>
/// <param name="parameter">The parameter.</param>
internal sealed class Moments(string name, Parameter parameter) : IDisposable
{
    /// <summary>The parameter's name in its network.</summary>
    public string Name { get; } = name;

    public Parameter Parameter { get; } = parameter;

    /// <summary>Of the gradient.</summary>
    public Tensor Mean { get; } = zeros_like(parameter).DetachFromDisposeScope();

    /// <summary>Of its square.</summary>
    public Tensor Square { get; } = zeros_like(parameter).DetachFromDisposeScope();

    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }
}
