using System.Text.Json.Serialization;

namespace GanOnnx.Data;

/// <summary>What a run trains on, as it is told at the start.</summary>
public sealed record DataSummary
{
    /// <summary>What people call the data.</summary>
    public required string Name { get; init; }

    /// <summary>How many images there are. Damaged ones are among them until they are decoded.</summary>
    public required int Images { get; init; }

    /// <summary>What they are called: <c>images</c>, <c>recordings</c> or <c>clips</c>.</summary>
    [JsonIgnore]
    public string Things { get; init; } = "images";

    /// <summary>The classes in label order with the number of their images; none where the data has no labels.</summary>
    public IReadOnlyList<ClassCount> Classes { get; init; } = [];

    /// <summary>The files that are no part of the data, each reason once.</summary>
    public IReadOnlyList<LeftOutFiles> LeftOut { get; init; } = [];

    /// <summary>The smallest image's pixels, by their number. The default is null: not known.</summary>
    public PictureSize? Smallest { get; init; }

    /// <summary>The largest image's pixels, by their number. The default is null: not known.</summary>
    public PictureSize? Largest { get; init; }

    /// <summary>What becomes of images of another size, as <c>cropped to a square of 64 px</c>. The default is empty: nothing.</summary>
    public string Fitted { get; init; } = "";

    /// <summary>What is to be known of the labels, as <c>labels from dataset.json</c>. The default is null: nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>What has changed since the run began that goes on without it. The default is null: nothing.</summary>
    public string? Changed { get; init; }

    /// <summary>Of a source that is open.</summary>
    /// <param name="source">The source.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="margin">See <see cref="ImageDataset.Margin"/>.</param>
    internal static DataSummary Of(IImageSource source, int size, int margin = 0)
    {
        var described = source as IDescribed;
        var sizes = described?.Sizes;
        var fitted = described?.Fitted(size + margin) ?? "";
        return new DataSummary
        {
            Name = source.Name,
            Images = source.Count,
            Things = source is IRecordings ? "recordings" : source is IClips ? "clips" : "images",
            Classes = Count(source.Classes, Enumerable.Range(0, source.Count).Select(source.LabelOf)),
            LeftOut = described?.LeftOut.Reasons ?? [],
            Smallest = sizes?.Smallest,
            Largest = sizes?.Largest,
            Fitted = margin == 0 ? fitted
                : $"{(fitted.Length > 0 ? fitted : $"{size + margin} px a side")}, of which {size} px are cut out at random",
            Remark = described?.Remark,
        };
    }

    /// <summary>Of images that a run keeps.</summary>
    internal static DataSummary Of(ImageDataset data, string? changed = null) => new()
    {
        Name = data.Name,
        Images = data.Count,
        Things = data.Sound is not null ? "recordings" : data.Frames is not null ? "clips" : "images",
        Classes = Count(data.Classes, data.Labels),
        Changed = changed,
    };

    private static ClassCount[] Count(IReadOnlyList<string> classes, IEnumerable<int> labels)
    {
        var counts = new int[classes.Count];
        foreach (var label in labels)
            if (label >= 0 && label < counts.Length)
                counts[label]++;
        return [.. classes.Zip(counts, (name, images) => new ClassCount(name, images))];
    }
}

/// <summary>A class and how many images it has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Images">How many images have it as their label.</param>
public sealed record ClassCount(string Name, int Images);
