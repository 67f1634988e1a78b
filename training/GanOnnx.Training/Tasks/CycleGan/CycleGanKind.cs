using GanOnnx.Data;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks.Pix2Pix;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.CycleGan;

/// <summary>Images of one set from those of another and back, learnt without pairs (Zhu et al. 2017).</summary>
internal sealed class CycleGanKind : ITaskKind
{
    /// <summary>The way from the first images to the second ones, and the one back.</summary>
    public const string AtoB = "AtoB", BtoA = "BtoA";

    /// <summary>What the networks' images are multiples of.</summary>
    public const int Multiple = 4;

    private const string ResNet = "resnet-generator";
    private const int SmallestSize = 32, LargestSize = 512, ManyBlocksFrom = 256, FewBlocks = 6, ManyBlocks = 9;

    /// <summary>How many residual blocks the generators have.</summary>
    public static TrainingOption Blocks { get; } =
        new("blocks", "The generators' residual blocks", typeof(int), 0)
        {
            Name = "--blocks",
            Least = 0,
            Most = 32,
            Rule = "the generators have {0} to {1} residual blocks",
            DefaultText = "0: 6 below 256 pixels, 9 from there on",
        };

    /// <summary>λ: how much it counts that images come back as they were; 10 in the paper.</summary>
    public static TrainingOption CycleWeight { get; } =
        new("cycleWeight", "Weight of the mean absolute difference between images and what comes back of them", typeof(double), 10.0)
        {
            Name = "--cycle-weight",
            Least = 0,
            Rule = "the cycle's weight is {0} or above",
        };

    /// <summary>How much it counts that images which are already as they shall be stay so, as a part of λ; 0.5 for the paper's
    /// paintings.</summary>
    public static TrainingOption IdentityWeight { get; } =
        new("identityWeight", "Weight of what changes in images that are already as they shall be, times --cycle-weight", typeof(double),
            0.5)
        {
            Name = "--identity-weight",
            Least = 0,
            Rule = "the identity's weight is {0} or above",
        };

    /// <summary>How many generated images of earlier steps each discriminator sees again; 50 in the paper.</summary>
    public static TrainingOption History { get; } =
        new("history", "Generated images of earlier steps that each discriminator sees again, 0 for none", typeof(int), 50)
        {
            Name = "--history",
            Least = 0,
            Most = 1000,
            Rule = "the history has {0} to {1} images",
        };

    public string Description => "images from images and back, learnt from two sets without pairs (CycleGAN, Zhu et al. 2017)";

    public SecondImages SecondImages => SecondImages.Unpaired;

    public IReadOnlyList<string> Unused => ImageToImageRules.Unused;

    public IReadOnlyList<string> Directions => [AtoB, BtoA];

    public IReadOnlyList<OptionChoice> Architectures =>
        [new(ResNet, "residual blocks between two halvings and doublings, and discriminators of patches (Zhu et al. 2017)")];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) => architecture == ResNet
        ? [Blocks, CycleWeight, IdentityWeight, History, PatchDiscriminator.PatchLayers, Pix2PixKind.ResizeConvolution] : [];

    public IEnumerable<string> Errors(TrainingOptions options)
    {
        if (options.Size is < SmallestSize or > LargestSize || options.Size % Multiple != 0)
            yield return $"cyclegan has images of 32 to 512 pixels, a multiple of 4, not {options.Size}";
        foreach (var error in ImageToImageRules.Errors(options))
            yield return error;
    }

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new CycleGanTask(options, channels, device);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null) =>
        TaskExport.OfTranslator(CycleGanTask.Averaged(direction ?? AtoB), Generator(options, channels), channels, options.Size,
            options.Size + Multiple);

    /// <summary>A generator that options ask for.</summary>
    public static ResNetGenerator Generator(TrainingOptions options, int channels)
    {
        var shape = options.Shape(channels, 0);
        var blocks = shape[Blocks] > 0 ? (int)shape[Blocks] : options.Size < ManyBlocksFrom ? FewBlocks : ManyBlocks;
        return new(blocks, channels, options.Width, shape[Pix2PixKind.ResizeConvolution] == 1);
    }
}
