using System.Globalization;
using GanOnnx.Inference;

namespace GanOnnx.Sets;

/// <summary>
/// A large set of generated images, in numbered files of a size. It is the same in all of its manifests, and decides each image, whoever
/// makes it: image i is that of the seed and index i.
/// </summary>
internal sealed record SetDescription
{
    public const long MostImages = 1_000_000_000_000;
    public const int MostPerFile = 1_000_000, MostFiles = 1_000_000;

    private const int LeastDigits = 5;

    /// <summary>The model's name, and the SHA-256 of its file.</summary>
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    /// <summary>The license of the model; null where it has none.</summary>
    public string? License { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>How many images there are in all.</summary>
    public required long Count { get; init; }

    /// <summary>How many are in a file; the last may have fewer.</summary>
    public required int ImagesPerFile { get; init; }

    /// <summary>One of <see cref="SetFormat.Names"/>.</summary>
    public required string Format { get; init; }

    /// <summary>What pictures are: <c>png</c>, <c>jpg</c> or <c>webp</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>The images' labels, one after the other and again; null where the model takes none.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>What else all images are asked for; null where it isn't.</summary>
    public string? Prompt { get; init; }

    public string? Truncation { get; init; }

    public string? TruncationCutoff { get; init; }

    /// <summary>How many files there are.</summary>
    public long Files => (Count + ImagesPerFile - 1) / ImagesPerFile;

    /// <summary>The name of a file, or a folder.</summary>
    public string NameOf(long file)
    {
        var digits = Math.Max(LeastDigits, (Files - 1).ToString(CultureInfo.InvariantCulture).Length);
        return file.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0') + SetFormat.ExtensionOf(Format);
    }

    /// <summary>The images of a file.</summary>
    public (long First, int Count) RangeOf(long file) =>
        (file * ImagesPerFile, (int)Math.Min(ImagesPerFile, Count - file * ImagesPerFile));

    /// <summary>An image.</summary>
    /// <exception cref="ModelException">The model doesn't take it.</exception>
    public Sample SampleOf(long index, ModelDescription model)
    {
        var sample = new Sample(Seed, (ulong)index, Labels is { Count: > 0 } labels ? labels[(int)(index % labels.Count)] : null);
        if (Prompt is { } prompt)
            sample = model.Ask(sample, "prompt", prompt);
        if (Truncation is { } truncation)
            sample = model.Ask(sample, "truncation", truncation);
        return TruncationCutoff is { } cutoff ? model.Ask(sample, "truncationCutoff", cutoff) : sample;
    }

    /// <summary>What an image's picture is called, without an ending.</summary>
    public string PictureOf(long index) => PictureOf(new Sample(Seed, (ulong)index));

    /// <summary>The same of any image.</summary>
    public static string PictureOf(Sample sample) => $"seed{sample.Seed:0000}-{sample.Index:000000}";

    /// <summary>What is wrong with it, if somebody else wrote it.</summary>
    public string? Fault() =>
        Count is < 1 or > MostImages ? $"{Count} images"
        : ImagesPerFile is < 1 or > MostPerFile ? $"{ImagesPerFile} images per file"
        : Files > MostFiles ? $"{Files} files"
        : !SetFormat.Names.Contains(Format) ? $"the format '{Format}'"
        : !SetFormat.Encodings.Contains(Encoding) ? $"the encoding '{Encoding}'"
        : Labels is { Count: 0 } ? "no labels" : null;

    /// <summary>In what a description differs from another, or null.</summary>
    public string? DifferenceTo(SetDescription other)
    {
        var differences = from property in typeof(SetDescription).GetProperties()
                          where property.CanWrite && property.Name is not (nameof(Model) or nameof(License))
                          let pair = (Shown(property.GetValue(this)), Shown(property.GetValue(other)))
                          where pair.Item1 != pair.Item2
                          select $"{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]} {pair.Item2} for {pair.Item1}";
        return differences.FirstOrDefault();
    }

    private static string Shown(object? value) => value switch
    {
        null => "none",
        IReadOnlyList<int> labels => string.Join(',', labels),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
