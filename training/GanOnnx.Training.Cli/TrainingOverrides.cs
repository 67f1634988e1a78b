using System.CommandLine;
using System.Text.Json;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;

namespace GanOnnx.Training.Cli;

/// <summary>The command line's training options, laid over a preset's or a checkpoint's.</summary>
internal static class TrainingOverrides
{
    private static readonly TrainingOptions _defaults = new();

    private static readonly Option<string> _config = new("--config") { Description = "A preset's name or a JSON file of options; other options go before it." };
    private static readonly Option<string> _arch = new("--arch") { Description = $"The networks: {string.Join(", ", Architectures.Names)}." };
    private static readonly Option<string> _loss = new("--loss") { Description = $"The loss: {string.Join(", ", GanLosses.Names)}." };
    private static readonly Option<int?> _size = new("--size") { Description = $"Height and width in pixels: 32 or 64. The default is {_defaults.Size}." };
    private static readonly Option<int?> _channels = new("--channels") { Description = "1 (grey) or 3 (colour). The default is 1 for IDX files and digits, 3 for image files." };
    private static readonly Option<int?> _latent = new("--latent") { Description = $"Values per latent. The default is {_defaults.LatentSize}." };
    private static readonly Option<int?> _width = new("--width") { Description = $"Channels of the layers at the largest size. The default is {_defaults.Width}." };
    private static readonly Option<int?> _kimg = new("--kimg") { Description = $"How long to train, in thousands of real images. The default is {_defaults.Kimg}." };
    private static readonly Option<int?> _batch = new("--batch") { Description = $"Real images per step. The default is {_defaults.BatchSize}." };
    private static readonly Option<ulong?> _seed = new("--seed") { Description = $"Where all randomness comes from. The default is {_defaults.Seed}." };
    private static readonly Option<double?> _lr = new("--lr") { Description = $"Adam's learning rate. The default is {_defaults.LearningRate}." };
    private static readonly Option<int?> _tick = new("--tick") { Description = $"Save a checkpoint and samples every so many thousand images. The default is {_defaults.TickKimg}." };

    public static IReadOnlyList<Option> Options { get; } = [_config, _arch, _loss, _size, _channels, _latent, _width, _kimg, _batch, _seed, _lr, _tick];

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
            Size = parsed.GetValue(_size) ?? options.Size,
            Channels = parsed.GetValue(_channels) ?? options.Channels,
            LatentSize = parsed.GetValue(_latent) ?? options.LatentSize,
            Width = parsed.GetValue(_width) ?? options.Width,
            Kimg = parsed.GetValue(_kimg) ?? options.Kimg,
            BatchSize = parsed.GetValue(_batch) ?? options.BatchSize,
            Seed = parsed.GetValue(_seed) ?? options.Seed,
            LearningRate = parsed.GetValue(_lr) ?? options.LearningRate,
            TickKimg = parsed.GetValue(_tick) ?? options.TickKimg,
        };
    }

    private static TrainingOptions Preset(string nameOrPath)
    {
        var presets = Path.Combine(AppContext.BaseDirectory, "configs");
        var path = File.Exists(nameOrPath) ? nameOrPath : Path.Combine(presets, nameOrPath + ".json");
        if (!File.Exists(path))
            throw new TrainingException($"There is no preset '{nameOrPath}' and no such file; there are the presets {string.Join(", ", Directory.GetFiles(presets, "*.json").Select(Path.GetFileNameWithoutExtension).Order())}.");
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
