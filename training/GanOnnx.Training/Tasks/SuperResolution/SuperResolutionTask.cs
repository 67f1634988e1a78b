using GanOnnx.Inference;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>
/// A generator of large images from small ones and its average. It minimises the mean absolute difference of pixels; where there is a
/// discriminator, the difference of features and the adversarial loss too. The small images are made of the large ones in each step.
/// </summary>
internal sealed class SuperResolutionTask : ITrainingTask
{
    /// <summary>What checkpoints call the averaged generator.</summary>
    public const string Averaged = "average";

    private const string GeneratorName = "generator", DiscriminatorName = "discriminator";

    // What samples are spoilt by is drawn with it, whatever the run's seed.
    private const long SampleSeed = 1;

    private static readonly Figure _difference = Figure.Extra("difference to the original");
    private static readonly Figure _features = Figure.Extra("difference of features");
    private static readonly Figure _psnr = Figure.Extra("PSNR") with { Text = "  PSNR {0:0.00} dB" };
    private static readonly Figure _bicubicPsnr = Figure.Extra("PSNR of bicubic") with { Text = " (bicubic {0:0.00})" };

    private readonly TrainingOptions _options;
    private readonly int _channels, _inputSize;
    private readonly bool _blind;
    private readonly Device _device;
    private readonly AdversarialTraining _training;
    private readonly UpscalerNetwork _generator, _averaged;
    private readonly PatchDiscriminator? _discriminator;
    private readonly NetworkOptimizer _generatorOptimizer;
    private readonly NetworkOptimizer? _discriminatorOptimizer;
    private readonly ExponentialMovingAverage _average;
    private readonly PerceptualLoss? _perceptual;
    private readonly Scalar _perceptualWeight, _adversarialWeight, _decibels = -10.0, _range = 4.0;
    private Tensor? _inputs, _originals;

    /// <param name="options">Valid options.</param>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="adversarial">Whether there is a discriminator.</param>
    public SuperResolutionTask(TrainingOptions options, int channels, Device device, bool adversarial)
    {
        (_options, _channels, _device) = (options, channels, device);
        Measurements = new Measurements(device);
        _training = new AdversarialTraining(options, Measurements);

        var shape = options.Shape(channels, 0);
        _inputSize = options.Size / (int)shape[SuperResolutionKind.Scale];
        _blind = shape[SuperResolutionKind.Blind] == 1;
        _perceptualWeight = shape[SuperResolutionKind.PerceptualWeight];
        _adversarialWeight = shape[SuperResolutionKind.AdversarialWeight];
        _generator = SuperResolutionKind.Generator(options, channels);
        _averaged = SuperResolutionKind.Generator(options, channels);
        InitialWeights.Draw(_generator, options.Seed, player: 0, UpscalerNetwork.FirstWeight);
        _generator.to(device);
        _averaged.to(device);
        _average = new ExponentialMovingAverage(_generator, _averaged);
        _generatorOptimizer = new NetworkOptimizer(_generator, options.LearningRate, options);
        if (!adversarial)
            return;
        _discriminator = new PatchDiscriminator(channels, shape);
        InitialWeights.Draw(_discriminator, options.Seed, player: 1, InitialWeights.Discriminator(shape));
        _discriminator.to(device);
        _discriminatorOptimizer = new NetworkOptimizer(_discriminator, options.DiscriminatorLearningRate ?? options.LearningRate, options);
        if (shape[SuperResolutionKind.PerceptualWeight] > 0)
            _perceptual = new PerceptualLoss(device);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TaskNetwork> Networks
    {
        get
        {
            var generator = new TaskNetwork(GeneratorName, _generator)
            {
                Layers = () => NetworkSummary.Of(_generator, device => _generator.call(Example(_inputSize, device))),
            };
            var average = new TaskNetwork(Averaged, _averaged) { AverageOf = GeneratorName };
            return _discriminator is null ? [generator, average] :
            [
                generator,
                new(DiscriminatorName, _discriminator)
                {
                    Layers = () => NetworkSummary.Of(_discriminator, device => _discriminator.call(Example(_options.Size, device))),
                },
                average,
            ];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<TaskOptimizer> Optimizers => _discriminatorOptimizer is null ? [new(GeneratorName, _generatorOptimizer)]
        : [new(GeneratorName, _generatorOptimizer), new(DiscriminatorName, _discriminatorOptimizer)];

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [];

    /// <inheritdoc/>
    public Measurements Measurements { get; }

    /// <inheritdoc/>
    public void ShowSamplesOf(TrainingBatch batch)
    {
        using var noGrad = no_grad();
        random.manual_seed(SampleSeed);
        _originals = Pixels.ToValues(batch.Images).to(_device);
        _inputs = Smaller(_originals);
    }

    /// <summary>The input made larger by bicubic interpolation, the output and the original side by side.</summary>
    public ImageBatch DrawSamples()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var made = _averaged.call(_inputs!);
        TranslationFigures.MeasureCheckerboard(Measurements, (made, _originals!));
        var rows = cat([Bicubic.Resize(_inputs!, _options.Size), made, _originals!], 3);
        rows = Bicubic.ToBytes(rows).cpu().contiguous(); // [N, C, S, 3·S]
        return new ImageBatch(rows.data<float>().ToArray(), (int)rows.shape[0], (int)rows.shape[1], (int)rows.shape[2], (int)rows.shape[3]);
    }

    /// <summary>Trains the discriminator, where there is one, on each batch, then the generator on the last.</summary>
    public void Step(long step, IReadOnlyList<TrainingBatch> batches)
    {
        using var scope = NewDisposeScope();
        var seen = _training.Begin(step, _generatorOptimizer, _discriminatorOptimizer is null ? [] : [_discriminatorOptimizer]);
        for (var i = 0; i < batches.Count; i++)
        {
            using var inner = NewDisposeScope();
            var original = Pixels.ToValues(batches[i].Images.to(_device));
            var input = Smaller(original);
            var made = _generator.call(input);
            TrainDiscriminator(step * batches.Count + i, original, made.detach());
            if (i == batches.Count - 1)
                TrainGenerator(step, input, original, made);
        }
        _average.Update(ExponentialMovingAverage.Decay(_options.ImagesPerStep, _options.AverageHalfLifeKimg, seen));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _generatorOptimizer.Dispose();
        _discriminatorOptimizer?.Dispose();
        _averaged.Dispose();
        _perceptual?.Dispose();
        foreach (var number in new[] { _perceptualWeight, _adversarialWeight, _decibels, _range })
            number.Dispose();
        _inputs?.Dispose();
        _originals?.Dispose();
        Measurements.Dispose();
    }

    private void TrainDiscriminator(long draw, Tensor original, Tensor made)
    {
        if (_discriminator is null)
            return;
        // A penalty wants a score for each image: the mean of its patches'.
        _training.TrainDiscriminator(_discriminatorOptimizer!, draw, _discriminator.call(original), _discriminator.call(made),
            new DiscriminatorBatch(images => _discriminator.call(images).mean([1L, 2L]), original, made));
    }

    private void TrainGenerator(long step, Tensor input, Tensor original, Tensor made)
    {
        var difference = (made - original).abs().mean();
        var total = difference;
        if (_discriminator is not null)
        {
            _discriminatorOptimizer!.SetGradients(false);
            var loss = _training.GeneratorLoss(_discriminator.call(made), () => _discriminator.call(original));
            total += loss * _adversarialWeight;
            if (_perceptual is not null)
            {
                var features = _perceptual.Of(made, original);
                Measurements.Add(_features, features);
                total += features * _perceptualWeight;
            }
        }
        var norm = _generatorOptimizer.Minimize(total, AdversarialTraining.MeasuresNorm(step));
        _discriminatorOptimizer?.SetGradients(true);
        Measurements.Add(Figures.GeneratorGradientNorm, norm);
        Measurements.Add(_difference, difference);
        if (!AdversarialTraining.MeasuresNorm(step))
            return;
        using var noGrad = no_grad();
        Measurements.Add(_psnr, Psnr(Bicubic.ToBytes(made), original));
        Measurements.Add(_bicubicPsnr, Psnr(Bicubic.ToBytes(Bicubic.Resize(input, _options.Size)), original));
    }

    // Decibels, of values from −1 to 1.
    private Tensor Psnr(Tensor made, Tensor original) => (made - original).square().mean().div(_range).log10().mul(_decibels);

    private Tensor Smaller(Tensor images)
    {
        using var noGrad = no_grad();
        return _blind ? Degradation.Spoil(images, _inputSize) : Bicubic.ToBytes(Bicubic.Resize(images, _inputSize));
    }

    private Tensor Example(int size, Device device) => zeros([1, _channels, size, size], device: device);
}
