using System.CommandLine;
using System.Globalization;
using System.Text;
using GanOnnx.Cli.Trust;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary><c>gan verify</c>: whether what pictures say of their origin holds; those of ours are made again and compared.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> _what = new("FILE|FOLDER") { Description = "A picture, or a folder of pictures." };

    private static readonly Option<string[]> _models = new("--model")
    {
        HelpName = "MODEL",
        Description = "A model that may have made them, or a folder of models; may be given several times. The shipped ones are known.",
    };

    private static readonly Option<Device> _device = DeviceOption.Create();

    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("verify", "check what pictures say of their origin", Run,
        "garments.png", "pictures/ --json", "portrait.jpg --model models-of-mine/")
    {
        _what,
        { "Options", _models, _device, _json },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var what = parsed.GetRequiredValue(_what);
        var files = Files(what);
        // ONNX Runtime prints to standard error what it also throws.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        using var models = new ModelFinder(parsed.GetValue(_models) ?? [],
            FormatOptions.Options(parsed) with { Device = parsed.GetValue(_device) }, stop);
        var verifier = new PictureVerifier(models, Signing.UsersCertificate(), stop);
        var progress = new ProgressLine("Verifying", files.Count);
        var results = new List<VerifiedPicture>();
        foreach (var file in files)
        {
            stop.ThrowIfCancellationRequested();
            results.Add(verifier.Verify(file));
            progress.Report(results.Count, "pictures");
        }
        progress.Clear();

        var counts = results.GroupBy(result => result.Verdict).ToDictionary(group => group.Key, group => group.Count());
        Results.Print(parsed.GetValue(_json), new { pictures = results, counts },
            string.Join('\n', results.Select(Told).Concat(results.Count > 1 ? [Summary(counts)] : [])));
        return results.Exists(result => result.Verdict is not (Verdict.Holds or Verdict.Unchanged or Verdict.Unreadable)) ? ExitCode.Failed
            : results.Exists(result => result.Verdict == Verdict.Unreadable) ? ExitCode.BadInput : ExitCode.Done;
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
        }).Where(file => ImageReader.IsImageFile(file) && !HiddenNames.IsOne(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files
            : throw new UsageException($"There is no picture in '{what}'; PNG, JPEG, WebP, GIF and BMP can be read.");
    }

    private static string Told(VerifiedPicture result)
    {
        var text = new StringBuilder($"{PlainText.Of(result.File)}: {Sentence(result.Verdict)}");
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
