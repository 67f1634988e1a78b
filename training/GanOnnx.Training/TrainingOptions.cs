using System.Text.Json;
using System.Text.Json.Serialization;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;

namespace GanOnnx.Training;

/// <summary>What decides a training run's result, apart from its data. Presets are JSON files of it.</summary>
public sealed record TrainingOptions
{
    /// <summary>The networks, a name of <see cref="Architectures"/>. The default is <c>dcgan</c>.</summary>
    public string Architecture { get; init; } = "dcgan";

    /// <summary>The loss, a name of <see cref="GanLosses"/>. The default is <c>non-saturating</c>.</summary>
    public string Loss { get; init; } = "non-saturating";

    /// <summary>
    /// What is added to the losses or asked of the weights: names of <see cref="GanRegularizers"/> with their weight and
    /// interval where they aren't the papers', as <c>r1:10/16,path-length</c>. The default is none.
    /// </summary>
    public string Regularizers { get; init; } = "";

    /// <summary>
    /// What images go through before the discriminator sees them, real and generated ones alike: names of
    /// <see cref="GanAugmentations"/>, as <c>flip,diff:translation+cutout</c>. The default is none.
    /// </summary>
    public string Augmentations { get; init; } = "";

    /// <summary>
    /// How labels get in: <c>none</c>, <c>concat</c>, <c>projection</c> or <c>mapping</c>; which ones an architecture has,
    /// differs. Other than none needs labelled data. The default is <c>none</c>.
    /// </summary>
    public string Condition { get; init; } = "none";

    /// <summary>The classes' names in label order, separated by commas. The default is null: the folders' names, or numbers.</summary>
    public string? ClassNames { get; init; }

    /// <summary>Height and width of the images in pixels. The default is 32.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Colour channels: 1 (grey) or 3 (RGB). The default is null: 1 for IDX files and digits, 3 for image files.</summary>
    public int? Channels { get; init; }

    /// <summary>Values per latent, 1 … 4096. The default is 100.</summary>
    public int LatentSize { get; init; } = 100;

    /// <summary>Channels of the networks' layers at the largest size; each halving doubles them. 1 … 1024. The default is 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Real images per step, 2 … 4096. The default is 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Steps of the discriminator for each step of the generator, 1 … 100. The default is 1.</summary>
    public int DiscriminatorSteps { get; init; } = 1;

    /// <summary>How long to train, in thousands of real images shown. The default is 1000.</summary>
    public int Kimg { get; init; } = 1000;

    /// <summary>Where latents, the data's order and the first weights come from. The default is 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Adam's step size for both players, above 0. The default is 0.0002, as in the DCGAN paper.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>
    /// Adam's step size for the discriminator, above 0. The default is null: as for the generator. Two rates:
    /// M. Heusel et al., 2017, https://arxiv.org/abs/1706.08500.
    /// </summary>
    public double? DiscriminatorLearningRate { get; init; }

    /// <summary>How the learning rates change: <c>constant</c>, or <c>linear</c> or <c>cosine</c> down to 0 at the end. The default is <c>constant</c>.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Over how many thousand images the learning rates rise from 0 in the beginning. The default is 0.</summary>
    public double WarmupKimg { get; init; }

    /// <summary>Adam's decay of the gradients' mean, 0 … 1. The default is 0.5, as in the DCGAN paper.</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Adam's decay of the squared gradients' mean, 0 … 1. The default is 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What part of each weight is added to its gradient (L2), 0 or above. The default is 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The largest Euclidean norm of a player's gradient; a longer one is shortened to it. The default is 0: as long as it is.</summary>
    public double GradientClip { get; init; }

    /// <summary>
    /// How far below 1 the discriminator's target for real images is (one-sided label smoothing: T. Salimans et al.,
    /// 2016, https://arxiv.org/abs/1606.03498), 0 to below 1, for losses of probabilities. The default is 0.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether the discriminator compares the images of a batch (T. Salimans et al., 2016). StyleGAN2 has a way of its own, always. The default is false.</summary>
    public bool MinibatchDiscrimination { get; init; }

    /// <summary>StyleGAN2: layers of the mapping network, 1 … 16. The default is 8, as in the paper.</summary>
    public int MappingLayers { get; init; } = 8;

    /// <summary>StyleGAN2: the part of training's images that are made of two latents, 0 … 1. The default is 0.9, as in the paper.</summary>
    public double StyleMixing { get; init; } = 0.9;

    /// <summary>
    /// After how many thousand images the generator's exponential moving average has forgotten half of a weight.
    /// The default is 10, as in Karras et al. 2020.
    /// </summary>
    public double AverageHalfLifeKimg { get; init; } = 10;

    /// <summary>How often progress is written, samples are drawn and a checkpoint is saved, in thousands of images. The default is 10.</summary>
    public int TickKimg { get; init; } = 10;

    /// <summary>How presets, run folders and checkpoints write these options.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
    };

    /// <summary>Whether labels are used.</summary>
    [JsonIgnore]
    public bool IsConditional => Condition != "none";

    /// <summary>Real images shown per step of the generator.</summary>
    [JsonIgnore]
    public int ImagesPerStep => BatchSize * DiscriminatorSteps;

    /// <summary>Whether anything depends on how long training takes in all, so that it can't be made longer.</summary>
    [JsonIgnore]
    internal bool DependsOnLength => Schedule != "constant" || AugmentationSpecs.Any(a => a.Name == "instance-noise");

    /// <summary>Whether half of the real images are mirrored.</summary>
    [JsonIgnore]
    internal bool Flips => AugmentationSpecs.Any(a => a.Name == "flip");

    /// <summary><see cref="Regularizers"/>, read. Only for valid options.</summary>
    [JsonIgnore]
    internal IReadOnlyList<RegularizerSpec> RegularizerSpecs => [.. Split(Regularizers).Select(RegularizerSpec.Parse)];

    /// <summary><see cref="Augmentations"/>, read. Only for valid options.</summary>
    [JsonIgnore]
    internal IReadOnlyList<AugmentationSpec> AugmentationSpecs => [.. Split(Augmentations).Select(AugmentationSpec.Parse)];

    /// <summary>Checks every value that can be checked without the data.</summary>
    /// <exception cref="TrainingException">Values are out of range, or don't go together; the message lists them all.</exception>
    public void Validate()
    {
        var errors = TrainingOptionsRules.Errors(this).ToArray();
        if (errors.Length > 0)
            throw new TrainingException($"These options can't be used: {string.Join("; ", errors)}.");
    }

    /// <summary>What networks are built from.</summary>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="classes">How many classes there are.</param>
    internal NetworkShape Shape(int channels, int classes) => new(Size, channels, LatentSize, Width)
    {
        Condition = Enum.Parse<Conditioning>(Condition, ignoreCase: true),
        Classes = IsConditional ? classes : 0,
        SpectralNorm = RegularizerSpecs.Any(r => r.Regularizer.IsLayer),
        DiscriminatorNorm = !RegularizerSpecs.Any(r => r.Regularizer.NeedsIndependentImages),
        MinibatchDiscrimination = MinibatchDiscrimination,
        MappingLayers = MappingLayers,
        StyleMixing = StyleMixing,
    };

    /// <summary>Whether two say the same.</summary>
    internal static bool Same(TrainingOptions a, TrainingOptions b) => JsonSerializer.Serialize(a, Json) == JsonSerializer.Serialize(b, Json);

    internal static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
