using GanOnnx.Inference;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.CycleGan;

/// <summary>
/// Two generators, from the first images (A) to the second ones (B) and back, each with a discriminator of what it makes. Together the
/// generators minimise their adversarial losses, the difference between images and what comes back of them, and what they change in
/// images that are already as they shall be.
/// </summary>
internal sealed class CycleGanTask : ITrainingTask
{
    private readonly TrainingOptions _options;
    private readonly int _channels;
    private readonly Device _device;
    private readonly AdversarialTraining _training;
    private readonly Direction _toB, _toA;
    private readonly NetworkOptimizer _generatorOptimizer;
    private readonly Scalar _adversarialWeight, _cycleWeight, _identityWeight;
    private readonly bool _keepsIdentity;
    private Tensor? _samplesOfA, _samplesOfB;

    /// <param name="options">Valid options.</param>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="device">Where to train.</param>
    public CycleGanTask(TrainingOptions options, int channels, Device device)
    {
        (_options, _channels, _device) = (options, channels, device);
        Measurements = new Measurements(device);
        _training = new AdversarialTraining(options, Measurements);
        var shape = options.Shape(channels, 0);
        var (cycle, identity) = (shape[CycleGanKind.CycleWeight], shape[CycleGanKind.IdentityWeight]);
        (_cycleWeight, _identityWeight, _keepsIdentity) = (cycle, cycle * identity, cycle * identity > 0);
        // The paper's λ is measured by squares without the half that Mao et al. give them.
        _adversarialWeight = options.Loss == "least-squares" ? 2.0 : 1.0;

        ResNetGenerator[] generators = [CycleGanKind.Generator(options, channels), CycleGanKind.Generator(options, channels)];
        PatchDiscriminator[] discriminators = [Discriminator(), Discriminator()];
        InitialWeights.Draw(generators, options.Seed, player: 0, InitialWeights.Dcgan);
        InitialWeights.Draw(discriminators, options.Seed, player: 1, InitialWeights.Dcgan);
        foreach (var network in generators.Concat<nn.Module>(discriminators))
            network.to(device);
        Direction[] directions = [Way(0, CycleGanKind.AtoB), Way(1, CycleGanKind.BtoA)];
        (_toB, _toA) = (directions[0], directions[1]);
        _generatorOptimizer = new NetworkOptimizer(new Generators(_toB.Generator, _toA.Generator), options.LearningRate, options);

        PatchDiscriminator Discriminator() => new(channels, shape, instanceNorm: true);
        Direction Way(int i, string name) => new(name, generators[i], discriminators[i], new ImageHistory((int)shape[CycleGanKind.History],
            channels, options.Size, options.Seed, i, generators.Length, device), options, channels, device);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TaskNetwork> Networks =>
    [
        .. Directions.SelectMany(way => new TaskNetwork[]
        {
            new($"generator{way.Name}", way.Generator)
            {
                Layers = () => NetworkSummary.Of(way.Generator, d => way.Generator.call(Example(d))),
            },
            new(DiscriminatorOf(way), way.Discriminator)
            {
                Layers = () => NetworkSummary.Of(way.Discriminator, d => way.Discriminator.call(Example(d))),
            },
            new(Averaged(way.Name), way.Averaged) { AverageOf = $"generator{way.Name}" },
        }),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TaskOptimizer> Optimizers =>
    [
        new("generators", _generatorOptimizer),
        .. Directions.Select(way => new TaskOptimizer(DiscriminatorOf(way), way.DiscriminatorOptimizer)),
    ];

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State =>
        Directions.Where(way => way.History.Images.numel() > 0).Select(way => ($"history{way.Name}", way.History.Images));

    /// <inheritdoc/>
    public Measurements Measurements { get; }

    private Direction[] Directions => [_toB, _toA];

    /// <summary>What checkpoints call the averaged generator of a direction.</summary>
    public static string Averaged(string direction) => $"average{direction}";

    /// <inheritdoc/>
    public void ShowSamplesOf(TrainingBatch batch)
    {
        using var noGrad = no_grad();
        (_samplesOfA, _samplesOfB) = (Pixels.ToValues(batch.Images).to(_device), Pixels.ToValues(batch.SecondImages!).to(_device));
    }

    /// <summary>A, B made of it and A made of that side by side, then the same from B on.</summary>
    public ImageBatch DrawSamples()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (madeB, madeA) = (_toB.Averaged.call(_samplesOfA!), _toA.Averaged.call(_samplesOfB!));
        TranslationFigures.Measure(Measurements, [(_samplesOfA!, madeB, _samplesOfB!), (_samplesOfB!, madeA, _samplesOfA!)], paired: false);
        var rows = cat([Row(_samplesOfA!, madeB, _toA), Row(_samplesOfB!, madeA, _toB)]).cpu().contiguous(); // [2·N, C, H, 3·W]
        return new ImageBatch(rows.data<float>().ToArray(), (int)rows.shape[0], (int)rows.shape[1], (int)rows.shape[2], (int)rows.shape[3]);

        static Tensor Row(Tensor images, Tensor made, Direction back) => cat([images, made, back.Averaged.call(made)], 3);
    }

    /// <summary>Trains the discriminators on each batch, after the generators on the last.</summary>
    public void Step(long step, IReadOnlyList<TrainingBatch> batches)
    {
        using var scope = NewDisposeScope();
        var seen = _training.Begin(step, _generatorOptimizer, _toB.DiscriminatorOptimizer, _toA.DiscriminatorOptimizer);
        for (var i = 0; i < batches.Count; i++)
        {
            using var inner = NewDisposeScope();
            var (a, b) = (Pixels.ToValues(batches[i].Images.to(_device)), Pixels.ToValues(batches[i].SecondImages!.to(_device)));
            var (madeB, madeA) = (_toB.Generator.call(a), _toA.Generator.call(b));
            if (i == batches.Count - 1)
                TrainGenerators(step, a, b, madeA, madeB);
            var draw = step * batches.Count + i;
            TrainDiscriminator(_toB, draw, b, madeB.detach());
            TrainDiscriminator(_toA, draw, a, madeA.detach());
        }
        var decay = ExponentialMovingAverage.Decay(_options.ImagesPerStep, _options.AverageHalfLifeKimg, seen);
        foreach (var way in Directions)
            way.Follow(decay);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _generatorOptimizer.Dispose();
        foreach (var way in Directions)
            way.Dispose();
        foreach (var weight in new[] { _adversarialWeight, _cycleWeight, _identityWeight })
            weight.Dispose();
        _samplesOfA?.Dispose();
        _samplesOfB?.Dispose();
        Measurements.Dispose();
    }

    private void TrainGenerators(long step, Tensor a, Tensor b, Tensor madeA, Tensor madeB)
    {
        foreach (var way in Directions)
            way.DiscriminatorOptimizer.SetGradients(false);
        var total = Loss(_toB, _toA, a, madeB, b) + Loss(_toA, _toB, b, madeA, a);
        Measurements.Add(Figures.GeneratorGradientNorm, _generatorOptimizer.Minimize(total, AdversarialTraining.MeasuresNorm(step)));
        foreach (var way in Directions)
            way.DiscriminatorOptimizer.SetGradients(true);
    }

    // Of images, of what one way makes of them, and of real images where it leads to.
    private Tensor Loss(Direction there, Direction back, Tensor images, Tensor made, Tensor real)
    {
        var loss = _training.GeneratorLoss(there.Discriminator.call(made), () => there.Discriminator.call(real));
        Measurements.Add(there.GeneratorLoss, loss);
        var cycle = (back.Generator.call(made) - images).abs().mean();
        Measurements.Add(there.CycleError, cycle);
        loss = loss * _adversarialWeight + cycle * _cycleWeight;
        if (!_keepsIdentity)
            return loss;
        var identity = (there.Generator.call(real) - real).abs().mean();
        Measurements.Add(there.IdentityError, identity);
        return loss + identity * _identityWeight;
    }

    private void TrainDiscriminator(Direction way, long draw, Tensor real, Tensor made)
    {
        var shown = way.History.Exchange(draw * _options.BatchSize, made);
        // A penalty wants a score for each image: the mean of its patches'.
        var (realScores, fakeScores) = (way.Discriminator.call(real), way.Discriminator.call(shown));
        var loss = _training.TrainDiscriminator(way.DiscriminatorOptimizer, draw, realScores, fakeScores,
            new DiscriminatorBatch(images => way.Discriminator.call(images).mean([1L, 2L]), real, shown));
        Measurements.Add(way.DiscriminatorLoss, loss);
    }

    // Its images are those that the direction leads to.
    private static string DiscriminatorOf(Direction way) => $"discriminator{way.Name[^1]}";

    private Tensor Example(Device device) => zeros([1, _channels, _options.Size, _options.Size], device: device);

    // Both are trained as one: what one makes goes through the other.
    private sealed class Generators : nn.Module
    {
        private readonly ResNetGenerator AtoB, BtoA;

        public Generators(ResNetGenerator toB, ResNetGenerator toA) : base(nameof(Generators))
        {
            (AtoB, BtoA) = (toB, toA);
            RegisterComponents();
        }
    }
}
