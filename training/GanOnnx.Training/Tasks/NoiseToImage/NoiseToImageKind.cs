using GanOnnx.Inference;
using GanOnnx.Training.Networks;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.NoiseToImage;

/// <summary>Images from noise, and from a class where there are labels: the GAN of the first paper and what followed.</summary>
internal sealed class NoiseToImageKind : ITaskKind
{
    public string Description => "a generator of images from noise, and a discriminator (Goodfellow et al. 2014)";

    public bool CanHoldOut => true;

    public bool CanShard => true;

    public IReadOnlyList<OptionChoice> Architectures => [.. Networks.Architectures.Names.Select(name =>
        new OptionChoice(name, Networks.Architectures.Description(name), Labels: Networks.Architectures.ConditionsOf(name)))];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) => Networks.Architectures.Find(architecture)?.Options ?? [];

    public IEnumerable<string> Errors(TrainingOptions options) =>
        NoiseToImageRules.Errors(options, Networks.Architectures.Find(options.Architecture));

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new NoiseToImageTask(options, channels, classes, device);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null)
    {
        var generator = Networks.Architectures.Find(options.Architecture)!.Generator(options.Shape(channels, classes));
        return new TaskExport(NoiseToImageTask.Averaged, generator, generator.Inputs(), new ModelMetadata
        {
            Task = options.TakesText ? ModelTask.TextToImage : ModelTask.Generate,
            Latent = new LatentDescription(LatentDistribution.Normal, options.LatentSize),
        });
    }
}
