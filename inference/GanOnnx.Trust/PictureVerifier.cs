using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Trust;

/// <summary>Checks what a picture says of its origin: reads its marks, compares them, and makes the image again.</summary>
/// <param name="models">Finds models.</param>
/// <param name="ownCertificate">The one of this user; null where there is none.</param>
/// <param name="detector">Looks at pictures that say nothing; null where there is none.</param>
/// <param name="stop">Ends it.</param>
internal sealed class PictureVerifier(IModels models, ReadOnlyMemory<byte>? ownCertificate, Lazy<PictureDetector?>? detector,
    CancellationToken stop)
{
    /// <summary>The most pixels of a picture.</summary>
    public long MaxPixels { get; init; } = ImageReader.DefaultMaxPixels;

    /// <summary>Checks one picture, which may be anybody's.</summary>
    public VerifiedPicture Verify(string path)
    {
        var reasons = new List<string>();
        FoundCredentials? credentials = null;
        Image<Rgba32>? picture = null;
        try
        {
            credentials = Marks.ReadCredentials(path, ownCertificate);
            var xmp = Provenance.Read(path);
            picture = ImageReader.ReadWhole(path, MaxPixels);
            return Judge(path, picture, xmp, credentials, reasons);
        }
        catch (ImageException e)
        {
            reasons.AddRange(credentials?.Problems.Select(problem => $"signature: {problem.Message}") ?? []);
            reasons.Add(e.Message);
            var verdict = credentials is null ? Verdict.Unreadable : Verdict.Contradicted;
            return new(path, verdict, reasons, null, credentials, null, [], null, null);
        }
        finally
        {
            picture?.Dispose();
        }
    }

    private VerifiedPicture Judge(string path, Image<Rgba32> picture, Provenance? xmp, FoundCredentials? credentials, List<string> reasons)
    {
        var claimed = Marks.Claimed(xmp, credentials);
        var watermark = ReadWatermark(picture);
        List<string> contradictions =
        [
            .. Marks.Contradictions(xmp, credentials),
            .. Contradictions(claimed, watermark),
        ];
        reasons.AddRange(Marks.Told(xmp, credentials));
        TellWatermark(claimed, watermark, reasons);
        reasons.AddRange(contradictions.Select(contradiction => $"contradiction: {contradiction}."));
        if (claimed is null && credentials is null && watermark is null)
        {
            var detection = detector?.Value is { } network ? FoundDetection.Of(network.Look(picture), network.Limits) : null;
            if (detection is not null)
                reasons.Add(detection.Sentence);
            return new(path, Verdict.Unmarked, reasons, null, null, null, contradictions, null, null) { Detection = detection };
        }
        if (claimed is null)
            return new(path, credentials is null ? Verdict.Unproven : credentials.Holds ? Verdict.Unchanged : Verdict.Contradicted, reasons,
                xmp, credentials, watermark, contradictions, null, null);

        var (likeness, model, reason) = MakeAgain(claimed, picture, path);
        reasons.Add(reason);
        var isBroken = credentials is { Holds: false } || contradictions.Count > 0 || likeness is { IsThatImage: false };
        return new(path, isBroken ? Verdict.Contradicted : likeness is not null ? Verdict.Holds
            : credentials is not null ? Verdict.Unchanged : Verdict.Unproven, reasons, xmp, credentials, watermark, contradictions, model,
                likeness);
    }

    // Where nothing says that there is one, it may have come along with a picture that went through a model.
    private static IEnumerable<string> Contradictions(Provenance? claimed, FoundWatermark? watermark) =>
        claimed is { Watermark: not null, ModelSha256: { } sha256 } && watermark is not null
            && !sha256.StartsWith(watermark.Payload, StringComparison.OrdinalIgnoreCase)
            ? [$"Watermark: the pixels say {watermark.Payload}, the model that is named begins with {sha256[..Math.Min(8, sha256.Length)]}"]
            : [];

    private FoundWatermark? ReadWatermark(Image<Rgba32> picture)
    {
        if (Watermark.Read(picture) is not var (payload, agreement, scale))
            return null;
        var text = payload.ToString("x8", CultureInfo.InvariantCulture);
        return new(text, agreement, scale, models.PathOf(text));
    }

    private static void TellWatermark(Provenance? claimed, FoundWatermark? watermark, List<string> reasons)
    {
        if (watermark is not null)
            reasons.Add($"watermark: {watermark.Payload}, "
                + (watermark.Model is { } model ? $"that of '{model}'" : "of no model known here; name it or its folder with --model")
                + (watermark.Scale == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", in {watermark.Scale:0.##} times its size"))
                + ": anyone can put that in.");
        else if (claimed?.Watermark is not null)
            reasons.Add("watermark: none can be read, and there was one.");
    }

    private (Likeness? Likeness, string? Model, string Reason) MakeAgain(Provenance claimed, Image<Rgba32> picture, string path)
    {
        if (claimed.ModelSha256 is not { } sha256)
            return (null, null, "made again: no, no model is named.");
        try
        {
            if (claimed.DigitalSourceType != Provenance.TrainedAlgorithmicMedia || claimed.Seeds is null)
                return (null, null, "made again: no, it was made of another picture.");
            if (models.Find(sha256) is not { } generator)
                return (null, null, $"made again: no, the model with SHA-256 {sha256} isn't here; name it or its folder with --model.");
            var likeness = Remaking.Compare(generator, claimed, picture, path, stop);
            return (likeness, generator.Model.Path, $"made again: {likeness.Sentence}");
        }
        catch (Exception e) when (e is UsageException or ModelException or RemakeException or ImageException)
        {
            return (null, null, $"made again: no. {e.Message}");
        }
    }
}
