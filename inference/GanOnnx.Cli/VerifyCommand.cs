using System.CommandLine;
using System.Globalization;
using System.Text;
using GanOnnx.Audio;
using GanOnnx.Cli.Sets;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Sets;
using GanOnnx.Trust;
using GanOnnx.Video;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary><c>gan verify</c>: whether what pictures say of their origin holds; those of ours are made again and compared.</summary>
internal static class VerifyCommand
{
    private const int DefaultSample = 64, MostSample = 1_000_000;

    private static readonly Argument<string> _what = new("FILE|FOLDER")
    {
        Description = "A picture, a .wav or an .mp4 file, a folder of them, or a set that gan generate --format made.",
    };

    private static readonly Option<string[]> _models = new("--model")
    {
        HelpName = "MODEL",
        Description = "A model that may have made them, or a folder of models; may be given several times. The shipped ones are known.",
    };

    private static readonly Option<int> _sample = new("--sample")
    {
        DefaultValueFactory = _ => DefaultSample,
        Description = $"How many images of a set are made again. The default is {DefaultSample}.",
    };

    private static readonly Option<Device> _device = DeviceOption.Create();

    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("verify", "check what pictures say of their origin", Run,
        "garments.png", "pictures/ --json", "portrait.jpg --model models-of-mine/", "set/ --sample 1000")
    {
        _what,
        { "Options", _models, _sample, _device, _json },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var what = parsed.GetRequiredValue(_what);
        var files = SetManifest.IsIn(what) ? [] : Files(what);
        // ONNX Runtime prints to standard error what it also throws.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        using var models = new ModelFinder(parsed.GetValue(_models) ?? [],
            FormatOptions.Options(parsed) with { Device = parsed.GetValue(_device) }, stop);
        if (files.Count == 0)
            return VerifySet(parsed, what, models, stop);
        var detector = new Lazy<PictureDetector?>(() => FoundDetection.Shipped(stop));
        var ownCertificate = Signing.UsersCertificate();
        var verifier = new PictureVerifier(models, ownCertificate, detector, stop);
        var sounds = new SoundVerifier(models, ownCertificate, stop);
        var progress = new ProgressLine("Verifying", files.Count);
        var results = new List<VerifiedPicture>();
        foreach (var file in files)
        {
            stop.ThrowIfCancellationRequested();
            results.Add(Verify(file));
            progress.Report(results.Count, "files");
        }
        if (detector.IsValueCreated)
            detector.Value?.Dispose();
        progress.Clear();

        // By what is in it; of what isn't known, by its name.
        VerifiedPicture Verify(string file)
        {
            if (SoundFile.IsOne(file))
                return sounds.Verify(file);
            if (VideoFile.IsMp4(file))
                return Mp4Verifier.Verify(file);
            var result = verifier.Verify(file);
            return result.Verdict == Verdict.Unreadable && SoundFile.IsSoundFile(file) ? sounds.Verify(file) : result;
        }

        var counts = results.GroupBy(result => result.Verdict).ToDictionary(group => group.Key, group => group.Count());
        Results.Print(parsed.GetValue(_json), new { pictures = results, counts },
            string.Join('\n', results.Select(Told).Concat(results.Count > 1 ? [Summary(counts)] : [])));
        return results.Exists(result => result.Verdict is not (Verdict.Holds or Verdict.Unchanged or Verdict.Unreadable)) ? ExitCode.Failed
            : results.Exists(result => result.Verdict == Verdict.Unreadable) ? ExitCode.BadInput : ExitCode.Done;
    }

    private static int VerifySet(ParseResult parsed, string folder, ModelFinder models, CancellationToken stop)
    {
        var sample = parsed.GetValue(_sample);
        if (sample is < 0 or > MostSample)
            throw new UsageException($"--sample {sample} is out of range; 0 to {MostSample} is expected.");
        ProgressLine? progress = null;
        var result = new SetVerifier(models, sample).Verify(folder,
            (done, all) => (progress ??= new("Verifying", all)).Report(done, "files"), stop);
        progress?.Clear();
        var set = result.Set;
        Results.Print(parsed.GetValue(_json), result, string.Join('\n', [
            string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(folder)}: {(result.Problems.Count == 0 ? "holds" : "DOESN'T HOLD")}: {result.Files:#,0} of {set.Files:#,0} files, ")
                + string.Create(CultureInfo.InvariantCulture, $"{result.Images:#,0} of {set.Count:#,0} images of '{PlainText.Of(set.Model)}', seed {set.Seed}")
                + (result.Model is null ? $"; none was made again: the model with SHA-256 {set.ModelSha256} isn't here, name it or its folder with --model."
                    : string.Create(CultureInfo.InvariantCulture, $"; {result.Remade:#,0} made again and equal.")),
            .. result.Problems.Select(problem => $"  {PlainText.Of(problem)}")]));
        return result.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static List<string> Files(string what)
    {
        if (File.Exists(what))
            return [what];
        if (!Directory.Exists(what))
            throw new UsageException($"There is no picture and no folder '{what}'.");
        var files = Directory.EnumerateFiles(what, "*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        }).Where(file => (ImageReader.IsImageFile(file) || SoundFile.IsSoundFile(file) || VideoFile.IsMp4(file)) && !HiddenNames.IsOne(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files
            : throw new UsageException($"There is no picture in '{what}'; PNG, JPEG, WebP, GIF, BMP, WAV and MP4 can be read.");
    }

    private static string Told(VerifiedPicture result)
    {
        var sentence = Sentence(result.Verdict);
        if (SoundFile.IsSoundFile(result.File) || VideoFile.IsVideoFile(result.File))
            sentence = sentence.Replace("image", SoundFile.IsSoundFile(result.File) ? "sound" : "clip", StringComparison.Ordinal);
        var text = new StringBuilder($"{PlainText.Of(result.File)}: {sentence}");
        foreach (var reason in result.Reasons)
            text.Append("\n  ").Append(PlainText.Of(reason));
        return text.ToString();
    }

    private static string Sentence(string verdict) => verdict switch
    {
        Verdict.Holds => "holds: it was made again, and is that image.",
        Verdict.Unchanged => "is as it was signed, but wasn't made again.",
        Verdict.Unproven => "not proven.",
        Verdict.Unmarked => "says nothing of its origin.",
        Verdict.Unreadable => "can't be read.",
        _ => "DOESN'T HOLD.",
    };

    private static string Summary(Dictionary<string, int> counts) => string.Join(", ", counts.OrderByDescending(count => count.Value)
        .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key}: {count.Value}")));
}
