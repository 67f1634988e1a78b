using GanOnnx.Audio;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.NoiseToSound;

/// <summary>Sounds from noise, and from a class where there are labels. To the loop they are images of height 1, and are looked at as
/// spectrograms.</summary>
internal sealed class NoiseToSoundKind : ITaskKind
{
    /// <summary>Height and width of the spectrograms that training is watched by, in pixels.</summary>
    public const int PictureSize = 64;

    /// <summary>Values of a sound.</summary>
    public static TrainingOption Samples { get; } = new("samples", "Values of a sound", typeof(int), SoundForm.Default.Samples)
    {
        Name = "--samples",
        OneOf = [1024, 2048, 4096, 8192, 16384, 32768, 65536],
        Rule = "a sound has a power of two of values, 1024 to 65536",
    };

    /// <summary>Values of a sound in a second.</summary>
    public static TrainingOption Rate { get; } = new("rate", "Values of a sound in a second, in Hz", typeof(int), SoundForm.Default.Rate)
    {
        Name = "--rate",
        Least = 1000,
        Most = 192_000,
        Rule = "the rate is {0} to {1} Hz",
    };

    /// <summary>By how many values the discriminator's features are shifted at random.</summary>
    public static TrainingOption PhaseShuffle { get; } =
        new("phaseShuffle", "By how many values at most the discriminator's features are shifted at random", typeof(int), 2)
        {
            Name = "--phase-shuffle",
            Least = 0,
            Most = 8,
            Rule = "features are shifted by {0} to {1} values",
        };

    private const string WaveGanName = "wavegan", Translation = "diff:translation";

    public string Description => "a generator of sounds from noise, and a discriminator (WaveGAN, Donahue et al. 2018)";

    public bool CanHoldOut => true;

    public bool CanShard => true;

    public TrainingMedium Medium => TrainingMedium.Sounds;

    public IReadOnlyList<string> Unused => ["size", "channels", "fit", "captions", "sideBySide", "derive"];

    public IReadOnlyList<OptionChoice> Architectures =>
        [new(WaveGanName, WaveGan.Architecture.Description, Labels: ["none", "projection"])];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) => architecture == WaveGanName ? WaveGan.Architecture.Options : [];

    public IEnumerable<string> Errors(TrainingOptions options)
    {
        foreach (var spec in TrainingOptions.SplitList(options.Regularizers).Where(text => text.StartsWith("consistency", StringComparison.Ordinal)))
            yield return $"{spec} mirrors and shifts pictures, which {options.Task} doesn't make";
        foreach (var text in TrainingOptions.SplitList(options.Augmentations).Where(text => text != Translation))
            yield return $"{options.Task} has the augmentation {Translation} alone, which shifts sounds in time, not '{text}'";
        foreach (var error in NoiseToImageRules.Errors(options, WaveGan.Architecture))
            yield return error;
    }

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new NoiseToImageTask(options, WaveGan.Architecture, NoiseToImage.Medium.Sounds(FormOf(options)), channels: 1, classes, device);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null)
    {
        var generator = WaveGan.Architecture.Generator(options.Shape(1, classes));
        return new TaskExport(NoiseToImageTask.Averaged, new Sounds(generator), generator.Inputs(), new ModelMetadata
        {
            Task = ModelTask.Sound,
            Latent = new LatentDescription(LatentDistribution.Normal, options.LatentSize),
            Audio = new AudioDescription(FormOf(options).Rate),
        })
        {
            Weights = generator,
            Output = "audio",
        };
    }

    /// <summary>What recordings are brought to for a run. Only for valid options.</summary>
    public static SoundForm FormOf(TrainingOptions options)
    {
        var shape = options.Shape(1, 0);
        return new((int)shape[Samples], (int)shape[Rate]);
    }

    // [N, 1, 1, S] as a model file has it, [N, 1, S].
    private sealed class Sounds : TracedModuleMany
    {
        private readonly GeneratorNetwork generator;

        public Sounds(GeneratorNetwork generator) : base(nameof(Sounds))
        {
            this.generator = generator;
            RegisterComponents();
        }

        public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs) =>
            [generator.forward(inputs)[0].reshape(-1, 1, (long)generator.Shape[Samples])];
    }
}
