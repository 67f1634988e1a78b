using GanOnnx.Imaging;

namespace GanOnnx.Training.Data;

/// <summary>How a data source is read.</summary>
/// <param name="Split">The part that is meant where the data is divided into some; null where none is asked for.</param>
/// <param name="Fit">How pictures become squares.</param>
internal sealed record DataOptions(string? Split = null, ImageFit Fit = ImageFit.Crop)
{
    /// <summary>What a run asks for.</summary>
    public static DataOptions Of(TrainingOptions options) => new(options.Split, Enum.Parse<ImageFit>(options.Fit, ignoreCase: true));
}
