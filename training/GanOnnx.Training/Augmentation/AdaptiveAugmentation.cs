using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>
/// Adaptive discriminator augmentation: each change of an <see cref="AugmentationPipeline"/> is made to an image with
/// probability p. p starts at 0 and is steered by r = E(sign D(x)) of the real images: while r is above the target, the
/// discriminator is overconfident and p rises. p is adjusted every 4 steps, by what takes it from 0 to 1 in 500,000 images.
/// </summary>
/// <remarks>
/// T. Karras et al.: "Training Generative Adversarial Networks with Limited Data", 2020,
/// https://arxiv.org/abs/2006.06676, section 3.1.
/// </remarks>
internal sealed class AdaptiveAugmentation : IAugmentation
{
    private const double DefaultTarget = 0.6, ImagesFromZeroToOne = 500_000;
    private const long Interval = 4;

    private static readonly Scalar _zero = 0.0, _one = 1.0, _step = 1L;

    private readonly Scalar _target;
    private readonly Tensor _probability, _signs, _steps;

    /// <param name="target">What r is steered to, above −1 and below 1.</param>
    /// <param name="device">Where the images are.</param>
    public AdaptiveAugmentation(double target, Device device)
    {
        _target = target;
        _probability = tensor(0f, device: device).DetachFromDisposeScope();
        _signs = tensor(0f, device: device).DetachFromDisposeScope();
        // On the CPU, so that reading it waits for no GPU.
        _steps = tensor(0L).DetachFromDisposeScope();
    }

    /// <summary>Reads the target.</summary>
    public static Func<Device, IAugmentation> Read(string? argument)
    {
        var target = DefaultTarget;
        return argument is null || (double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out target)
            && target is > -1 and < 1)
            ? device => new AdaptiveAugmentation(target, device)
            : throw new FormatException($"the target of ada is a number above -1 and below 1, not '{argument}'");
    }

    /// <summary>p, the mean signs of the steps since its last adjustment added up, and the count of those steps.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => [("probability", _probability), ("signs", _signs), ("steps", _steps)];

    /// <inheritdoc/>
    public Tensor? Probability => _probability;

    /// <inheritdoc/>
    public Tensor Apply(Tensor images, double progress) => AugmentationPipeline.Apply(images, _probability);

    /// <inheritdoc/>
    public void Observe(Tensor realScores)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _signs.add_(realScores.detach().sign().mean());
        _steps.add_(_step);
        if (_steps.item<long>() < Interval)
            return;
        using Scalar steps = (double)Interval;
        using Scalar change = Interval * realScores.shape[0] / ImagesFromZeroToOne;
        _probability.add_(_signs.div(steps).sub(_target).sign().mul(change)).clamp_(_zero, _one);
        _signs.zero_();
        _steps.zero_();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _probability.Dispose();
        _signs.Dispose();
        _steps.Dispose();
        _target.Dispose();
    }
}
