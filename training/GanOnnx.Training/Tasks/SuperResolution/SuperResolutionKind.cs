using GanOnnx.Data;
using GanOnnx.Training.Networks;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>Large images from small ones, which are made of the data's own.</summary>
/// <param name="adversarial">Whether a discriminator judges them too (SRGAN), or the pixels' difference alone counts.</param>
internal sealed class SuperResolutionKind(bool adversarial) : ITaskKind
{
    private const string SrResNet = "srresnet", Edsr = "edsr", Rrdb = "rrdb";
    private const int SmallestInput = 8, LargestSize = 512;

    /// <summary>How many times larger images become.</summary>
    public static TrainingOption Scale { get; } = new("scale", "How many times larger images become", typeof(int), 4)
    {
        Name = "--scale",
        OneOf = [2, 4],
        Rule = "the scale is 2 or 4",
    };

    /// <summary>How many blocks the generator has.</summary>
    public static TrainingOption Blocks { get; } = new("upscalerBlocks", "The generator's blocks", typeof(int), 8)
    {
        Name = "--upscaler-blocks",
        Least = 1,
        Most = 64,
        Rule = "the generator has {0} to {1} blocks",
    };

    /// <summary>Whether inputs are spoilt beside being made smaller.</summary>
    public static TrainingOption Blind { get; } =
        new("blind", "Inputs are blurred, resized, noisy and JPEG-compressed, twice, by chance (1), or only made smaller (0)", typeof(int), 0)
        {
            Name = "--blind",
            Least = 0,
            Most = 1,
            Rule = "inputs are spoilt ({1}) or not ({0})",
        };

    /// <summary>How much the difference of features counts beside that of pixels; 1 as in Real-ESRGAN.</summary>
    public static TrainingOption PerceptualWeight { get; } =
        new("perceptualWeight", "Weight of the mean absolute difference of ResNet-18's features, beside 1 for the pixels'", typeof(double), 1.0)
        {
            Name = "--perceptual-weight",
            Least = 0,
            Rule = "the features' weight is {0} or above",
        };

    /// <summary>How much the discriminator counts beside the pixels; 0.1 as in Real-ESRGAN.</summary>
    public static TrainingOption AdversarialWeight { get; } =
        new("adversarialWeight", "Weight of the adversarial loss, beside 1 for the pixels' mean absolute difference", typeof(double), 0.1)
        {
            Name = "--adversarial-weight",
            Least = 0,
            Rule = "the adversarial loss's weight is {0} or above",
        };

    public string Description => adversarial
        ? "large images from small ones, with a discriminator (SRGAN, Ledig et al. 2016)"
        : "large images from small ones, by the pixels' difference alone (SRResNet, Ledig et al. 2016)";

    public IReadOnlyList<string> Unused => adversarial ? ImageToImageRules.Unused
        : [.. ImageToImageRules.Unused, "loss", "discriminatorSteps", "discriminatorLearningRate", "labelSmoothing", "frozenLayers"];

    public IReadOnlyList<OptionChoice> Architectures =>
    [
        new(SrResNet, "residual blocks with batch normalization, 9 × 9 convolutions outside (Ledig et al. 2016)"),
        new(Edsr, "residual blocks without normalization, 3 × 3 convolutions alone (Lim et al. 2017)"),
        new(Rrdb, "residual blocks of dense ones, without normalization (ESRGAN, Wang et al. 2018)"),
    ];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) =>
        Architectures.All(choice => choice.Name != architecture) ? []
        : adversarial ? [Scale, Blocks, Blind, PerceptualWeight, AdversarialWeight, PatchDiscriminator.PatchLayers]
        : [Scale, Blocks, Blind];

    public IEnumerable<string> Errors(TrainingOptions options)
    {
        var scale = Scale.Allows(Scale.In(options)) ? Convert.ToInt32(Scale.In(options)) : 1;
        if (options.Size < SmallestInput * scale || options.Size > LargestSize || options.Size % scale != 0)
            yield return $"{options.Task} has images of {SmallestInput * scale} to {LargestSize} pixels, a multiple of {scale}, "
                + $"not {options.Size}";
        if (!adversarial && TrainingOptions.SplitList(options.Regularizers).Length > 0)
            yield return $"{options.Task} has no discriminator to regularize; leave the regularizers out, or train srgan";
        foreach (var error in ImageToImageRules.Errors(options, judged: adversarial))
            yield return error;
    }

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new SuperResolutionTask(options, channels, device, adversarial);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null)
    {
        var size = options.Size / (int)options.Shape(channels, 0)[Scale];
        return TaskExport.OfTranslator(SuperResolutionTask.Averaged, Generator(options, channels), channels, size, size + 3);
    }

    /// <summary>The generator that options ask for.</summary>
    public static UpscalerNetwork Generator(TrainingOptions options, int channels)
    {
        var shape = options.Shape(channels, 0);
        var (scale, blocks) = ((int)shape[Scale], (int)shape[Blocks]);
        return options.Architecture == Rrdb ? new DenseUpscaler(channels, options.Width, blocks, scale)
            : new ResidualUpscaler(channels, options.Width, blocks, scale, plain: options.Architecture == Edsr);
    }
}
