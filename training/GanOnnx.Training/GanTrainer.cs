using GanOnnx.Inference;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training;

/// <summary>Both players, their optimizers and the averaged generator; one call of <see cref="Step"/> trains each once.</summary>
internal sealed class GanTrainer : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly IGanLoss _loss;
    private readonly Device _device;
    private readonly RandomStream _latents;
    private readonly float[] _latentBuffer;
    private readonly ExponentialMovingAverage _average;

    // TorchSharp's temporary scalars can be freed while native code reads them; these stay.
    private readonly Scalar _halfRange = 127.5f, _one = 1f;
    private readonly Parameter[] _discriminatorParameters;

    public GanTrainer(TrainingOptions options, int channels, Device device)
    {
        _options = options;
        _device = device;
        _loss = GanLosses.Create(options.Loss)!;
        _latents = new RandomStream(options.Seed, RandomStreams.Latents);
        _latentBuffer = new float[options.BatchSize * options.LatentSize];

        Networks = Create(options, channels, device);
        var copy = Create(options, channels, device);
        copy.Discriminator.Dispose();
        _average = new ExponentialMovingAverage(Networks.Generator, copy.Generator);
        _discriminatorParameters = [.. Networks.Discriminator.parameters()];
        GeneratorOptimizer = optim.Adam(Networks.Generator.parameters(), options.LearningRate, options.Beta1, options.Beta2);
        DiscriminatorOptimizer = optim.Adam(_discriminatorParameters, options.LearningRate, options.Beta1, options.Beta2);
        Metrics = new StepMetrics(device);
    }

    public GanNetworks Networks { get; }

    /// <summary>The generator that is sampled and exported.</summary>
    public nn.Module<Tensor, Tensor> AveragedGenerator => _average.Module;

    public Adam GeneratorOptimizer { get; }

    public Adam DiscriminatorOptimizer { get; }

    /// <summary>Sums over the steps since they were last read.</summary>
    public StepMetrics Metrics { get; }

    /// <summary>Builds an architecture's players on a device with their first weights.</summary>
    public static GanNetworks Create(TrainingOptions options, int channels, Device device)
    {
        var shape = new NetworkShape(options.Size, channels, options.LatentSize, options.Width);
        var networks = Architectures.Find(options.Architecture)!.Create(shape, options.Seed);
        return new GanNetworks(networks.Generator.to(device), networks.Discriminator.to(device));
    }

    /// <summary>Trains the discriminator on real images and on fakes, then the generator on the same fakes.</summary>
    /// <param name="step">The step's number, which decides its latents.</param>
    /// <param name="pixels">Real images as bytes, <c>[N, C, H, W]</c>.</param>
    public void Step(long step, Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var real = pixels.to(_device).to(float32).div(_halfRange).sub(_one);
        var fake = Networks.Generator.call(Latents(step));

        Networks.Discriminator.zero_grad();
        var realScores = Networks.Discriminator.call(real);
        var fakeScores = Networks.Discriminator.call(fake.detach());
        var discriminatorLoss = _loss.Discriminator(realScores, fakeScores);
        discriminatorLoss.backward();
        DiscriminatorOptimizer.step();

        // The discriminator's weights need no gradients while the generator learns.
        Networks.Generator.zero_grad();
        SetDiscriminatorGradients(false);
        var generatorLoss = _loss.Generator(Networks.Discriminator.call(fake));
        generatorLoss.backward();
        SetDiscriminatorGradients(true);
        GeneratorOptimizer.step();

        _average.Update(ExponentialMovingAverage.Decay(_options.BatchSize, _options.AverageHalfLifeKimg, step * _options.BatchSize));
        Metrics.Add(discriminatorLoss, generatorLoss, realScores, fakeScores);
    }

    private Tensor Latents(long step)
    {
        _latents.FillNormal((ulong)step, _latentBuffer);
        return tensor(_latentBuffer, [_options.BatchSize, _options.LatentSize], device: _device);
    }

    private void SetDiscriminatorGradients(bool on)
    {
        foreach (var parameter in _discriminatorParameters)
            parameter.requires_grad = on;
    }

    public void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
        _average.Module.Dispose();
        Networks.Generator.Dispose();
        Networks.Discriminator.Dispose();
        Metrics.Dispose();
        _halfRange.Dispose();
        _one.Dispose();
    }
}
