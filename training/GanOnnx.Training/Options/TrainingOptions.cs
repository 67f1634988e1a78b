using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GanOnnx.Export.Running;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToSound;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>What decides a training run's result, apart from its data. Presets are JSON files of it.</summary>
public sealed record TrainingOptions
{
    /// <summary>What is trained: <c>generate</c>, a GAN that makes images of noise; <c>pix2pix</c> or <c>cyclegan</c>, one that makes
    /// images of images. The default is <c>generate</c>.</summary>
    [TrainingOption("What is trained; without --config, the others begin with the preset of its name", Name = "--task",
        Group = "What is trained", Choice = "task")]
    public string Task { get; init; } = "generate";

    /// <summary>The networks, a name of <see cref="Architectures"/>. The default is <c>dcgan</c>.</summary>
    [TrainingOption("The networks", Name = "--arch", Group = "What is trained", Choice = "architecture")]
    public string Architecture { get; init; } = "dcgan";

    /// <summary>The loss, a name of <see cref="GanLosses"/>. The default is <c>non-saturating</c>.</summary>
    [TrainingOption("The loss", Name = "--loss", Group = "What is trained", Choice = "loss")]
    public string Loss { get; init; } = "non-saturating";

    /// <summary>
    /// What is added to the losses or asked of the weights: names of <see cref="GanRegularizers"/> with their weight and
    /// interval where they aren't the papers', as <c>r1:10/16,path-length</c>. The default is none.
    /// </summary>
    [TrainingOption("Regularizers, as r1:10/16,path-length (weight 10, every 16th step)",
        Name = "--reg", Group = "What is trained", Choice = "regularizer")]
    public string Regularizers { get; init; } = "";

    /// <summary>
    /// What images go through before the discriminator sees them, real and generated ones alike: names of
    /// <see cref="GanAugmentations"/>, as <c>flip,diff:translation+cutout</c>. The default is none.
    /// </summary>
    [TrainingOption("Augmentations, as flip,diff",
        Name = "--augment", CanChange = true, Group = "What is trained", Choice = "augmentation")]
    public string Augmentations { get; init; } = "";

    /// <summary>
    /// How labels get in: <c>none</c>, <c>concat</c>, <c>projection</c> or <c>mapping</c>, or <c>text</c>: captions in the place of labels;
    /// which ones an architecture has, differs. Other than none needs data with labels or captions. The default is <c>none</c>.
    /// </summary>
    [TrainingOption("How labels get in (mapping is for stylegan2), or captions (text)", Name = "--condition", Group = "What is trained", Choice = "condition")]
    public string Condition { get; init; } = "none";

    /// <summary>The classes' names in label order, separated by commas. The default is null: the folders' names, or numbers.</summary>
    [TrainingOption("The classes' names in label order, separated by commas", Name = "--class-names",
        Default = "the folders' names, or numbers")]
    public string? ClassNames { get; init; }

    /// <summary>Which columns of the data's table hold captions, with commas between; an image is shown with one of them at a time. The
    /// default is null: the first that is called caption, text, prompt, description or annotation, or texts beside the pictures.</summary>
    [TrainingOption("For --condition text, the columns of the data's table that hold captions, separated by commas",
        Name = "--captions", Default = "the first called caption, text, prompt, description or annotation; else texts beside the pictures")]
    public string? Captions { get; init; }

    /// <summary>Height and width of the images in pixels. The default is 32.</summary>
    [TrainingOption("Height and width in pixels", Name = "--size")]
    public int Size { get; init; } = 32;

    /// <summary>Colour channels: 1 (grey) or 3 (RGB). The default is null: 1 for IDX files and digits, 3 for image files.</summary>
    [TrainingOption("Color channels, grey or RGB", Name = "--channels", OneOf = [1, 3], Rule = "images have 1 or 3 channels",
        Default = "1 for IDX files and digits, 3 for image files")]
    public int? Channels { get; init; }

    /// <summary>
    /// Which part of the data is trained on where it is divided into some, by its name as <c>train</c>; <c>all</c> for all of them. The
    /// default is null: the data isn't divided.
    /// </summary>
    [TrainingOption("Which part of divided data is meant, as train; all for all of it", Name = "--split")]
    public string? Split { get; init; }

    /// <summary>How pictures that aren't square become it: <c>crop</c>, <c>pad</c> or <c>stretch</c>. The default is <c>crop</c>.</summary>
    [TrainingOption("How pictures become squares", Name = "--fit", Choice = "fit")]
    public string Fit { get; init; } = "crop";

    /// <summary>
    /// Where pictures are pairs side by side, as those of pix2pix's data sets: <c>AtoB</c>, the right half is what the left one shall
    /// become, or <c>BtoA</c>, the other way. The default is null: each picture is one image.
    /// </summary>
    [TrainingOption("For --task pix2pix, each picture is a pair: A in its left half, B in its right one; what to learn",
        Name = "--side-by-side", Choice = "side-by-side")]
    public string? SideBySide { get; init; }

    /// <summary>
    /// What is derived of each image, so that it is the target and this the input: <c>edges</c>, <c>grey</c>, <c>blur</c>,
    /// <c>low-resolution</c> or <c>cutout</c>. The default is null: nothing.
    /// </summary>
    [TrainingOption("For --task pix2pix, each picture is the target of what is derived of it", Name = "--derive",
        Choice = "derivation")]
    public string? Derive { get; init; }

    /// <summary>
    /// How many real images aren't trained on, so that they tell whether the discriminator knows the others by heart; 0 or above. The
    /// default is null: from 160 images on a fiftieth of them, 16 to 500; none of fewer, and of pairs.
    /// </summary>
    [TrainingOption("How many real images aren't trained on, to tell whether the discriminator knows the others by heart",
        Name = "--hold-out", Least = 0, Rule = "{0} images or more are held out",
        Default = "a fiftieth, 16 to 500, from 160 images on; none of pairs")]
    public int? HoldOut { get; init; }

    /// <summary>Values per latent, 1 … 4096. The default is 100.</summary>
    [TrainingOption("Values per latent",
        Name = "--latent", Group = "The networks", Least = 1, Most = 4096, Rule = "the latent size is {0} to {1}")]
    public int LatentSize { get; init; } = 100;

    /// <summary>Channels of the networks' layers at the largest size; each halving doubles them. 1 … 1024. The default is 64.</summary>
    [TrainingOption("Channels of the layers at the largest size", Name = "--width", Group = "The networks", Least = 1, Most = 1024,
        Rule = "the width is {0} to {1}")]
    public int Width { get; init; } = 64;

    /// <summary>Real images per step, 1 … 4096; 2 or more for <c>generate</c>. The default is 64.</summary>
    [TrainingOption("Real images per step",
        Name = "--batch", Group = "How they learn", Least = 1, Most = 4096, Rule = "the batch size is {0} to {1}")]
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// In how many equal parts a batch is computed, each with its own statistics; their gradients are averaged. A power of two that leaves
    /// 2 images or more to each, for <c>generate</c> on a CPU. Several processes can share them: the result is the same to the bit. The
    /// default is 1: the whole batch at once.
    /// </summary>
    [TrainingOption("Parts of a batch that are computed by themselves, for several processes (mpirun) to share: a power of two",
        Name = "--shards", Group = "How they learn", Least = 1, Most = 1024, Rule = "there are {0} to {1} shards")]
    public int Shards { get; init; } = 1;

    /// <summary>Steps of the discriminator for each step of the generator, 1 … 100. The default is 1.</summary>
    [TrainingOption("Steps of the discriminator for each of the generator",
        Name = "--d-steps", Group = "How they learn", Least = 1, Most = 100,
        Rule = "the discriminator takes {0} to {1} steps for each of the generator")]
    public int DiscriminatorSteps { get; init; } = 1;

    /// <summary>How long to train, in thousands of real images shown. The default is 1000.</summary>
    [TrainingOption("How long to train, in thousands of real images",
        Name = "--kimg", CanChange = true, Group = "How long, and what is kept", Least = 1, Rule = "training takes {0} kimg or more")]
    public int Kimg { get; init; } = 1000;

    /// <summary>Where latents, the data's order and the first weights come from. The default is 0.</summary>
    [TrainingOption("Where all randomness comes from", Name = "--seed", Group = "How long, and what is kept")]
    public ulong Seed { get; init; }

    /// <summary>Adam's step size for both players, above 0. The default is 0.0002, as in the DCGAN paper.</summary>
    [TrainingOption("Adam's learning rate", Name = "--lr", CanChange = true, Group = "How they learn", Above = 0,
        Rule = "the learning rate is above {0}")]
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>
    /// Adam's step size for the discriminator, above 0. The default is null: as for the generator. Two rates:
    /// M. Heusel et al., 2017, https://arxiv.org/abs/1706.08500.
    /// </summary>
    [TrainingOption("The discriminator's learning rate", Name = "--d-lr", CanChange = true, Group = "How they learn", Above = 0,
        Rule = "the discriminator's learning rate is above {0}", Default = "the generator's")]
    public double? DiscriminatorLearningRate { get; init; }

    /// <summary>How the learning rates change: <c>constant</c>, or <c>linear</c>, <c>constant-linear</c> (after half of the time) or
    /// <c>cosine</c> down to 0 at the end. The default is <c>constant</c>.</summary>
    [TrainingOption("The learning rates in time", Name = "--schedule", Group = "How they learn", Choice = "schedule")]
    public string Schedule { get; init; } = "constant";

    /// <summary>Over how many thousand images the learning rates rise from 0 in the beginning. The default is 0.</summary>
    [TrainingOption("Thousands of images over which the learning rates rise from 0",
        Name = "--warmup", Group = "How they learn", Least = 0)]
    public double WarmupKimg { get; init; }

    /// <summary>Adam's decay of the gradients' mean, 0 … 1. The default is 0.5, as in the DCGAN paper.</summary>
    [TrainingOption("Adam's decay of the gradients' mean", Name = "--beta1", Group = "How they learn", Least = 0, Below = 1,
        Rule = "Adam's betas are {0} to below {1}")]
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Adam's decay of the squared gradients' mean, 0 … 1. The default is 0.999.</summary>
    [TrainingOption("Adam's decay of the squared gradients' mean", Name = "--beta2", Group = "How they learn", Least = 0, Below = 1,
        Rule = "Adam's betas are {0} to below {1}")]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What part of each weight is added to its gradient (L2), 0 or above. The default is 0.</summary>
    [TrainingOption("Part of each weight that is added to its gradient", Name = "--weight-decay", Group = "How they learn", Least = 0,
        Rule = "the weight decay is {0} or above")]
    public double WeightDecay { get; init; }

    /// <summary>The largest Euclidean norm of a player's gradient; a longer one is shortened to it. The default is 0: as long as it
    /// is.</summary>
    [TrainingOption("The largest norm of a player's gradient", Name = "--clip", CanChange = true, Group = "How they learn", Least = 0,
        Rule = "the gradient's largest norm is {0} (off) or above", Default = "0: as long as it is")]
    public double GradientClip { get; init; }

    /// <summary>In which numbers convolutions and linear layers are computed while a run trains: <c>float32</c>, or <c>bf16</c>, bfloat16,
    /// which some CPUs and GPUs compute faster. Weights, all else, and the model are float32. The default is <c>float32</c>.</summary>
    [TrainingOption("Numbers that convolutions and linear layers compute in", Name = "--precision", CanChange = true,
        Group = "How they learn", Choice = "precision")]
    public string Precision { get; init; } = "float32";

    /// <summary>
    /// How far below 1 the discriminator's target for real images is (one-sided label smoothing: T. Salimans et al.,
    /// 2016, https://arxiv.org/abs/1606.03498), 0 to below 1, for losses of probabilities. The default is 0.
    /// </summary>
    [TrainingOption("How far below 1 the target of real images is",
        Name = "--label-smoothing", Group = "How they learn", Least = 0, Below = 1,
        Rule = "label smoothing is {0} to below {1}")]
    public double LabelSmoothing { get; init; }

    /// <summary>Whether the discriminator compares the images of a batch (T. Salimans et al., 2016). StyleGAN2 has a way of its own,
    /// always. The default is false.</summary>
    [TrainingOption("The discriminator compares the images of a batch", Name = "--minibatch-discrimination", Group = "The networks")]
    public bool MinibatchDiscrimination { get; init; }

    /// <summary>How many of the discriminator's first layers keep the weights of another run that it begins with (FreezeD: S. Mo et al.,
    /// 2020, https://arxiv.org/abs/2002.10964). The default is 0.</summary>
    [TrainingOption("How many of the discriminator's first layers keep the weights that the run begins with",
        Name = "--freeze-discriminator", Group = "How they learn", Least = 0,
        Rule = "{0} layers of the discriminator or more are frozen")]
    public int FrozenLayers { get; init; }

    /// <summary>
    /// After how many thousand images the generator's exponential moving average has forgotten half of a weight.
    /// The default is 10, as in Karras et al. 2020.
    /// </summary>
    [TrainingOption("Half-life of the averaged generator, in thousands of images",
        Name = "--ema", Group = "How long, and what is kept", Above = 0,
        Rule = "the average's half-life is above {0} kimg")]
    public double AverageHalfLifeKimg { get; init; } = 10;

    /// <summary>How often progress is written, samples are drawn and a checkpoint is saved, in thousands of images. The default is
    /// 10.</summary>
    [TrainingOption("Save a checkpoint and samples every so many thousand images",
        Name = "--tick", CanChange = true, Group = "How long, and what is kept", Least = 1,
        Rule = "a tick takes {0} kimg or more")]
    public int TickKimg { get; init; } = 10;

    /// <summary>How often a <see cref="Snapshot"/> is kept, in thousands of images, 0 for never. The default is 50.</summary>
    [TrainingOption("Keep a snapshot every so many thousand images, 0 for none",
        Name = "--snapshot-every", CanChange = true, Group = "How long, and what is kept", Least = 0,
        Rule = "a snapshot is kept every {0} (never) kimg or more")]
    public int SnapshotKimg { get; init; } = 50;

    /// <summary>Figures of the evaluation that are told while training, names of <see cref="GanOnnx.Evaluation.EvaluationMetrics"/> with commas between; by
    /// <c>fd</c> the best snapshot is found. The default is null: none.</summary>
    [TrainingOption("Figures of gan evaluate told while training, as fd,prdc; by fd the best snapshot is found", Name = "--metrics",
        CanChange = true, Group = "How long, and what is kept")]
    public string? Metrics { get; init; }

    /// <summary>How many ticks there are from one evaluation to the next. The default is 5.</summary>
    [TrainingOption("Ticks from one evaluation to the next", Name = "--metrics-every", CanChange = true, Group = "How long, and what is kept",
        Least = 1, Rule = "there is {0} tick or more from one evaluation to the next")]
    public int MetricsEvery { get; init; } = 5;

    /// <summary>How many snapshots are kept, the newest ones, and the best one besides. The default is 4.</summary>
    [TrainingOption("How many snapshots are kept, the best one besides",
        Name = "--snapshots", CanChange = true, Group = "How long, and what is kept", Least = 1, Rule = "{0} snapshot or more is kept")]
    public int Snapshots { get; init; } = 4;

    /// <summary>
    /// Numbers that architectures declare for themselves, by key, as <c>mappingLayers</c> of stylegan2; those of other
    /// architectures than the chosen one aren't looked at. The default is none: their defaults. In JSON they stand among the others.
    /// </summary>
    [JsonExtensionData]
    public Dictionary<string, object> Network { get; init; } = [];

    /// <summary>How presets, run folders and checkpoints write these options.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads options from the JSON of a preset; what it leaves out has its default.</summary>
    /// <exception cref="JsonException">It is no such JSON, or has an option that there isn't.</exception>
    public static TrainingOptions FromJson(string json)
    {
        var options = JsonSerializer.Deserialize<TrainingOptions>(json, Json) ?? throw new JsonException("it is empty");
        var unknown = options.Network.Select(o => o.Key)
            .FirstOrDefault(key => TrainingOption.OfArchitectures.All(option => option.Key != key));
        return unknown is null ? options : throw new JsonException($"there is no option '{unknown}'");
    }

    /// <summary>Whether labels or captions are used.</summary>
    [JsonIgnore]
    public bool IsConditional => Condition != "none";

    /// <summary>Whether images go with captions.</summary>
    [JsonIgnore]
    public bool TakesText => Condition == Conditions.NameOf(Conditioning.Text);

    /// <summary>Real images shown per step of the generator.</summary>
    [JsonIgnore]
    public int ImagesPerStep => BatchSize * DiscriminatorSteps;

    /// <summary>Whether anything depends on how long training takes in all, so that it can't be made longer.</summary>
    [JsonIgnore]
    internal bool DependsOnLength => Schedule != "constant" || AugmentationSpecs.Any(a => GanAugmentations.Find(a.Name)!.DependsOnLength);

    /// <summary>What <see cref="ComputePrecision.Use"/> takes. Only for valid options.</summary>
    [JsonIgnore]
    internal ScalarType? ReducedPrecision => Precision == "bf16" ? ScalarType.BFloat16 : null;

    /// <summary>Whether half of the real images are mirrored.</summary>
    [JsonIgnore]
    internal bool Flips => AugmentationSpecs.Any(a => a.Name == "flip");

    /// <summary>How many rows and columns images are decoded larger by, to be cropped at random: 286 for 256 as in pix2pix's paper, or 0
    /// where they aren't.</summary>
    [JsonIgnore]
    internal int CropMargin => AugmentationSpecs.Any(a => a.Name == "crop") ? (Size * 286 + 255) / 256 - Size : 0;

    /// <summary><see cref="Regularizers"/>, read. Only for valid options.</summary>
    [JsonIgnore]
    internal IReadOnlyList<RegularizerSpec> RegularizerSpecs => [.. SplitList(Regularizers).Select(RegularizerSpec.Parse)];

    /// <summary><see cref="Augmentations"/>, read. Only for valid options.</summary>
    [JsonIgnore]
    internal IReadOnlyList<AugmentationSpec> AugmentationSpecs => [.. SplitList(Augmentations).Select(AugmentationSpec.Parse)];

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
    /// <param name="classes">How many classes there are; of sentences, how many values each has.</param>
    internal NetworkShape Shape(int channels, int classes) => new(Size, channels, LatentSize, Width)
    {
        Condition = Enum.Parse<Conditioning>(Condition, ignoreCase: true),
        Classes = IsConditional && !TakesText ? classes : 0,
        TextSize = TakesText ? classes : 0,
        SpectralNorm = RegularizerSpecs.Any(r => r.Regularizer.IsLayer),
        DiscriminatorNorm = !RegularizerSpecs.Any(r => r.Regularizer.NeedsIndependentImages),
        MinibatchDiscrimination = MinibatchDiscrimination,
        Options = TrainingTasks.NetworkOptionsOf(this).ToDictionary(option => option.Key,
            option => Convert.ToDouble(option.In(this), CultureInfo.InvariantCulture)),
    };

    /// <summary>How long sounds are that are made, as <c>1.02 s at 8,000 Hz</c>; null where images are. Only for valid options.</summary>
    [JsonIgnore]
    internal string? SoundForm => TrainingTasks.Of(this).Medium == TrainingMedium.Sounds
        && NoiseToSoundKind.FormOf(this) is var (samples, rate)
        ? FormattableString.Invariant($"{samples / (double)rate:0.00} s at {rate:#,0} Hz") : null;

    /// <summary>Whether both say the same.</summary>
    public bool Equals(TrainingOptions? other) => other is not null && (ReferenceEquals(this, other) || Text() == other.Text());

    /// <inheritdoc/>
    public override int GetHashCode() => Text().GetHashCode(StringComparison.Ordinal);

    /// <summary>The options with some of them changed.</summary>
    /// <param name="values">New values by <see cref="TrainingOption.Key"/>.</param>
    /// <exception cref="JsonException">A value has another type than its option, or there is no such option.</exception>
    public TrainingOptions With(IEnumerable<KeyValuePair<string, object>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var json = JsonSerializer.SerializeToNode(this, Json)!.AsObject();
        foreach (var (key, value) in values)
            json[key] = JsonSerializer.SerializeToNode(value, Json);
        return json.Deserialize<TrainingOptions>(Json)!;
    }

    /// <summary>The options with all numbers of the chosen architecture, and with none of others.</summary>
    internal TrainingOptions Complete() => this with
    {
        Network = TrainingTasks.NetworkOptionsOf(this).ToDictionary(option => option.Key, option => option.In(this)!),
    };

    private string Text() => JsonSerializer.Serialize(Complete(), Json);

    internal static string[] SplitList(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
