using System.CommandLine;
using System.Text.Json;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;

namespace GanOnnx.Training.Cli;

/// <summary>The command line's training options, laid over a preset's or a checkpoint's.</summary>
internal static class TrainingOverrides
{
    private static readonly TrainingOptions _defaults = new();
    private static readonly string _presets = Path.Combine(AppContext.BaseDirectory, "configs");

    private static readonly Option<string> _config = new("--config") { Description = "A preset's name or a JSON file of options; other options go before it." };
    private static readonly Option<string> _arch = new("--arch") { Description = $"The networks: {string.Join(", ", Architectures.Names)}. The default is {_defaults.Architecture}." };
    private static readonly Option<string> _loss = new("--loss") { Description = $"The loss: {string.Join(", ", GanLosses.Names)}. The default is {_defaults.Loss}." };
    private static readonly Option<string> _reg = new("--reg") { Description = $"Regularizers, as r1:10/16,path-length (weight 10, every 16th step): {string.Join(", ", GanRegularizers.Names)}." };
    private static readonly Option<string> _augment = new("--augment") { Description = $"Augmentations, as flip,diff: {string.Join(", ", GanAugmentations.Names)}." };
    private static readonly Option<string> _condition = new("--condition") { Description = "How labels get in: none, concat, projection, or for stylegan2 mapping. The default is none." };
    private static readonly Option<string> _classNames = new("--class-names") { Description = "The classes' names in label order, separated by commas. The default is the folders' names, or numbers." };
    private static readonly Option<int?> _size = new("--size") { Description = $"Height and width in pixels. The default is {_defaults.Size}." };
    private static readonly Option<int?> _channels = new("--channels") { Description = "1 (grey) or 3 (colour). The default is 1 for IDX files and digits, 3 for image files." };
    private static readonly Option<int?> _latent = new("--latent") { Description = $"Values per latent. The default is {_defaults.LatentSize}." };
    private static readonly Option<int?> _width = new("--width") { Description = $"Channels of the layers at the largest size. The default is {_defaults.Width}." };
    private static readonly Option<int?> _mappingLayers = new("--mapping-layers") { Description = $"stylegan2: layers of the mapping network. The default is {_defaults.MappingLayers}." };
    private static readonly Option<double?> _styleMixing = new("--style-mixing") { Description = $"stylegan2: part of training's images made of two latents. The default is {_defaults.StyleMixing}." };
    private static readonly Option<bool?> _minibatch = new("--minibatch-discrimination") { Description = "The discriminator compares the images of a batch." };
    private static readonly Option<int?> _kimg = new("--kimg") { Description = $"How long to train, in thousands of real images. The default is {_defaults.Kimg}." };
    private static readonly Option<int?> _batch = new("--batch") { Description = $"Real images per step. The default is {_defaults.BatchSize}." };
    private static readonly Option<ulong?> _seed = new("--seed") { Description = $"Where all randomness comes from. The default is {_defaults.Seed}." };
    private static readonly Option<double?> _lr = new("--lr") { Description = $"Adam's learning rate. The default is {_defaults.LearningRate}." };
    private static readonly Option<double?> _discriminatorLr = new("--d-lr") { Description = "The discriminator's learning rate. The default is --lr's." };
    private static readonly Option<int?> _discriminatorSteps = new("--d-steps") { Description = $"Steps of the discriminator for each of the generator. The default is {_defaults.DiscriminatorSteps}." };
    private static readonly Option<string> _schedule = new("--schedule") { Description = $"The learning rates in time: {string.Join(", ", LearningRateSchedule.Names)}. The default is {_defaults.Schedule}." };
    private static readonly Option<double?> _warmup = new("--warmup") { Description = "Thousands of images over which the learning rates rise from 0. The default is 0." };
    private static readonly Option<double?> _decay = new("--weight-decay") { Description = "Part of each weight that is added to its gradient. The default is 0." };
    private static readonly Option<double?> _clip = new("--clip") { Description = "The largest norm of a player's gradient. The default is 0: as long as it is." };
    private static readonly Option<double?> _smoothing = new("--label-smoothing") { Description = "How far below 1 the target of real images is. The default is 0." };
    private static readonly Option<double?> _average = new("--ema") { Description = $"Half-life of the averaged generator, in thousands of images. The default is {_defaults.AverageHalfLifeKimg}." };
    private static readonly Option<int?> _tick = new("--tick") { Description = $"Save a checkpoint and samples every so many thousand images. The default is {_defaults.TickKimg}." };

    public static IReadOnlyList<Option> Options { get; } =
    [
        _config, _arch, _loss, _reg, _augment, _condition, _classNames, _size, _channels, _latent, _width, _mappingLayers, _styleMixing, _minibatch,
        _kimg, _batch, _seed, _lr, _discriminatorLr, _discriminatorSteps, _schedule, _warmup, _decay, _clip, _smoothing, _average, _tick,
    ];

    /// <param name="resumeFrom">The run whose options are the base, or null to begin from a preset or the defaults.</param>
    public static TrainingOptions Read(ParseResult parsed, string? resumeFrom)
    {
        var options = parsed.GetValue(_config) is { } config ? Preset(config)
            : resumeFrom is not null ? TrainingLoop.OptionsOf(resumeFrom)
            : new TrainingOptions();
        return options with
        {
            Architecture = parsed.GetValue(_arch) ?? options.Architecture,
            Loss = parsed.GetValue(_loss) ?? options.Loss,
            Regularizers = parsed.GetValue(_reg) ?? options.Regularizers,
            Augmentations = parsed.GetValue(_augment) ?? options.Augmentations,
            Condition = parsed.GetValue(_condition) ?? options.Condition,
            ClassNames = parsed.GetValue(_classNames) ?? options.ClassNames,
            Size = parsed.GetValue(_size) ?? options.Size,
            Channels = parsed.GetValue(_channels) ?? options.Channels,
            LatentSize = parsed.GetValue(_latent) ?? options.LatentSize,
            Width = parsed.GetValue(_width) ?? options.Width,
            MappingLayers = parsed.GetValue(_mappingLayers) ?? options.MappingLayers,
            StyleMixing = parsed.GetValue(_styleMixing) ?? options.StyleMixing,
            MinibatchDiscrimination = parsed.GetValue(_minibatch) ?? options.MinibatchDiscrimination,
            Kimg = parsed.GetValue(_kimg) ?? options.Kimg,
            BatchSize = parsed.GetValue(_batch) ?? options.BatchSize,
            Seed = parsed.GetValue(_seed) ?? options.Seed,
            LearningRate = parsed.GetValue(_lr) ?? options.LearningRate,
            DiscriminatorLearningRate = parsed.GetValue(_discriminatorLr) ?? options.DiscriminatorLearningRate,
            DiscriminatorSteps = parsed.GetValue(_discriminatorSteps) ?? options.DiscriminatorSteps,
            Schedule = parsed.GetValue(_schedule) ?? options.Schedule,
            WarmupKimg = parsed.GetValue(_warmup) ?? options.WarmupKimg,
            WeightDecay = parsed.GetValue(_decay) ?? options.WeightDecay,
            GradientClip = parsed.GetValue(_clip) ?? options.GradientClip,
            LabelSmoothing = parsed.GetValue(_smoothing) ?? options.LabelSmoothing,
            AverageHalfLifeKimg = parsed.GetValue(_average) ?? options.AverageHalfLifeKimg,
            TickKimg = parsed.GetValue(_tick) ?? options.TickKimg,
        };
    }

    /// <summary>The presets' names.</summary>
    public static IReadOnlyList<string> Presets =>
        [.. Directory.GetFiles(_presets, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>A preset's options.</summary>
    /// <exception cref="TrainingException">There is no such preset or file, or it can't be read.</exception>
    public static TrainingOptions Preset(string nameOrPath)
    {
        // A preset goes before a file of its name: the repository's own script is called gan, as a preset is.
        var path = Presets.Contains(nameOrPath) ? Path.Combine(_presets, nameOrPath + ".json") : nameOrPath;
        if (!File.Exists(path))
            throw new TrainingException($"There is no preset '{nameOrPath}' and no such file; there are the presets {string.Join(", ", Presets)}.");
        try
        {
            return JsonSerializer.Deserialize<TrainingOptions>(File.ReadAllText(path), TrainingOptions.Json)
                ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new TrainingException($"'{path}' can't be read as training options: {e.Message}", e);
        }
    }
}
