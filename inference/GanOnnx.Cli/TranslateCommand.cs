using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.ContentCredentials;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Trust;
using SixLabors.ImageSharp;

namespace GanOnnx.Cli;

/// <summary><c>gan translate</c>, also called <c>gan upscale</c>: pictures through a model from image to image, whatever their
/// size.</summary>
internal static class TranslateCommand
{
    // As many small pictures as go through the model together.
    private const int AtOnce = 64;
    private const long PixelsAtOnce = 1 << 18;
    private const long MostPixels = 400_000_000;

    private static readonly string[] _formats = [".png", ".jpg", ".jpeg", ".webp"];

    private static readonly Argument<string> _model = ModelPath.Argument();
    private static readonly Option<string> _in =
        new("--in") { Required = true, HelpName = "PICTURE|FOLDER", Description = "A picture, or a folder of pictures, as the frames of a film." };
    private static readonly Option<string> _out = new("--out")
    {
        Required = true,
        HelpName = "PICTURE|FOLDER",
        Description = "A .png, .jpg or .webp file, or a folder for pictures of the same names.",
    };
    private static readonly Option<string> _format = new Option<string>("--format")
    {
        HelpName = "png|jpg|webp",
        DefaultValueFactory = _ => "png",
        Description = "What pictures in a folder become. The default is png.",
    }.AcceptOnlyFromAmong("png", "jpg", "webp");
    private static readonly Option<TileSize> _tile = new("--tile")
    {
        HelpName = "auto|whole|NUMBER",
        DefaultValueFactory = _ => new(null, false),
        Description = "Large pictures go through the model in tiles of that many pixels, or whole. The default is auto: 192 where tiles give the "
            + "same as the whole, 256 above 512 × 512 where they don't; what a model of a fixed size takes.",
        CustomParser = TileSize.Parse,
    };
    private static readonly Option<int> _overlap = new("--overlap")
    {
        DefaultValueFactory = _ => new TileOptions().Overlap,
        Description = "How many pixels around a tile are looked at as well, where the model doesn't show how far it looks. The default is 32.",
    };
    private static readonly Option<bool> _noProvenance =
        new("--no-provenance") { Description = "Leave out the mark that a model had a hand in the pictures." };
    private static readonly Option<int?> _batch = new("--batch") { Description = "Small pictures per run of the model. The default suits the device." };
    private static readonly Option<Device> _device = DeviceOption.Create();
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => Create("translate", "make pictures of pictures with a model",
        "pairs.onnx --in sketch.png --out drawing.png",
        "style.onnx --in frames/ --out styled/ --format jpg --range 0,255",
        "mine.onnx --in large.png --out larger.png --tile 128");

    public static Verb CreateUpscale() => Create("upscale", "make pictures larger with a model: translate by another name",
        "upscaler.onnx --in small.png --out large.png",
        "upscaler.onnx --in icons/ --out icons-2x/");

    private static Verb Create(string name, string description, params string[] examples) => new(name, description, Run, examples)
    {
        _model,
        { "Which pictures", [_in, _out, _format, ModelWatermark.Option, _noProvenance, .. Signing.Options, _json] },
        { "How", _tile, _overlap, _device, _batch },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var (from, to) = (parsed.GetRequiredValue(_in), parsed.GetRequiredValue(_out));
        var pairs = Pairs(from, to, parsed.GetRequiredValue(_format));
        var isFolder = Directory.Exists(from);
        if (isFolder)
            OutputPath.CheckFolder(to);
        else
            GeneratedFile.CheckOne(to);
        var tiles = Tiles(parsed);

        var path = ModelPath.Resolve(parsed.GetRequiredValue(_model));
        using var translator = ImageTranslator.Load(path, FormatOptions.TranslatorOptions(parsed) with
        {
            Device = parsed.GetValue(_device),
            BatchSize = parsed.GetValue(_batch),
        }, stop);
        if (translator.Notice is { } notice)
            Console.Error.WriteLine(notice);

        var origin = parsed.GetValue(_noProvenance) ? null : Provenance.OfPicture(translator.Model);
        using var writer = Signing.Open(parsed, translator.Model, origin is null);
        var time = Stopwatch.StartNew();
        var work = new Work(translator, tiles, isFolder ? new PictureFolder(to, pairs.Select(pair => pair.To), writer) : null, writer,
            origin, pairs.Count, stop);
        foreach (var pair in pairs)
            work.Add(pair.From, pair.To);
        work.Finish();
        writer.TellUnreadable();
        return Tell(parsed, translator, work, to, time.Elapsed);
    }

    private static int Tell(ParseResult parsed, ImageTranslator translator, Work work, string to, TimeSpan time)
    {
        if (work.Blended is { } plan)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Tiles of {plan.TileWidth} × {plan.TileHeight} pixels were blended: a pixel of this model's pictures depends on more than a tile, so it may differ from what the whole picture would give. --tile whole avoids it where memory allows."));
        if (work.Done.Count == 0 && work.Skipped.Count > 0)
            throw new UsageException(work.Skipped[0].Reason);
        foreach (var skipped in work.Skipped)
            Console.Error.WriteLine($"gan: left out: {PlainText.Of(skipped.Reason)}");
        Results.Print(parsed.GetValue(_json), new
        {
            output = to,
            pictures = work.Done,
            skipped = work.Skipped,
            model = translator.Model.Path,
            translator.Model.Sha256,
            translator.Provider,
            seconds = time.TotalSeconds,
        }, work.Done is [var only] && work.Skipped.Count == 0
            ? string.Create(CultureInfo.InvariantCulture,
                $"{PlainText.Of(only.File)}: {only.Width} × {only.Height} pixels in {time.TotalSeconds:0.0} s ({translator.Provider})")
            : string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(to)}: {work.Done.Count} pictures in {time.TotalSeconds:0.0} s ({translator.Provider})"));
        return work.Skipped.Count == 0 ? ExitCode.Done : ExitCode.BadInput;
    }

    private static TileOptions Tiles(ParseResult parsed)
    {
        var (tile, overlap) = (parsed.GetValue(_tile), parsed.GetValue(_overlap));
        if (tile!.Size is < TileOptions.SmallestSize or > TileOptions.LargestSize)
            throw new UsageException($"--tile {tile.Size} is out of range; {TileOptions.SmallestSize} to {TileOptions.LargestSize} is expected.");
        if (overlap is < 0 or > TileOptions.LargestSize)
            throw new UsageException($"--overlap {overlap} is out of range; 0 to {TileOptions.LargestSize} is expected.");
        var options = new TileOptions { Size = tile.Size, Overlap = overlap };
        return tile.IsWhole ? options with { Whole = long.MaxValue } : tile.Size is { } size
            ? options with { Whole = (long)size * size } : options;
    }

    private static List<(string From, string To)> Pairs(string from, string to, string format)
    {
        if (Directory.Exists(from))
        {
            if (File.Exists(to) || _formats.Contains(Path.GetExtension(to), StringComparer.OrdinalIgnoreCase))
                throw new UsageException($"'{from}' is a folder, so --out has to be one, and '{to}' isn't.");
            OutputPath.CheckApart(from, to, "--in and --out are both '{0}'; its pictures would be lost.");
            var files = Directory.GetFiles(from).Where(file => ImageReader.IsImageFile(file) && !HiddenNames.IsOne(Path.GetFileName(file)))
                .Order(StringComparer.Ordinal).ToList();
            if (files.Count == 0)
                throw new UsageException($"There is no picture in '{from}'; PNG, JPEG, WebP, GIF and BMP can be read.");
            var pairs = files.ConvertAll(file => (file, Path.Combine(to, $"{Path.GetFileNameWithoutExtension(file)}.{format}")));
            return pairs.GroupBy(pair => pair.Item2, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } clash
                ? throw new UsageException($"'{clash.First().file}' and '{clash.Last().file}' would both become '{clash.Key}'. Rename one.")
                : pairs;
        }
        if (!File.Exists(from))
            throw new UsageException($"There is no picture and no folder '{from}'.");
        if (!_formats.Contains(Path.GetExtension(to), StringComparer.OrdinalIgnoreCase) || Directory.Exists(to))
            throw new UsageException($"'{to}' is no .png, .jpg or .webp file, and '{from}' is one picture.");
        OutputPath.CheckApart(from, to, "--in and --out are both '{0}'; the picture would be lost.");
        return [(from, to)];
    }

    /// <summary>How large tiles are.</summary>
    private sealed record TileSize(int? Size, bool IsWhole)
    {
        public static TileSize? Parse(ArgumentResult argument)
        {
            var text = argument.Tokens[0].Value;
            switch (text.ToLowerInvariant())
            {
                case "auto": return new(null, false);
                case "whole": return new(null, true);
            }
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                return new(size, false);
            argument.AddError($"--tile {text} is no size; write a number of pixels, auto or whole.");
            return null;
        }
    }

    private sealed record Written(string From, string File, int Width, int Height);

    private sealed record Left(string From, string Reason);

    /// <summary>Pictures in the order they come: those of one size that follow one another go through the model together.</summary>
    private sealed class Work(ImageTranslator translator, TileOptions tiles, PictureFolder? folder, PictureWriter writer,
        Provenance? origin, int total, CancellationToken stop)
    {
        private readonly ProgressLine _progress = new("Translating", total);
        private readonly List<(string From, string To, Image Picture, Ingredient? Input)> _waiting = [];

        public List<Written> Done { get; } = [];

        public List<Left> Skipped { get; } = [];

        public TilePlan? Blended { get; private set; }

        public void Add(string from, string to)
        {
            stop.ThrowIfCancellationRequested();
            Image picture;
            Ingredient? input;
            try
            {
                // A pipe among files would be waited for.
                if (folder is not null && new FileInfo(from).Length == 0)
                    throw new ImageException($"'{from}' is empty, or no file that can be read to its end.");
                (picture, input) = Read(from);
            }
            catch (ImageException e)
            {
                Skipped.Add(new(from, e.Message));
                return;
            }
            // Large ones go by themselves: a folder of them takes no more memory than one.
            if (_waiting.Count == AtOnce || (_waiting.Count > 0 && (_waiting[0].Picture.Size() != picture.Size()
                || (_waiting.Count + 1L) * picture.Width * picture.Height > PixelsAtOnce)))
                Translate();
            _waiting.Add((from, to, picture, input));
        }

        // What is signed of it is what was decoded.
        private (Image Picture, Ingredient? Input) Read(string path)
        {
            try
            {
                using var stream = File.OpenRead(path);
                var input = writer.Signs ? Ingredient.Of(stream) : null;
                stream.Position = 0;
                return (ImageReader.ReadWhole(stream, path), input);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ImageException($"'{path}' can't be read: {e.Message}", e);
            }
        }

        public void Finish()
        {
            if (_waiting.Count > 0)
                Translate();
            _progress.Clear();
        }

        private void Translate()
        {
            var results = (IReadOnlyList<Image>)[];
            try
            {
                var picture = _waiting[0].Picture;
                var plan = translator.PlanFor(translator.Channels ?? 3, picture.Height, picture.Width, tiles);
                if ((long)plan.Height * plan.Width > MostPixels)
                    throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                        $"'{_waiting[0].From}' would become {plan.Width} × {plan.Height} pixels, more than the limit of {MostPixels:N0}. Cut it up."));
                if (plan is { IsExact: false, Tiles: > 1 })
                    Blended ??= plan;
                results = translator.Translate([.. _waiting.Select(waiting => waiting.Picture)], tiles,
                    (done, all) => _progress.Report(Done.Count + (long)_waiting.Count * done / all, "pictures"), stop);
                for (var i = 0; i < results.Count; i++)
                {
                    if (writer.WhyNot(results[i], _waiting[i].To) is { } reason)
                    {
                        Skipped.Add(new(_waiting[i].From, reason));
                        continue;
                    }
                    if (folder is not null)
                        folder.Save(results[i], _waiting[i].To, origin, _waiting[i].Input);
                    else
                        writer.Save(results[i], _waiting[i].To, origin, _waiting[i].Input);
                    Done.Add(new(_waiting[i].From, _waiting[i].To, results[i].Width, results[i].Height));
                }
            }
            finally
            {
                foreach (var result in results)
                    result.Dispose();
                foreach (var waiting in _waiting)
                    waiting.Picture.Dispose();
                _waiting.Clear();
            }
        }
    }
}
