using GanOnnx.Data;
using GanOnnx.Training.Networks;
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

    public IReadOnlyList<string> Unused => ImageToImageRules.Unused;

    public IReadOnlyList<OptionChoice> Architectures => [new(UNet, "U-Net and a discriminator of patches (Isola et al. 2016)")];

    public IReadOnlyList<TrainingOption> OptionsOf(string architecture) =>
        architecture == UNet ? [PixelWeight, PatchDiscriminator.PatchLayers, Dropout, ResizeConvolution] : [];

    public IEnumerable<string> Errors(TrainingOptions options)
    {
        if (options.Size is < SmallestSize or > LargestSize || !int.IsPow2(options.Size))
            yield return $"pix2pix has images of 32, 64, 128, 256 or 512 pixels, not {options.Size}";
        foreach (var error in ImageToImageRules.Errors(options))
            yield return error;
    }

    public ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device) =>
        new Pix2PixTask(options, channels, device);

    public TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null)
    {
        var multiple = 1 << Levels(options);
        return TaskExport.OfTranslator(Pix2PixTask.Averaged, Generator(options, channels), channels, options.Size,
            options.Size == multiple ? 2 * multiple : options.Size + multiple);
    }

    /// <summary>The generator that options ask for.</summary>
    public static UNetGenerator Generator(TrainingOptions options, int channels)
    {
        var shape = options.Shape(channels, 0);
        return new(Levels(options), channels, options.Width, shape[Dropout] == 1, shape[ResizeConvolution] == 1);
    }

    private static int Levels(TrainingOptions options) => Math.Min(int.Log2(options.Size), MostLevels);
}
