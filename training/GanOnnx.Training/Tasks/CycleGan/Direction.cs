using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.CycleGan;

/// <summary>One of the two ways: its generator, that one's average, and the discriminator of the images it leads to.</summary>
internal sealed class Direction : IDisposable
{
    private readonly ExponentialMovingAverage _average;

    /// <param name="name">One of <see cref="CycleGanKind.Directions"/>.</param>
    /// <param name="generator">Its generator, with its first weights, on the device.</param>
    /// <param name="discriminator">The discriminator, likewise.</param>
    /// <param name="history">What the discriminator sees again.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="channels">The images' channels.</param>
    /// <param name="device">Where to train.</param>
    public Direction(string name, ResNetGenerator generator, PatchDiscriminator discriminator, ImageHistory history,
        TrainingOptions options, int channels, Device device)
    {
        (Name, Generator, Discriminator, History) = (name, generator, discriminator, history);
        Averaged = CycleGanKind.Generator(options, channels);
        Averaged.to(device);
        _average = new ExponentialMovingAverage(generator, Averaged);
        DiscriminatorOptimizer = new NetworkOptimizer(discriminator, options.DiscriminatorLearningRate ?? options.LearningRate, options);
        (GeneratorLoss, DiscriminatorLoss) = (Figure.Extra($"generator loss {name}"), Figure.Extra($"discriminator loss {name}"));
        (CycleError, IdentityError) = (Figure.Extra($"cycle error {name}"), Figure.Extra($"identity error {name}"));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>From images of one kind to those of the other.</summary>
    public ResNetGenerator Generator { get; }

    /// <summary>The generator that is sampled and exported.</summary>
    public ResNetGenerator Averaged { get; }

    /// <summary>Judges images of the kind that it leads to.</summary>
    public PatchDiscriminator Discriminator { get; }

    public NetworkOptimizer DiscriminatorOptimizer { get; }

    public ImageHistory History { get; }

    public Figure GeneratorLoss { get; }

    public Figure DiscriminatorLoss { get; }

    /// <summary>How far images are from where they began once they went this way and came back.</summary>
    public Figure CycleError { get; }

    /// <summary>How far this way takes images that are already where it leads to.</summary>
    public Figure IdentityError { get; }

    /// <summary>Lets the average follow its generator.</summary>
    public void Follow(double decay) => _average.Update(decay);

    /// <summary>Frees all but the generator, which both ways' optimizer has.</summary>
    public void Dispose()
    {
        Averaged.Dispose();
        DiscriminatorOptimizer.Dispose();
        History.Dispose();
    }
}
