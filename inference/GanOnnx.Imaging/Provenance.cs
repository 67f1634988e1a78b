using System.Globalization;
using System.Text.Json;
using GanOnnx.Imaging.Decoding;
using GanOnnx.Imaging.Metadata;
using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.Imaging;

/// <summary>
/// Where a picture comes from, as written into its XMP metadata: machine-readable marking as generated (IPTC digital source
/// type), and what is needed to make the picture again.
/// </summary>
public sealed record Provenance
{
    /// <summary>The IPTC term for pictures made by a trained model.</summary>
    public const string TrainedAlgorithmicMedia = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    /// <summary>The IPTC term for real pictures edited by a trained model.</summary>
    public const string CompositeWithTrainedAlgorithmicMedia =
        "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

    private const string Program = "GanOnnx";

    private static readonly string _thisTool =
        $"{Program} {typeof(Provenance).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>How the picture came about, a term of the IPTC digital source type vocabulary
    /// (<c>Iptc4xmpExt:DigitalSourceType</c>).</summary>
    /// <value>The default is <see cref="TrainedAlgorithmicMedia"/>.</value>
    public string? DigitalSourceType { get; init; } = TrainedAlgorithmicMedia;

    /// <summary>The program and its version (<c>xmp:CreatorTool</c>).</summary>
    /// <value>The default is GanOnnx and its version.</value>
    public string? CreatorTool { get; init; } = _thisTool;

    /// <summary>Whether GanOnnx says that it made the file, so that it is ours to replace.</summary>
    internal bool IsOurs => CreatorTool?.StartsWith($"{Program} ", StringComparison.Ordinal) == true;

    /// <summary>The model's name (<c>gan:Model</c>).</summary>
    public string? Model { get; init; }

    /// <summary>The SHA-256 of what was loaded of the model, in hexadecimal, see <see cref="ModelDescription.Sha256"/>
    /// (<c>gan:ModelSha256</c>).</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>The seed, or the seeds of a grid in the order of its images, such as <c>7</c> or <c>0,4-6</c> (<c>gan:Seeds</c>).</summary>
    public string? Seeds { get; init; }

    /// <summary>Which image or images of the seed these are, counted from 0, such as <c>0-63</c> (<c>gan:Indices</c>).</summary>
    public string? Indices { get; init; }

    /// <summary>
    /// Which frame or frames of how many these are on a walk from seed to seed, counted from 0, such as <c>7 of 60</c>, <c>0-59 of 60</c>,
    /// or
    /// <c>0-59 of 60, open</c> where the walk ends at the last seed (<c>gan:Frames</c>).
    /// </summary>
    public string? Frames { get; init; }

    /// <summary>The class that was asked for, by number, or those that a grid's images have in turn, such as <c>0,1,2</c>
    /// (<c>gan:Label</c>).</summary>
    public string? Label { get; init; }

    /// <summary>The prompt that was asked for, or those that a grid's images have in turn, a JSON array (<c>gan:Prompt</c>).</summary>
    public string? Prompt { get; init; }

    /// <summary>The truncation that was asked for (<c>gan:Truncation</c>).</summary>
    public string? Truncation { get; init; }

    /// <summary>The layer from which on truncation doesn't count, as asked for (<c>gan:TruncationCutoff</c>).</summary>
    public string? TruncationCutoff { get; init; }

    /// <summary>
    /// The seed whose image 0 gives its style from a layer on, such as <c>7:3</c>, or the seeds of a table's columns, such as <c>7-10:3</c>
    /// (<c>gan:StyleMix</c>).
    /// </summary>
    public string? StyleMix { get; init; }

    /// <summary>How strong the watermark in the pixels is, <c>weak</c>, <c>normal</c> or <c>strong</c>; null where there is none
    /// (<c>gan:Watermark</c>). Its bits are <see cref="Imaging.Watermark.PayloadOf"/> of <see cref="ModelSha256"/>.</summary>
    public string? Watermark { get; init; }

    /// <summary>The provenance of an image that a model makes: which model and seed, and all that is asked of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sample">The image.</param>
    public static Provenance Of(ModelDescription model, Sample sample) => new Provenance().With(model, sample);

    /// <summary>The same with a model and an image that it makes, in the place of those that it has.</summary>
    /// <inheritdoc cref="Of"/>
    public Provenance With(ModelDescription model, Sample sample)
    {
        ArgumentNullException.ThrowIfNull(model);
        var provenance = this with
        {
            Model = model.Name,
            ModelSha256 = model.Sha256,
            Seeds = sample.Seed.ToString(CultureInfo.InvariantCulture),
            Indices = sample.Index.ToString(CultureInfo.InvariantCulture),
        };
        var asked = model.AskedBy(sample).ToDictionary();
        // Which begins as a list of prompts does.
        if (sample.Prompt is ['[', ..])
            asked["prompt"] = JsonSerializer.Serialize(new[] { sample.Prompt });
        // What can be asked for has a property of the same name.
        foreach (var name in model.Asks)
            typeof(Provenance).GetProperty(char.ToUpperInvariant(name[0]) + name[1..])!.SetValue(provenance, asked.GetValueOrDefault(name));
        return provenance;
    }

    /// <summary>The provenance of a picture that a model makes of another.</summary>
    internal static Provenance OfPicture(ModelDescription model) => new()
    {
        DigitalSourceType = CompositeWithTrainedAlgorithmicMedia,
        Model = model.Name,
        ModelSha256 = model.Sha256,
    };

    /// <summary>What <see cref="Frames"/> says of some frames of a walk.</summary>
    internal static string FramesOf(LatentWalk walk, string frames) => $"{frames} of {walk.Frames}{(walk.IsClosed ? "" : ", open")}";

    /// <summary>Reads what a picture's file says about its origin, whoever wrote it.</summary>
    /// <returns>What is there, null for the rest; null if the file has no digital source type and nothing of GanOnnx.</returns>
    /// <exception cref="ImageException">The file is missing, unreadable or no picture of a known format.</exception>
    public static Provenance? Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = File.OpenRead(path);
            return PictureDecoder.Identify(stream, path).Metadata.XmpProfile is { } xmp ? ProvenanceXmp.Read(xmp.ToByteArray()) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{path}' can't be read: {e.Message}", e);
        }
    }
}
