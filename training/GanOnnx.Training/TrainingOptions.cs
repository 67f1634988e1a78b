using System.Text.Json;
using System.Text.Json.Serialization;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;

namespace GanOnnx.Training;

/// <summary>What decides a training run's result, apart from its data. Presets are JSON files of it.</summary>
public sealed record TrainingOptions
{
    /// <summary>The networks, a name of <see cref="Architectures"/>. The default is <c>dcgan</c>.</summary>
    public string Architecture { get; init; } = "dcgan";

    /// <summary>The loss, a name of <see cref="GanLosses"/>. The default is <c>non-saturating</c>.</summary>
    public string Loss { get; init; } = "non-saturating";

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

    /// <summary>How long to train, in thousands of real images shown. The default is 1000.</summary>
    public int Kimg { get; init; } = 1000;

    /// <summary>Where latents, the data's order and the first weights come from. The default is 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Adam's step size for both players, above 0. The default is 0.0002, as in the DCGAN paper.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Adam's decay of the gradients' mean, 0 … 1. The default is 0.5, as in the DCGAN paper.</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Adam's decay of the squared gradients' mean, 0 … 1. The default is 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

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

    /// <summary>Checks every value that can be checked without the data.</summary>
    /// <exception cref="TrainingException">Values are out of range; the message lists them all.</exception>
    public void Validate()
    {
        List<string> errors = [];
        void Require(bool holds, string sentence)
        {
            if (!holds)
                errors.Add(sentence);
        }

        if (Architectures.Find(Architecture) is not { } architecture)
            errors.Add($"there is no architecture '{Architecture}'; there are: {string.Join(", ", Architectures.Names)}");
        else
            Require(architecture.Sizes.Contains(Size), $"{Architecture} makes images of {string.Join(" or ", architecture.Sizes)} pixels, not {Size}");
        Require(GanLosses.Find(Loss) is not null, $"there is no loss '{Loss}'; there are: {string.Join(", ", GanLosses.Names)}");
        Require(Channels is null or 1 or 3, $"images have 1 or 3 channels, not {Channels}");
        Require(LatentSize is >= 1 and <= 4096, $"the latent size is 1 to 4096, not {LatentSize}");
        Require(Width is >= 1 and <= 1024, $"the width is 1 to 1024, not {Width}");
        Require(BatchSize is >= 2 and <= 4096, $"the batch size is 2 to 4096, not {BatchSize}");
        Require(Kimg >= 1, $"training takes 1 kimg or more, not {Kimg}");
        Require(TickKimg >= 1, $"a tick takes 1 kimg or more, not {TickKimg}");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), $"the learning rate is above 0, not {LearningRate}");
        Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, $"Adam's betas are 0 to below 1, not {Beta1} and {Beta2}");
        Require(AverageHalfLifeKimg > 0 && double.IsFinite(AverageHalfLifeKimg), $"the average's half-life is above 0 kimg, not {AverageHalfLifeKimg}");
        if (errors.Count > 0)
            throw new TrainingException($"These options can't be used: {string.Join("; ", errors)}.");
    }
}
