using GanOnnx.Data;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Data;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Regularizers;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.Pix2Pix;

/// <summary>Images from images, learnt from pairs (Isola et al. 2016).</summary>
internal sealed class Pix2PixKind : ITaskKind
{
    private const string UNet = "unet";
    private const int SmallestSize = 32, LargestSize = 512, MostLevels = 8;

    /// <summary>How much the mean absolute difference to the target counts beside the adversarial loss; 100 in the paper.</summary>
    public static TrainingOption PixelWeight { get; } =
        new("pixelWeight", "Weight of the mean absolute difference to the target", typeof(double), 100.0)
        {
            Name = "--pixel-weight",
            Least = 0,
            Rule = "the pixels' weight is {0} or above",
        };

    /// <summary>How many of the discriminator's layers have stride 2; 3 in the paper, patches of 70 × 70.</summary>
    public static TrainingOption PatchLayers { get; } =
        new("patchLayers", "Layers of stride 2 of the discriminator: 0 judges pixels, 1, 3 and 5 patches of 16, 70 and 286", typeof(int), 3)
        {
            Name = "--patch-layers",
            Least = 0,
            Most = 5,
            Rule = "the discriminator has {0} to {1} layers of stride 2",
        };

    /// <summary>Whether the generator drops values while it is trained, its only noise.</summary>
    public static TrainingOption Dropout { get; } =
        new("dropout", "The generator's innermost layers drop half of their values in training (1), or none (0)", typeof(int), 1)
        {
            Name = "--dropout",
            Least = 0,
            Most = 1,
            Rule = "the generator's dropout is {0} or {1}",
        };

    /// <summary>Whether the generator has resize convolutions.</summary>
    public static TrainingOption ResizeConvolution { get; } =
        new("resizeConvolution", "The generator repeats pixels and convolves (1), or has transposed convolutions (0)", typeof(int), 0)
        {
            Name = "--resize-convolution",
            Least = 0,
            Most = 1,
            Rule = "the resize convolution is {0} or {1}",
        };

    public string Description => "images from images, learnt from pairs (pix2pix, Isola et al. 2016)";

    public SecondImages SecondImages => SecondImages.Paired;

    public IReadOnlyList<OptionChoice> Architectures => [new(UNet, "U-Net and a discriminator of patches (Isola et al. 2016)")];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) =>
        architecture == UNet ? [PixelWeight, PatchLayers, Dropout, ResizeConvolution] : [];

    public IEnumerable<string> Errors(TrainingOptions options)
    {
        if (options.Size is < SmallestSize or > LargestSize || !int.IsPow2(options.Size))
            yield return $"pix2pix has images of 32, 64, 128, 256 or 512 pixels, not {options.Size}";
        if (options.IsConditional)
            yield return "pix2pix takes no labels; leave the condition out";
        if (options.MinibatchDiscrimination)
            yield return "pix2pix judges patches, not batches; leave minibatch discrimination out";
        if (options.LabelSmoothing > 0 && GanLosses.Find(options.Loss) is { SupportsLabelSmoothing: false })
            yield return $"the loss {options.Loss} has no probabilities to smooth; leave label smoothing out";
        foreach (var text in TrainingOptions.SplitList(options.Augmentations).Where(text => text != "flip"))
            yield return $"pix2pix has the augmentation flip alone, which mirrors both images of a pair, not '{text}'";
        if (options.HoldOut > 0)
            yield return "pix2pix trains on all pairs; hold out none";
        List<RegularizerSpec> specs = [];
        foreach (var text in TrainingOptions.SplitList(options.Regularizers))
            if (RegularizerSpec.TryParse(text, out var spec, out var error))
                specs.Add(spec!);
            else
                yield return error;
        foreach (var conflict in GanRegularizers.Conflicts(specs))
            yield return conflict;
        foreach (var spec in specs.Where(s => s.Regularizer.Generator is not null))
            yield return $"{spec.Name} needs intermediate latents, which a U-Net hasn't";
        if (GanLosses.Find(options.Loss) is { NeedsLipschitz: true } && !specs.Any(s => s.Regularizer.BoundsSlope))
            yield return $"the loss {options.Loss} has no end unless the discriminator's slope is bounded; add gradient-penalty, spectral-norm "
                + "or weight-clipping";
    }

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new Pix2PixTask(options, channels, device);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes)
    {
        var multiple = 1 << Levels(options);
        int[] sizes = [options.Size, options.Size == multiple ? 2 * multiple : options.Size + multiple];
        return new TaskExport(Pix2PixTask.Averaged, new Exported(Generator(options, channels)),
            [("image", zeros(2, channels, options.Size, options.Size))], new ModelMetadata { Task = ModelTask.Translate })
        {
            OpenAxes = [DynamicAxis.Batch, new("H", 2) { VerifiedSizes = sizes }, new("W", 3) { VerifiedSizes = sizes }],
        };
    }

    /// <summary>The generator that options ask for.</summary>
    public static UNetGenerator Generator(TrainingOptions options, int channels)
    {
        var shape = options.Shape(channels, 0);
        return new(Levels(options), channels, options.Width, shape[Dropout] == 1, shape[ResizeConvolution] == 1);
    }

    private static int Levels(TrainingOptions options) => Math.Min(int.Log2(options.Size), MostLevels);

    /// <summary>The generator with the inputs and outputs of an exported network.</summary>
    private sealed class Exported : TracedModuleMany
    {
        private readonly UNetGenerator generator;

        public Exported(UNetGenerator generator) : base(nameof(Exported))
        {
            this.generator = generator;
            RegisterComponents();
        }

        public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs) => [generator.forward(inputs[0])];
    }
}
