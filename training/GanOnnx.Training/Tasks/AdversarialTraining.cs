using GanOnnx.Inference;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Regularizers;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tasks;

/// <summary>
/// What every task does that has a discriminator: the loss with penalties and constraints, the learning rates, the figures. Which images
/// are judged is the task's.
/// </summary>
internal sealed class AdversarialTraining
{
    // Of how many steps one measures the gradients' norms.
    private const int NormInterval = 8;

    private static readonly Scalar _half = 0.5;

    private readonly TrainingOptions _options;
    private readonly Measurements _measurements;
    private readonly IGanLoss _loss;
    private readonly bool _scoresAreLogits;
    private readonly PenaltyList<IDiscriminatorRegularizer> _penalties;
    private readonly IWeightConstraint[] _constraints;
    private readonly RandomStream _stepSeeds;

    /// <param name="options">Valid options.</param>
    /// <param name="measurements">Gets the figures.</param>
    public AdversarialTraining(TrainingOptions options, Measurements measurements)
    {
        (_options, _measurements) = (options, measurements);
        _loss = GanLosses.Create(options.Loss, options.LabelSmoothing)!;
        _scoresAreLogits = GanLosses.Find(options.Loss)!.SupportsLabelSmoothing;
        _penalties = new(options.RegularizerSpecs, r => r.Discriminator?.Invoke());
        _constraints = [.. options.RegularizerSpecs.Select(s => s.Regularizer.Constraint?.Invoke(s.Weight)).OfType<IWeightConstraint>()];
        _stepSeeds = new RandomStream(options.Seed, RandomStreams.StepSeeds);
    }

    /// <summary>Whether a step measures the gradients' norms.</summary>
    public static bool MeasuresNorm(long step) => step % NormInterval == 0;

    /// <summary>Begins a step: seeds torch's own generator, which dropout, noise and augmentation draw from, and sets the learning
    /// rates.</summary>
    /// <param name="step">The step's number.</param>
    /// <param name="generator">The generator's optimizer.</param>
    /// <param name="discriminators">The discriminators', which have one rate; none where there are none.</param>
    /// <returns>Real images shown before it.</returns>
    public long Begin(long step, NetworkOptimizer generator, params NetworkOptimizer[] discriminators)
    {
        random.manual_seed(_stepSeeds.Below((ulong)step, int.MaxValue));
        var seen = step * _options.ImagesPerStep;
        var part = LearningRateSchedule.At(_options, seen);
        generator.Schedule(part);
        foreach (var discriminator in discriminators)
            discriminator.Schedule(part);
        if (discriminators is [var first, ..])
            _measurements.Set(Figures.DiscriminatorLearningRate, first.LearningRate);
        _measurements.Set(Figures.GeneratorLearningRate, generator.LearningRate);
        return seen;
    }

    /// <summary>Takes a discriminator's step.</summary>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="draw">The number of its step.</param>
    /// <param name="real">Its scores of real images, with their graph.</param>
    /// <param name="fake">Its scores of generated ones.</param>
    /// <param name="batch">What penalties are computed of.</param>
    /// <returns>The loss without penalties.</returns>
    public Tensor TrainDiscriminator(NetworkOptimizer optimizer, long draw, Tensor real, Tensor fake, DiscriminatorBatch batch)
    {
        var (loss, total) = DiscriminatorLoss(draw, real, fake, batch);
        _measurements.Add(Figures.DiscriminatorGradientNorm, optimizer.Minimize(total, MeasuresNorm(draw)));
        Constrain(optimizer);
        return loss;
    }

    /// <summary>Takes a discriminator's step by the gradients that it has.</summary>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="draw">The number of its step.</param>
    public void StepDiscriminator(NetworkOptimizer optimizer, long draw)
    {
        _measurements.Add(Figures.DiscriminatorGradientNorm, optimizer.Step(MeasuresNorm(draw)));
        Constrain(optimizer);
    }

    private void Constrain(NetworkOptimizer discriminator)
    {
        foreach (var constraint in _constraints)
            constraint.Apply(discriminator.Parameters);
    }

    /// <summary>A discriminator's loss, which is measured.</summary>
    /// <param name="draw">The number of its step.</param>
    /// <param name="real">Its scores of real images, with their graph.</param>
    /// <param name="fake">Its scores of generated ones.</param>
    /// <param name="batch">What penalties are computed of.</param>
    /// <returns>The loss without penalties, and with them.</returns>
    public (Tensor Loss, Tensor Total) DiscriminatorLoss(long draw, Tensor real, Tensor fake, DiscriminatorBatch batch)
    {
        var loss = _loss.Discriminator(real, fake);
        // Real images with each other's sentences count as generated ones do, half and half (Tao et al. 2020, equation 1).
        if (batch.Mismatched is var (own, others))
            loss = (loss + _loss.Discriminator(own, others)) * _half;
        var total = _penalties.AddTo(loss, draw, p => p.Penalty(batch), _measurements);
        _measurements.Add(Figures.DiscriminatorLoss, loss);
        _measurements.Add(Figures.RealProbability, real.detach().sigmoid().mean());
        _measurements.Add(Figures.FakeProbability, fake.detach().sigmoid().mean());
        if (!_scoresAreLogits)
        {
            _measurements.Add(Figures.RealScore, real.detach().mean());
            _measurements.Add(Figures.FakeScore, fake.detach().mean());
        }
        return (loss, total);
    }

    /// <summary>A generator's adversarial loss, which is measured.</summary>
    /// <param name="fake">The scores of its images, with their graph.</param>
    /// <param name="real">Gives the scores of real images; asked by relativistic losses alone.</param>
    public Tensor GeneratorLoss(Tensor fake, Func<Tensor> real)
    {
        var loss = _loss.Generator(fake, _loss.IsRelativistic ? real() : null);
        _measurements.Add(Figures.GeneratorLoss, loss);
        return loss;
    }
}
