using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GanOnnx.Cli;
using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Credentials;
using GanOnnx.Trust;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Benchmarks.Trust;

/// <summary>The counts and bounds of <c>docs/trust.md</c>.</summary>
internal static class TrustBenchmark
{
    /// <summary>How many pictures a work of <see cref="Compare"/> has.</summary>
    public const int AtOnce = 16;

    private static readonly string[] _formats = [".png", ".jpg", ".webp", ".gif"];

    /// <summary>Signed pictures over the four formats before ExifTool, the judge and our own reader; then tampered ones.</summary>
    public static int Credentials(int count, int tampered)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-trust-").FullName;
        var judge = CredentialJudge.Find(Path.Combine(folder, "judge"))
            ?? throw new InvalidOperationException("npm can't install the judge.");
        using var pictures = new TrustPictures();
        var files = Enumerable.Range(0, count).Select(i => Path.Combine(folder, $"{i:0000}{_formats[i % 4]}")).ToList();
        foreach (var (i, file) in files.Index())
            pictures.Write(file, i / 4, TrustPictures.Identity);
        var xmp = WithXmp(folder);
        var valid = judge.Judge(files).Count(verdict => verdict.State == "Valid" && verdict.Failures is ["signingCredential.untrusted"]);
        var holding = files.Count(file => Read(file) is { Holds: true });
        Console.WriteLine($"{count} signed pictures: XMP read by exiftool in {xmp}, valid for the judge {valid}, for ours {holding}");

        using var models = new ModelFinder([], new() { Device = Device.Cpu }, default);
        var verifier = new PictureVerifier(models, TrustPictures.Identity.Certificate, null, default);
        var missed = 0;
        foreach (var kind in Tampering.Kinds)
        {
            var changed = Enumerable.Range(0, tampered / Tampering.Kinds.Length).Select(i =>
            {
                var (from, random) = (files[i % files.Count], new Random(i));
                var to = Path.Combine(folder, $"{kind}-{Path.GetFileName(from)}");
                File.WriteAllBytes(to, Tampering.Apply(kind, from, random));
                return to;
            }).ToList();
            var judged = judge.Judge(changed);
            var verified = changed.ConvertAll(verifier.Verify);
            var (theirs, ours) = (judged.Count(verdict => verdict.State is "Invalid" or "Refused"),
                verified.Count(result => result.Verdict is Verdict.Contradicted or Verdict.Unreadable));
            missed += 2 * changed.Count - theirs - ours;
            Console.WriteLine($"{kind}: {changed.Count} pictures, invalid for the judge {theirs}, for gan verify {ours} ("
                + string.Join(", ", verified.CountBy(result => result.Verdict).Select(pair => $"{pair.Value} {pair.Key}")) + ")");
            foreach (var (i, file) in changed.Index())
                if (judged[i].State is "Valid" or "Trusted" || verified[i].Verdict is not (Verdict.Contradicted or Verdict.Unreadable))
                    Console.WriteLine($"  missed: {file}: {judged[i].State}, {string.Join(' ', verified[i].Reasons)}");
        }
        return missed + 3 * count - xmp - valid - holding == 0 ? 0 : 1;
    }

    /// <summary>Our pictures after what happens to pictures, and what <c>gan verify</c> says.</summary>
    public static int Verify(int count)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-trust-").FullName;
        using var pictures = new TrustPictures();
        var files = Enumerable.Range(0, count).Select(i => Path.Combine(folder, $"{i:0000}{_formats[i % 3]}")).ToList();
        foreach (var (i, file) in files.Index())
            pictures.Write(file, i / 3, TrustPictures.Identity);
        var foreign = Reencode(folder, files, [90, 75]);
        var ways = new (string Name, string Expected, Func<int, string> Make)[]
        {
            ("nothing", Verdict.Holds, i => files[i]),
            ("JPEG 90, ImageSharp", Verdict.Holds, i => Change(files[i], "j90.jpg", new JpegEncoder { Quality = 90 })),
            ("JPEG 75, ImageSharp", Verdict.Holds, i => Change(files[i], "j75.jpg", new JpegEncoder { Quality = 75 })),
            ("JPEG 90, libjpeg", Verdict.Holds, i => foreign(i, 90)),
            ("JPEG 75, libjpeg", Verdict.Holds, i => foreign(i, 75)),
            ("resize to 1.5", Verdict.Contradicted, i => Change(files[i], "larger.jpg", new JpegEncoder { Quality = 90 },
                image => image.Mutate(context => context.Resize(image.Width * 3 / 2, image.Height * 3 / 2)))),
            ("resize to 0.5 and back", Verdict.Contradicted, i => Change(files[i], "back.jpg", new JpegEncoder { Quality = 90 },
                image => image.Mutate(context => context.Resize(image.Width / 2, image.Height / 2).Resize(image.Width, image.Height)))),
            ("3 × 3 pixels painted over, JPEG 90", Verdict.Contradicted, i => Change(files[i], "painted.jpg",
                new JpegEncoder { Quality = 90 },
                image => Paint(image, i))),
            ("another image's marks", Verdict.Contradicted, i => Change(files[i], "other.jpg", new JpegEncoder { Quality = 90 },
                image => image.Metadata.XmpProfile = Xmp(files[(i + 12) % files.Count]))),
            ("marks removed", Verdict.Unmarked, i => Change(files[i], "bare.jpg", new JpegEncoder { Quality = 90 },
                image => image.Metadata.XmpProfile = null)),
        };
        using var models = new ModelFinder([], new() { Device = Device.Cpu }, default);
        var verifier = new PictureVerifier(models, TrustPictures.Identity.Certificate, null, default);
        var wrong = 0;
        foreach (var (name, expected, make) in ways)
        {
            var results = Enumerable.Range(0, count).Select(i => verifier.Verify(make(i))).ToList();
            var right = results.Count(result => result.Verdict == expected);
            wrong += count - right;
            Console.WriteLine($"| {name} | {expected} | {right} of {count} | "
                + string.Join(", ", results.CountBy(result => result.Remade?.Match ?? "not made")
                    .Select(pair => $"{pair.Value} {pair.Key}")) + " |");
            foreach (var result in results.Where(result => result.Verdict != expected).Take(3))
                Console.WriteLine($"  wrong: {result.File}: {result.Verdict}, {string.Join(' ', result.Reasons)}");
        }
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>How much encoders lose of our pictures, as a part of what ours loses at that quality, and how far other images are
    /// away.</summary>
    public static int Bounds(int count)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-trust-").FullName;
        using var pictures = new TrustPictures();
        var files = Enumerable.Range(0, count).Select(i => Path.Combine(folder, $"{i:0000}.png")).ToList();
        foreach (var (i, file) in files.Index())
            pictures.Write(file, i, null);
        int[] qualities = [95, 90, 75, 60, 50, 40];
        var foreign = Reencode(folder, files, qualities);
        Console.WriteLine("| file | quality | rms, largest part | worst block, largest part | another image, smallest part | too lossy |");
        foreach (var quality in qualities)
            foreach (var (name, path) in new (string, Func<int, string>)[]
            {
                ("JPEG by ImageSharp, 4:2:0", i => Change(files[i], $"{quality}.jpg", new JpegEncoder { Quality = quality })),
                ("JPEG by libjpeg, 4:2:0", i => foreign(i, quality)),
                ("JPEG by libjpeg, 4:4:4", i => foreign(i, quality).Replace(".f", ".g", StringComparison.Ordinal)),
                ("JPEG by libjpeg of a JPEG 90 of ours", i => foreign(i, quality).Replace(".f", ".h", StringComparison.Ordinal)),
                ("WebP by libwebp", i => Path.ChangeExtension(foreign(i, quality), ".webp")),
            })
                Measure(name, quality, files, path);
        return 0;
    }

    /// <summary>What signing costs: JPEGs of 256 pixels, with and without it in turn, of a core's time; encoded alone, and each after
    /// the model made an image.</summary>
    public static int Speed(int rounds, string model)
    {
        using var generator = ImageGenerator.Load(model, new() { Device = Device.Cpu, Pixels = new() { Range = new(-1, 1) } });
        using var image = generator.Generate(1, seed: 1).ToImage(0);
        image.Mutate(context => context.Resize(256, 256));
        var provenance = Provenance.Of(generator.Model, new(1));
        PictureWriter[] writers = [new(null, "MIT"), new(TrustPictures.Identity, "MIT")];
        foreach (var (name, make) in new (string, Action)[]
        {
            ("encoded", () => { }),
            ("made and encoded", () => generator.Generate(AtOnce, seed: 1)),
        })
            Compare(name, ("unsigned", "signed"), rounds, Array.ConvertAll<PictureWriter, Action>(writers, writer => () =>
            {
                make();
                for (var i = 0; i < AtOnce; i++)
                    writer.Encode(image, "a.jpg", provenance);
            }));
        var encoded = writers[0].Encode(image, "a.jpg", provenance);
        var claim = ClaimOf.Picture(provenance, "MIT", null);
        Console.WriteLine(FormattableString.Invariant($"a signature {Milliseconds(() => TrustPictures.Identity.Sign(encoded[..500])):0.000} ms, ")
            + FormattableString.Invariant($"a hash of the file {Milliseconds(() => System.Security.Cryptography.SHA256.HashData(encoded)):0.000} ms, ")
            + FormattableString.Invariant($"with all that is written {Milliseconds(() => ContentCredential.Sign(encoded, claim, TrustPictures.Identity)):0.000} ms; ")
            + $"{encoded.Length} bytes, signed {writers[1].Encode(image, "a.jpg", provenance).Length}");
        return 0;
    }

    /// <summary>What two works cost of a core's time, in turn.</summary>
    public static void Compare(string name, (string First, string Second) names, int rounds, Action[] works)
    {
        // Until everything is compiled for good, which on one core takes a while.
        const int warmUp = 12;
        var times = new List<(double First, double Second)>();
        for (var round = 0; round < warmUp + rounds; round++)
        {
            var taken = Array.ConvertAll(round % 2 == 0 ? works : [works[1], works[0]], Milliseconds);
            if (round >= warmUp)
                times.Add(round % 2 == 0 ? (taken[0], taken[1]) : (taken[1], taken[0]));
        }
        var parts = times.Select(time => time.First / time.Second).Order().ToArray();
        Console.WriteLine(FormattableString.Invariant($"{name}: {Median(times.Select(time => time.First)):0.000} ms {names.First}, ")
            + FormattableString.Invariant($"{Median(times.Select(time => time.Second)):0.000} ms {names.Second}; ")
            + FormattableString.Invariant($"throughput {names.Second} / {names.First}: ")
            + FormattableString.Invariant($"median {parts[parts.Length / 2]:0.000} ({parts[0]:0.000} … {parts[^1]:0.000})"));

        static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2) / AtOnce;
    }

    // Of a core's time, whatever else the machine does.
    private static double Milliseconds(Action work)
    {
        using var process = Process.GetCurrentProcess();
        var (before, count, time) = (process.TotalProcessorTime, 0, Stopwatch.StartNew());
        for (; time.Elapsed.TotalSeconds < 0.7; count++)
            work();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds / count;
    }

    private static void Measure(string name, int quality, List<string> files, Func<int, string> path)
    {
        var (rms, block, other, tooLossy) = (0.0, 0.0, double.PositiveInfinity, 0);
        for (var i = 0; i < files.Count; i++)
        {
            using var made = Original(files[i]);
            using var found = ImageReader.ReadWhole(path(i));
            if (Opened(path(i), found, made) is not { } lossy)
            {
                tooLossy++;
                continue;
            }
            var difference = Difference.Between(found, made);
            rms = Math.Max(rms, (difference.Rms - LossyFile.Slack) / lossy.OurLoss.Rms);
            block = Math.Max(block, (difference.WorstBlock - LossyFile.Slack) / lossy.OurLoss.WorstBlock);
            using var another = Original(files[(i + 4) % files.Count]);
            if (Opened(path(i), found, another) is { } wrong)
                other = Math.Min(other, (Difference.Between(found, another).Rms - LossyFile.Slack) / wrong.OurLoss.Rms);
        }
        Console.WriteLine(FormattableString.Invariant($"| {name} | {quality} | {rms:0.00} | {block:0.00} | {other:0.0} | {tooLossy} |"));
    }

    private static LossyFile? Opened(string path, Image<Rgba32> found, Image made)
    {
        try
        {
            return LossyFile.Open(path, found, made);
        }
        catch (RemakeException)
        {
            return null; // of too low a quality
        }
    }

    // As it came from the model: grey ones are grey.
    private static Image Original(string path) => Image.Load(path) is var image && Image.Identify(path).PixelType.BitsPerPixel == 8
        ? image.CloneAs<L8>() : image;

    private static int WithXmp(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("exiftool", ["-q", "-json", "-n", "-G1", "-XMP:all", folder])
        { RedirectStandardOutput = true })!;
        var tags = JsonNode.Parse(process.StandardOutput.ReadToEnd())!.AsArray();
        return tags.Count(file => (string?)file!["XMP-iptcExt:DigitalSourceType"] == Provenance.TrainedAlgorithmicMedia
            && file["XMP-gan:ModelSha256"]?.ToString().Length == 64 && file["XMP-gan:Seeds"] is not null);
    }

    private static CredentialReport? Read(string file)
    {
        using var stream = File.OpenRead(file);
        return ContentCredential.Read(stream);
    }

    private static string Change(string file, string ending, IImageEncoder encoder, Action<Image<Rgb24>>? change = null)
    {
        var path = $"{file}.{ending}";
        using var image = Image.Load<Rgb24>(file);
        change?.Invoke(image);
        image.Save(path, encoder);
        return path;
    }

    private static void Paint(Image<Rgb24> image, int seed)
    {
        var random = new Random(seed);
        var (x, y) = (random.Next(image.Width - 3), random.Next(image.Height - 3));
        for (var i = 0; i < 9; i++)
            image[x + i % 3, y + i / 3] = Far(image[x + i % 3, y + i / 3]);
    }

    private static Rgb24 Far(Rgb24 color) => color.R < 128 ? new(255, 255, 255) : new(0, 0, 0);

    private static SixLabors.ImageSharp.Metadata.Profiles.Xmp.XmpProfile? Xmp(string file) => Image.Identify(file).Metadata.XmpProfile;

    // What Pillow, with libjpeg and libwebp, makes of pictures, their XMP kept.
    public static Func<int, int, string> Reencode(string folder, List<string> files, int[] qualities)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3",
            [Path.Combine(AppContext.BaseDirectory, "reencode.py"),
                .. qualities.Select(quality => quality.ToString(CultureInfo.InvariantCulture))])
        { RedirectStandardInput = true })!;
        foreach (var file in files)
            process.StandardInput.WriteLine(file);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0 ? (i, quality) => $"{files[i]}.f{quality}.jpg"
            : throw new InvalidOperationException($"Pillow failed in {folder}.");
    }
}
