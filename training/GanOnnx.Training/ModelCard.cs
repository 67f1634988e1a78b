using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToSound;
using GanOnnx.Training.Tasks.NoiseToVideo;

namespace GanOnnx.Training;

/// <summary>
/// A card of a model for people, in Markdown with the head in YAML that Hugging Face reads
/// (<see href="https://huggingface.co/docs/hub/model-cards"/>; Mitchell et al. 2019). It tells what the run knows, and has a blank, which says
/// that it is one, for what only people know.
/// </summary>
public static partial class ModelCard
{
    /// <summary>What stands where somebody has to write something.</summary>
    public const string Blank = "TO BE WRITTEN:";

    private const int MostClasses = 30, MostWarnings = 12, LongestName = 100;

    // https://huggingface.co/docs/hub/repositories-licenses: what its tools know by these names.
    private static readonly string[] _licenses =
    [
        "apache-2.0", "mit", "openrail", "bigscience-openrail-m", "creativeml-openrail-m", "afl-3.0", "artistic-2.0", "bsl-1.0", "bsd", "bsd-2-clause",
        "bsd-3-clause", "bsd-3-clause-clear", "cc", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0",
        "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0",
        "cc-by-nc-sa-4.0", "gpl", "gpl-2.0", "gpl-3.0", "agpl-3.0", "lgpl", "lgpl-2.1", "lgpl-3.0", "mpl-2.0", "odbl", "pddl", "unlicense", "wtfpl", "zlib",
    ];

    /// <summary>Writes the text of a card.</summary>
    /// <param name="checkpoint">What the model was exported from: see <see cref="TrainedGenerator.Load"/>.</param>
    /// <param name="file">The model's file, beside which the card will lie.</param>
    /// <param name="license">The license of the weights, an SPDX identifier or text; null for none stated.</param>
    /// <param name="verified">A sentence on how the file was compared with the network, without a period; null for none.</param>
    /// <exception cref="TrainingException">There is no checkpoint, or it is damaged or another program's.</exception>
    public static string Of(string checkpoint, string file, string? license = null, string? verified = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        using var opened = WeightsFile.Open(checkpoint);
        var (info, figures) = (opened.Info, SnapshotFolder.FiguresOf(checkpoint));
        var (options, kind) = (info.Options, TrainingTasks.Of(info.Options));
        var (isSound, isFromImages) = (kind.Medium == TrainingMedium.Sounds, options.Task != "generate" && kind.Medium == TrainingMedium.Pictures);
        var (what, real, sample) = kind.Medium switch
        {
            TrainingMedium.Sounds => ("sounds", "recordings", "10 --out sounds.wav"),
            TrainingMedium.Clips => ("clips", "clips", "16 --out clips.gif"),
            _ => ("pictures", "pictures", "64 --out pictures.png"),
        };
        var seen = kind.Medium == TrainingMedium.Pictures ? "images" : real;
        var name = Path.GetFileNameWithoutExtension(file);
        var data = Name(info.Data);
        var text = new StringBuilder();
        var captions = info.Text is null ? null : Captions.Read(info.Text);
        Head(text, license, options, kind.Medium != TrainingMedium.Pictures ? null : isFromImages ? "image-to-image" : options.TakesText ? "text-to-image" : "unconditional-image-generation", data);
        Line($"# {Escaped(name)}");
        Line();
        Line($"{Blank} what the {what} show, and what they are for, in a sentence.");
        Line();
        Line($"{Blank} {what} that it makes, by number and not chosen.");
        Line();
        Line("```");
        Line(isFromImages ? $"gan translate {Path.GetFileName(file)} --in picture.png --out made.png"
            : $"gan generate {Path.GetFileName(file)}{(info.Classes.Count > 0 ? " --label all" : captions is not null ? " --prompt \"…\"" : "")} --count {sample}");
        Line($"gan inspect {Path.GetFileName(file)}            # inputs, outputs and all that the file says of itself");
        Line("```");
        Line();
        Line("## Data");
        Line($"`{data}`, decoded to {FormOf(options, info, kind.Medium)} (SHA-256 of what was decoded `{info.DataFingerprint}`)"
            + (info.HeldOut > 0 ? Text($"; {info.HeldOut:#,0} of its {seen} were held out.") : "."));
        if (info.Classes.Count > 0)
            Line(Text($"{info.Classes.Count:#,0} classes: {string.Join(", ", info.Classes.Take(MostClasses).Select(c => $"`{Name(c)}`"))}")
                + (info.Classes.Count > MostClasses ? ", and more." : "."));
        if (captions is not null)
            Line($"With captions, as `{Name(captions.Examples[0])}`, of which {captions.Encoder} ({captions.Size} values, SHA-256 `{captions.Sha256}`) made vectors; prompts need the same encoder.");
        Line($"{Blank} where the {real} are from, who made them, and what their license asks of a model that is trained on them.");
        Line();
        Line("## License");
        Line(license is null ? $"{Blank} the license of the weights, and why the data's allows it." : $"{Escaped(Name(license))}, for the weights and the {what} in this card.");
        Line();
        Line("## How it was trained");
        Line($"{Network(options)}: {Text($"{info.Step * options.ImagesPerStep / 1000.0:#,0.#}")} thousand {seen} by {info.Tool}"
            + (info.Init is { } init ? $", begun with the weights of `{Name(Path.GetFileName(init.File))}`" : "")
            + (info.Rollbacks > 0 ? Text($"; it failed {info.Rollbacks} times and went back to a snapshot each time") : "") + ".");
        Line();
        Line("```");
        Line(Command(options, data));
        Line("```");
        Line();
        Line("## Figures");
        if (figures is { Count: > 0 })
        {
            Line($"While it was trained, of at most 2,000 {kind.Medium switch { TrainingMedium.Sounds => "spectrograms", TrainingMedium.Clips => "frames", _ => "images" }} by ResNet-18's features; they chose this snapshot, so they flatter it.");
            Line();
            Line("| figure | value |");
            Line("|---|---|");
            foreach (var (figure, value) in figures.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                Line(Text($"| {Escaped(Name(figure))} | {value:0.####} |"));
        }
        Line($"{Blank} `gan evaluate {Path.GetFileName(file)} --data …`, with its number of {what}{(isFromImages ? "" : " and, beside it, real ones in the model's place")}.");
        if (verified is not null)
            Line($"{verified}.");
        Line();
        Line("## Limits");
        Warnings(text, checkpoint, info);
        Line($"- {Blank} what it makes badly or never, as a person sees it.");
        Line($"- It was trained on {FormOf(options, info, kind.Medium)}{(isFromImages ? "" : ", and makes no others")}.");
        Line();
        Line("## Bias");
        Line($"{Blank} whom and what the data shows, and whom it doesn't; what should not be made with the model.");
        Line();
        Line($"## How its {what} are marked");
        Line("The verbs of `gan` write XMP (`Iptc4xmpExt:DigitalSourceType` "
            + $"`{(isFromImages ? "compositeWithTrainedAlgorithmicMedia" : "trainedAlgorithmicMedia")}`, model, seed) {(isSound ? "into each WAV file" : kind.Medium == TrainingMedium.Clips ? "into each file, and signed Content Credentials into each GIF" : "and signed Content Credentials into each picture")}, and");
        Line("`gan verify` checks them. The model itself marks nothing: another program that runs it has to.");
        return text.ToString();

        void Line(string line = "") => text.Append(line).Append('\n');
    }

    private static void Head(StringBuilder text, string? license, TrainingOptions options, string? pipeline, string data)
    {
        var known = license?.ToLowerInvariant();
        text.Append("---\n");
        if (known is null)
            text.Append($"# {Blank} license: … (https://huggingface.co/docs/hub/repositories-licenses)\n");
        else if (_licenses.Contains(known))
            text.Append($"license: {known}\n");
        else
            text.Append($"license: other\nlicense_name: {Quoted(Name(license!))}\n");
        text.Append("library_name: onnx\n");
        if (pipeline is not null)
            text.Append($"pipeline_tag: {pipeline}\n");
        text.Append($"tags:\n- gan\n- onnx\n- {Quoted(options.Architecture)}\n{(pipeline is null ? options.Task == "mocogan" ? "- video\n" : "- audio\n" : "")}");
        text.Append($"# {Blank} datasets: the name of {Quoted(data)} there, where it has one\n");
        text.Append("---\n");
    }

    private static string FormOf(TrainingOptions options, CheckpointInfo info, TrainingMedium medium)
    {
        if (medium != TrainingMedium.Sounds)
            return (medium == TrainingMedium.Clips ? $"clips of {NoiseToVideoKind.FramesOf(options)} frames, " : "")
                + $"{(info.Channels == 1 ? "grey" : "RGB")} of {options.Size} × {options.Size} pixels";
        var form = NoiseToSoundKind.FormOf(options);
        return Text($"mono of {form.Samples:#,0} values at {form.Rate:#,0} Hz, {form.Samples / (double)form.Rate:0.00} s");
    }

    // What went wrong on the way is a limit that the run knows.
    private static void Warnings(StringBuilder text, string checkpoint, CheckpointInfo info)
    {
        var folder = Directory.Exists(checkpoint) ? checkpoint
            : Path.GetDirectoryName(Path.GetFullPath(checkpoint)) is { } parent && Path.GetFileName(parent) == SnapshotFolder.FolderName
                ? Path.GetDirectoryName(parent)! : null;
        if (folder is null)
            return;
        var last = info.Step;
        var warnings = (from tick in new MetricsLog(Path.Combine(folder, MetricsLog.FileName)).Read()
                        where tick.Step <= last
                        from warning in tick.Warnings
                        group tick.Images by warning.Split(':')[0] into same
                        select (What: same.Key, Kimg: same.Select(Tick.ToKimg).ToArray())).ToArray();
        foreach (var (what, kimg) in warnings.Take(MostWarnings))
            text.Append(Text($"- While it was trained, the run warned of this: {Escaped(Name(what))} (at {string.Join(", ", kimg.Take(5))}{(kimg.Length > 5 ? " and more" : "")} kimg).\n"));
    }

    private static string Network(TrainingOptions options)
    {
        var choice = TrainingOption.All.FirstOrDefault(option => option.Key == "architecture")?.Choices
            .FirstOrDefault(choice => choice.Name == options.Architecture);
        return choice is { Description: { Length: > 0 } what } ? $"`{options.Architecture}`, {what}" : $"`{options.Architecture}`";
    }

    // What isn't the default, so that it can be trained again.
    private static string Command(TrainingOptions options, string data)
    {
        var command = new StringBuilder($"gan train --data {Shell(data)} --out runs/again");
        foreach (var option in TrainingOption.All)
            if (option.Name is { } name && option.In(options) is { } value && TrainingOption.Text(value) is { Length: > 0 } shown
                && shown != TrainingOption.Text(option.Default) && IsOfThisTask(option, options))
                command.Append(option.Type == typeof(bool) ? value is true ? $" {name}" : "" : $" {name} {Shell(shown)}");
        return command.ToString();
    }

    // Numbers that networks declare are given where they were set.
    private static bool IsOfThisTask(TrainingOption option, TrainingOptions options) =>
        TrainingOption.OfEveryRun.Contains(option) || options.Network.ContainsKey(option.Key);

    // Names may be anybody's: nothing of them ends a line or a quotation.
    private static string Name(string text)
    {
        var plain = Controls().Replace(text, " ").Replace('`', '\'').Trim();
        return plain.Length <= LongestName ? plain : plain[..LongestName] + "…";
    }

    private static string Escaped(string text) => Marks().Replace(text, @"\$0");

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static string Shell(string text) => Unquoted().IsMatch(text) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[\p{C}\p{Zl}\p{Zp}]+")]
    private static partial Regex Controls();

    [GeneratedRegex(@"[\\*_\[\]<>#|!&]")]
    private static partial Regex Marks();

    [GeneratedRegex(@"^[\w@%+=:,./-]+$")]
    private static partial Regex Unquoted();
}
