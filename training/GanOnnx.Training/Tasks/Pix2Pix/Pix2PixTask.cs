using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.Pix2Pix;

/// <summary>
/// A generator from images to their targets, a discriminator of pairs, what they are trained by, and the averaged generator. The
/// generator minimises its adversarial loss and the mean absolute difference to the target, with its weight.
/// </summary>
internal sealed class Pix2PixTask : ITrainingTask
{
    /// <summary>What checkpoints call the averaged generator.</summary>
    public const string Averaged = "average";

    private const string GeneratorName = "generator", DiscriminatorName = "discriminator";

    private static readonly Figure _difference = Figure.Extra("difference to the target") with { Text = "  to the target {0:0.000}" };

    private readonly TrainingOptions _options;
    private readonly int _channels;
    private readonly Device _device;
    private readonly AdversarialTraining _training;
    private readonly UNetGenerator _generator, _averaged;
    private readonly PatchDiscriminator _discriminator;
    private readonly NetworkOptimizer _generatorOptimizer, _discriminatorOptimizer;
    private readonly ExponentialMovingAverage _average;
    private readonly Scalar _pixelWeight;
    private Tensor? _inputs, _targets;

    /// <param name="options">Valid options.</param>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="device">Where to train.</param>
    public Pix2PixTask(TrainingOptions options, int channels, Device device)
    {
        (_options, _channels, _device) = (options, channels, device);
        Measurements = new Measurements(device);
        _training = new AdversarialTraining(options, Measurements);

        var shape = options.Shape(channels, 0);
        _pixelWeight = shape[Pix2PixKind.PixelWeight];
        _generator = Pix2PixKind.Generator(options, channels);
        _discriminator = new PatchDiscriminator(2 * channels, shape);
        InitialWeights.Draw(_generator, options.Seed, player: 0, InitialWeights.Dcgan);
        InitialWeights.Draw(_discriminator, options.Seed, player: 1, InitialWeights.Discriminator(shape));
        _averaged = Pix2PixKind.Generator(options, channels);
        foreach (var network in new nn.Module[] { _generator, _discriminator, _averaged })
            network.to(device);
        _average = new ExponentialMovingAverage(_generator, _averaged);
        _generatorOptimizer = new NetworkOptimizer(_generator, options.LearningRate, options);
        _discriminatorOptimizer = new NetworkOptimizer(_discriminator, options.DiscriminatorLearningRate ?? options.LearningRate, options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TaskNetwork> Networks =>
    [
        new(GeneratorName, _generator) { Layers = () => NetworkSummary.Of(_generator, device => _generator.call(Example(device))) },
        new(DiscriminatorName, _discriminator) { Layers = () =>
            NetworkSummary.Of(_discriminator, device => Scores(Example(device), Example(device))) },
        new(Averaged, _averaged) { AverageOf = GeneratorName },
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TaskOptimizer> Optimizers =>
        [new(GeneratorName, _generatorOptimizer), new(DiscriminatorName, _discriminatorOptimizer)];

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [];

    /// <inheritdoc/>
    public Measurements Measurements { get; }

    /// <inheritdoc/>
    public void ShowSamplesOf(TrainingBatch batch)
    {
        using var noGrad = no_grad();
        (_inputs, _targets) = (Pixels.ToValues(batch.Images).to(_device), Pixels.ToValues(batch.SecondImages!).to(_device));
    }

    /// <summary>Input, output and target side by side.</summary>
    public ImageBatch DrawSamples()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var made = _averaged.call(_inputs!);
        TranslationFigures.Measure(Measurements, [(_inputs!, made, _targets!)], paired: true);
        var rows = cat([_inputs!, made, _targets!], 3).cpu().contiguous(); // [N, C, H, 3·W]
        return new ImageBatch(rows.data<float>().ToArray(), (int)rows.shape[0], (int)rows.shape[1], (int)rows.shape[2], (int)rows.shape[3]);
    }

    /// <summary>Trains the discriminator on each batch, then the generator on the last.</summary>
    public void Step(long step, IReadOnlyList<TrainingBatch> batches)
    {
        using var scope = NewDisposeScope();
        var seen = _training.Begin(step, _generatorOptimizer, _discriminatorOptimizer);
        for (var i = 0; i < batches.Count; i++)
        {
            using var inner = NewDisposeScope();
            var (input, target) = ToDevice(batches[i]);
            var made = _generator.call(input);
            TrainDiscriminator(step * batches.Count + i, input, target, made.detach());
            if (i == batches.Count - 1)
                TrainGenerator(step, input, target, made);
        }
        _average.Update(ExponentialMovingAverage.Decay(_options.ImagesPerStep, _options.AverageHalfLifeKimg, seen));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _generatorOptimizer.Dispose();
        _discriminatorOptimizer.Dispose();
        _averaged.Dispose();
        _pixelWeight.Dispose();
        _inputs?.Dispose();
        _targets?.Dispose();
        Measurements.Dispose();
    }

    private void TrainDiscriminator(long draw, Tensor input, Tensor target, Tensor made)
    {
        // A penalty wants a score for each image: the mean of its patches'.
        _training.TrainDiscriminator(_discriminatorOptimizer, draw, Scores(input, target), Scores(input, made),
            new DiscriminatorBatch(images => Scores(input, images).mean([1L, 2L]), target, made));
    }

    private void TrainGenerator(long step, Tensor input, Tensor target, Tensor made)
    {
        _discriminatorOptimizer.SetGradients(false);
        var loss = _training.GeneratorLoss(Scores(input, made), () => Scores(input, target));
        var difference = (made - target).abs().mean();
        Measurements.Add(Figures.GeneratorGradientNorm,
            _generatorOptimizer.Minimize(loss + difference * _pixelWeight, AdversarialTraining.MeasuresNorm(step)));
        _discriminatorOptimizer.SetGradients(true);
        Measurements.Add(_difference, difference);
    }

    // Which image belongs to which input is judged, so both are seen together.
    private Tensor Scores(Tensor input, Tensor images) => _discriminator.call(cat([input, images], 1));

    private Tensor Example(Device device) => zeros([1, _channels, _options.Size, _options.Size], device: device);

    private (Tensor Input, Tensor Target) ToDevice(TrainingBatch batch) =>
        (Pixels.ToValues(batch.Images.to(_device)), Pixels.ToValues(batch.SecondImages!.to(_device)));
}
