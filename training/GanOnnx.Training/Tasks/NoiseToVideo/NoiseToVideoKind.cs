using GanOnnx.Data;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.NoiseToVideo;

/// <summary>Clips from noise, and from a class where there are labels. To the loop they are images of as many channels as all frames have,
/// and are looked at by a frame of each.</summary>
internal sealed class NoiseToVideoKind : ITaskKind
{
    /// <summary>Frames of a clip.</summary>
    public static TrainingOption Frames { get; } = new("frames", "Frames of a clip", typeof(int), ClipFrames.Default)
    {
        Name = "--frames",
        OneOf = [8, 16, 32],
        Rule = "a clip has 8, 16 or 32 frames",
    };

    /// <summary>Frames that are shown in a second.</summary>
    public static TrainingOption FramesPerSecond { get; } = new("framesPerSecond", "Frames of a clip in a second", typeof(double), 8.0)
    {
        Name = "--fps",
        Least = VideoDescription.LowestRate,
        Most = VideoDescription.HighestRate,
        Rule = "a clip has {0} to {1} frames in a second",
    };

    /// <summary>Values of noise for each frame.</summary>
    public static TrainingOption MotionSize { get; } = new("motionSize", "Values of noise for each frame of a clip", typeof(int), 8)
    {
        Name = "--motion-size",
        Least = 1,
        Most = 256,
        Rule = "the motion has {0} to {1} values a frame",
    };

    private const string MocoganName = "mocogan";

    // What does the same to all frames of a clip.
    private static readonly string[] _ofAllFrames = ["flip", "instance-noise", "diff:translation", "diff:cutout", "diff:translation+cutout"];

    public string Description => "a generator of clips from noise, a discriminator of clips and one of frames (MoCoGAN, Tulyakov et al. 2017)";

    public bool CanHoldOut => true;

    public bool CanShard => true;

    public TrainingMedium Medium => TrainingMedium.Clips;

    public IReadOnlyList<string> Unused => ["captions", "sideBySide", "derive"];

    public IReadOnlyList<OptionChoice> Architectures =>
        [new(MocoganName, Mocogan.Architecture.Description, Labels: ["none", "concat", "projection"])];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) => architecture == MocoganName ? Mocogan.Architecture.Options : [];

    public IEnumerable<string> Errors(TrainingOptions options)
    {
        foreach (var spec in TrainingOptions.SplitList(options.Regularizers).Where(text =>
            text.StartsWith("consistency", StringComparison.Ordinal) || text.StartsWith("spectral-norm", StringComparison.Ordinal)))
            yield return spec.StartsWith('c') ? $"{spec} compares an image's score with another one of it, and {options.Task} judges another frame each time"
                : $"{spec} is for convolutions over images, and {options.Task} has some over time as well";
        foreach (var text in TrainingOptions.SplitList(options.Augmentations).Where(text => AugmentationSpec.TryParse(text, out _, out _)
            && !_ofAllFrames.Contains(text.StartsWith("instance-noise", StringComparison.Ordinal) ? "instance-noise" : text)))
            yield return $"{options.Task} has augmentations that do the same to all frames, {string.Join(", ", _ofAllFrames)}, not '{text}'";
        if (options.CropMargin > 0)
            yield return $"{options.Task} doesn't crop";
        foreach (var error in NoiseToImageRules.Errors(options, Mocogan.Architecture))
            yield return error;
    }

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new NoiseToImageTask(options, Mocogan.Architecture, NoiseToImage.Medium.Clips(FramesOf(options), FramesPerSecondOf(options)),
            channels, classes,
            device);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null)
    {
        var generator = Mocogan.Architecture.Generator(options.Shape(channels, classes));
        var (frames, motion) = (FramesOf(options), (int)generator.Shape[MotionSize]);
        var count = Math.Max(2, generator.Shape.Classes);
        return new TaskExport(NoiseToImageTask.Averaged, new Clips(generator, frames),
            [("z_content", zeros(count, options.LatentSize)), ("z_motion", zeros(count, frames, motion)), .. generator.Inputs().Skip(1)],
            new ModelMetadata
            {
                Task = ModelTask.Video,
                Latent = new LatentDescription(LatentDistribution.Normal, generator.LatentSize),
                Video = new VideoDescription(FramesPerSecondOf(options)),
            })
        {
            Weights = generator,
            Output = "video",
        };
    }

    /// <summary>Frames of a run's clips. Only for valid options.</summary>
    public static int FramesOf(TrainingOptions options) => (int)options.Shape(1, 0)[Frames];

    /// <summary>Frames of a run's clips in a second. Only for valid options.</summary>
    public static double FramesPerSecondOf(TrainingOptions options) => options.Shape(1, 0)[FramesPerSecond];

    // Content, motion and label to [N, T, C, H, W], as a model file has it.
    private sealed class Clips : TracedModuleMany
    {
        private readonly GeneratorNetwork generator;
        private readonly int _frames;

        public Clips(GeneratorNetwork generator, int frames) : base(nameof(Clips))
        {
            (this.generator, _frames) = (generator, frames);
            RegisterComponents();
        }

        public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs)
        {
            var shape = generator.Shape;
            var latents = TracedTensor.cat([inputs[0], inputs[1].flatten(1)], 1);
            return [generator.forward([latents, .. inputs.Skip(2)])[0].reshape(-1, _frames, shape.Channels, shape.Size, shape.Size)];
        }
    }
}
