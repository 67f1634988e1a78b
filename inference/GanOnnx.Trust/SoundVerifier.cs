using System.Globalization;
using GanOnnx.Audio;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Trust;

/// <summary>Checks what a WAV file says of its origin: reads its marks, compares them, and makes its sounds again.</summary>
/// <param name="models">Finds models.</param>
/// <param name="ownCertificate">The one of this user; null where there is none.</param>
/// <param name="stop">Ends it.</param>
internal sealed class SoundVerifier(ModelFinder models, ReadOnlyMemory<byte>? ownCertificate, CancellationToken stop)
{
    // What devices and float16 differ by, in steps of 16 bits: -54 dB, half of what a picture's byte is.
    private const int MostSteps = 64;

    /// <summary>Checks one file, which may be anybody's.</summary>
    public VerifiedPicture Verify(string path)
    {
        FoundCredentials? credentials = null;
        try
        {
            credentials = Marks.ReadCredentials(path, ownCertificate);
            return Judge(path, SoundFile.Read(path), SoundFile.ReadProvenance(path), credentials, SoundFile.Ambiguity(path));
        }
        catch (Exception e) when (e is SoundException or ImageException)
        {
            return new(path, credentials is null ? Verdict.Unreadable : Verdict.Contradicted,
                [.. credentials?.Problems.Select(problem => $"signature: {problem.Message}") ?? [], e.Message], null, credentials, null, [],
                null, null);
        }
    }

    private VerifiedPicture Judge(string path, SoundBatch sound, Provenance? xmp, FoundCredentials? credentials, string? ambiguity)
    {
        List<string> contradictions = [.. Marks.Contradictions(xmp, credentials)];
        if (ambiguity is not null && (xmp is not null || credentials is not null))
            contradictions.Add(ambiguity);
        List<string> reasons =
            [.. Marks.Told(xmp, credentials), .. contradictions.Select(contradiction => $"contradiction: {contradiction}.")];
        if (Marks.Claimed(xmp, credentials) is not { } claimed)
            return new(path, credentials is null ? Verdict.Unmarked : credentials.Holds ? Verdict.Unchanged : Verdict.Contradicted, reasons,
                xmp, credentials, null, contradictions, null, null);
        var (differs, model, reason) = MakeAgain(claimed, sound);
        reasons.Add($"made again: {reason}");
        var isBroken = credentials is { Holds: false } || contradictions.Count > 0 || differs == true;
        return new(path, isBroken ? Verdict.Contradicted : differs is not null ? Verdict.Holds
            : credentials is not null ? Verdict.Unchanged : Verdict.Unproven, reasons, xmp, credentials, null, contradictions, model, null);
    }

    private (bool? Differs, string? Model, string Reason) MakeAgain(Provenance claimed, SoundBatch sound)
    {
        if (claimed.ModelSha256 is not { } sha256)
            return (null, null, "no, no model is named.");
        try
        {
            if (claimed.DigitalSourceType != Provenance.TrainedAlgorithmicMedia || claimed.Seeds is null)
                return (null, null, "no, it was made of something else.");
            if (models.Find(sha256) is not { } rows)
                return (null, null, $"no, the model with SHA-256 {sha256} isn't here; name it or its folder with --model.");
            if (rows.Model.Metadata?.Task is not ModelTask.Sound)
                return (null, null, "no, the model that is named makes no sounds.");
            var generator = new SoundGenerator(rows);
            var samples = Remaking.Samples(claimed, SeedList.Parse(claimed.Seeds!));
            // Before anything is made: marks may ask for much.
            var length = SoundFile.JoinedLength(samples.Length, generator.Samples, generator.Rate);
            if ((generator.Channels, length, generator.Rate) != (sound.Channels, sound.Samples, sound.Rate))
                return (true, generator.Model.Path, string.Create(CultureInfo.InvariantCulture,
                    $"the model makes {generator.Channels} × {length:#,0} values at {generator.Rate:#,0} Hz of that, and here are {sound.Channels} × {sound.Samples:#,0} at {sound.Rate:#,0} Hz."));
            float[] values = [.. generator.Stream(samples, stop).SelectMany(batch => batch.Values.ToArray())];
            var made = SoundFile.Join(new SoundBatch(values, samples.Length, generator.Channels, generator.Samples, generator.Rate));
            return Compare(made, sound) is var (steps, unlike) && steps <= MostSteps
                ? (false, generator.Model.Path, $"the same values, to {steps} of 32,767.")
                : (true, generator.Model.Path, string.Create(CultureInfo.InvariantCulture, $"{unlike:#,0} of {sound.Values.Length:#,0} values differ, by up to {steps:#,0} of 32,767."));
        }
        catch (Exception e) when (e is UsageException or ModelException or RemakeException)
        {
            return (null, null, $"no. {e.Message}");
        }
    }

    private static (int Steps, int Unlike) Compare(SoundBatch made, SoundBatch sound)
    {
        var (steps, unlike) = (0, 0);
        for (var i = 0; i < sound.Values.Length; i++)
        {
            // Files are read by the 32,768 that other programs divide by.
            var difference = Math.Abs(SoundFile.ToInteger(made.Values[i]) - (int)MathF.Round(sound.Values[i] * 32768));
            (steps, unlike) = (Math.Max(steps, difference), unlike + (difference > MostSteps ? 1 : 0));
        }
        return (steps, unlike);
    }
}
