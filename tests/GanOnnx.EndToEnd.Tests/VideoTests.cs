using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using GanOnnx.Video;
using Google.Protobuf;
using SixLabors.ImageSharp;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The verbs on a model that makes clips, the shipped one.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VideoTests : IDisposable
{
    private const string Model = "digits-moving";

    private static readonly string _shipped = Path.Combine(Repository.Root, "models", Model);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Clips_move_beside_each_other_in_a_file_that_says_what_it_is()
    {
        var result = Gan.Succeed("generate", Model, "--label", "7", "--seeds", "0,4-5", "--columns", "3", "--scale", "1", "--out", _folder["seven.gif"], "--json");

        using var generator = VideoGenerator.Load(_shipped);
        using var gif = Image.Load<SixLabors.ImageSharp.PixelFormats.L8>(_folder["seven.gif"]);
        Assert.That((gif.Frames.Count, gif.Width, gif.Height), Is.EqualTo((16, 3 * 34 - 2, 32)));
        var clip = generator.Generate(1, 5, label: 7);
        var bytes = new byte[32 * 32];
        for (var frame = 0; frame < 16; frame++)
        {
            clip.FramesOf(0).CopyBytesTo(frame, bytes);
            for (var i = 0; i < bytes.Length; i++)
                Assert.That((int)gif.Frames[frame][2 * 34 + i % 32, i / 32].PackedValue, Is.EqualTo(bytes[i]).Within(1), $"frame {frame}");
        }
        Assert.That(Provenance.Read(_folder["seven.gif"]), Is.EqualTo(new Provenance
        {
            Model = Model,
            ModelSha256 = generator.Model.Sha256,
            Seeds = "0,4-5",
            Indices = "0",
            Label = "7",
        }));
        var json = JsonNode.Parse(result.Output)!;
        Assert.That(((int)json["clips"]!, (int)json["frames"]!, (double)json["framesPerSecond"]!, (int)json["files"]![0]!["clips"]![2]!["seed"]!),
            Is.EqualTo((3, 16, 8.0, 5)));
    }

    [Test]
    public void A_folder_gets_a_file_each_and_loses_nothing()
    {
        var words = Gan.Succeed("generate", Model, "--label", "all", "--count", "10", "--out", _folder["digits"], "--unsigned").Output;
        Assert.That(words, Does.StartWith($"{_folder["digits"]}: 10 clips of 16 frames in "));
        Assert.That(Directory.GetFiles(_folder["digits"]), Has.Length.EqualTo(10));
        var before = File.ReadAllBytes(_folder["digits/seed0000-000003.gif"]);
        Gan.Succeed("generate", Model, "--label", "all", "--count", "10", "--out", _folder["digits"], "--unsigned");
        Assert.That(File.ReadAllBytes(_folder["digits/seed0000-000003.gif"]), Is.EqualTo(before));

        using (var own = new Image<SixLabors.ImageSharp.PixelFormats.L8>(8, 8))
            own.SaveAsGif(_folder["digits/seed0000-000003.gif"]);
        var mine = File.ReadAllBytes(_folder["digits/seed0000-000003.gif"]);
        var refused = Gan.Run("generate", Model, "--count", "10", "--out", _folder["digits"]);
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, $"gan: '{_folder["digits/seed0000-000003.gif"]}' is there and doesn't say that gan made it, so "
            + $"it isn't replaced. Move it away, or give another folder.{Environment.NewLine}")));
        Assert.That(File.ReadAllBytes(_folder["digits/seed0000-000003.gif"]), Is.EqualTo(mine));
    }

    [Test]
    public void Verify_makes_them_again()
    {
        Gan.Succeed("generate", Model, "--label", "1,2", "--count", "7", "--seed", "9", "--columns", "4", "--out", _folder["all/grid.gif"]);
        Gan.Succeed("generate", Model, "--seeds", "3,5", "--out", _folder["all"]);
        Assert.That(Gan.Succeed("verify", _folder["all"]).Output, Does.EndWith("holds: 3\n").And.Contain("grid.gif: holds: it was made again, and is that clip.")
            .And.Contain("made again: 16 frames, equal pixels."));

        // Of one clip that says it is another one's.
        using var generator = VideoGenerator.Load(_shipped);
        var forged = Provenance.Of(generator.Model, new Sample(3)) with { Seeds = "4" };
        VideoFile.Save(generator.Generate(1, 3), 0, _folder["forged.gif"], forged);
        var result = Gan.Run("verify", _folder["forged.gif"]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, result.Output)));
        Assert.That(result.Output, Does.Contain("forged.gif: DOESN'T HOLD."));
        VideoFile.Save(generator.Generate(1, 3), 0, _folder["much.gif"], forged with { Seeds = "0-99999" });
        Assert.That(Gan.Run("verify", _folder["much.gif"]).Output, Does.Contain("100,000 images are more than the 4,096 that are made to check one file."));
        // A picture that says that a model of clips made it.
        using var still = generator.Generate(1, 3).FramesOf(0).ToImage(0);
        ImageFile.Save(still, _folder["still.png"], new() { Provenance = Provenance.Of(generator.Model, new Sample(3)) });
        Assert.That(Gan.Run("verify", _folder["still.png"]).ExitCode, Is.Not.Zero);
    }

    [Test]
    public void An_mp4_is_written_where_ffmpeg_is_and_says_what_it_is()
    {
        var made = Gan.Run("generate", Model, "--label", "3", "--count", "4", "--out", _folder["three.mp4"]);
        var walk = Gan.Run("interpolate", "fashion-dcgan", "--seeds", "1,2", "--frames", "10", "--fps", "12.5", "--out", _folder["walk.mp4"]);
        if (!VideoFile.CanWriteMp4)
        {
            foreach (var result in new[] { made, walk })
                Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2,
                    "gan: MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or give a .gif file.")));
            Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
            return;
        }
        Assert.That((made.ExitCode, walk.ExitCode), Is.EqualTo((0, 0)), made.Error + walk.Error);
        Assert.That((VideoFile.ReadMp4Provenance(_folder["three.mp4"])!.Label, VideoFile.ReadMp4Provenance(_folder["walk.mp4"])!.Frames),
            Is.EqualTo(("3", "0-9 of 10")));
        Assert.That(Tool.Run("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames,r_frame_rate", "-of", "csv=p=0", _folder["walk.mp4"]).Trim(),
            Is.EqualTo("25/2,10"));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Has.Length.EqualTo(2), "nothing else is left");
        var verified = Gan.Run("verify", _folder["three.mp4"]);
        Assert.That(verified.ExitCode, Is.EqualTo(1));
        Assert.That(verified.Output, Does.Contain("three.mp4: not proven.").And.Contain("made again: no, an MP4 file has lost pixels, and can't be compared."));
    }

    [Test]
    public void Verify_tells_other_mp4_files_apart()
    {
        File.WriteAllBytes(_folder["other.mp4"], [0, 0, 0, 12, .. "ftypisom"u8, 0, 0, 0, 8, .. "moov"u8]);
        File.WriteAllBytes(_folder["cut.mp4"], [0, 0, 0, 12, .. "ftypisom"u8]);
        File.WriteAllText(_folder["text.mp4"], "no clip");
        var other = Gan.Run("verify", _folder["other.mp4"]);
        Assert.That((other.ExitCode, other.Output.TrimEnd()), Is.EqualTo((1, $"{_folder["other.mp4"]}: says nothing of its origin.")));
        var cut = Gan.Run("verify", _folder["cut.mp4"]);
        Assert.That((cut.ExitCode, cut.Output), Is.EqualTo((2, $"{_folder["cut.mp4"]}: can't be read.\n  '{_folder["cut.mp4"]}' is cut short.\n")));
        var text = Gan.Run("verify", _folder["text.mp4"]);
        Assert.That((text.ExitCode, text.Output), Is.EqualTo((2, $"{_folder["text.mp4"]}: can't be read.\n  '{_folder["text.mp4"]}' is no MP4 file.\n")));
    }

    [Test]
    public void Inspect_tells_what_they_are()
    {
        var output = Gan.Succeed("inspect", Model).Output;
        Assert.That(output, Does.Contain("understood as    noise to clips of 16 frames of 1 × 32 × 32, 8 a second, -1 to 1")
            .And.Contain("gan.task         video").And.Contain("gan.video        {\"framesPerSecond\":8}"));
        Assert.That((double)JsonNode.Parse(Gan.Succeed("inspect", Model, "--json").Output)!["metadata"]!["gan.video"]!["framesPerSecond"]!, Is.EqualTo(8));
    }

    [TestCase("--prompt is for pictures, not for clips; leave it out, or choose a model that makes pictures.", "--out", "a.gif", "--prompt", "seven")]
    [TestCase("--watermark is for pictures, not for clips; leave it out, or choose a model that makes pictures.", "--out", "clips", "--watermark", "weak")]
    [TestCase("--bgr is for pictures, not for clips; leave it out, or choose a model that makes pictures.", "--out", "a.gif", "--bgr")]
    [TestCase("--columns is for a grid; leave it out, or name a .gif or .mp4 file with --out.", "--out", "clips", "--columns", "3")]
    [TestCase("--columns 0 is out of range; 1 to 4096 is expected.", "--out", "a.gif", "--columns", "0")]
    [TestCase("--sign-key is for .gif files; .mp4 files aren't signed.", "--out", "a.mp4", "--sign-key", "key.pem")]
    [TestCase("10,000 clips of 16 frames are too many for one file; ask for 3,906 or fewer, or give a folder for --out.", "--out", "a.gif", "--count", "10000")]
    [TestCase("'digits-moving' makes clips; give a .gif or .mp4 file or a folder for --out.", "--out", "a.png")]
    [TestCase("'MODEL' is a model to make clips; one to make sounds is expected. Choose another model.", "--out", "a.wav")]
    [TestCase("'MODEL' has no class 'eleven'. Its classes are 0 0, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6, 7 7, 8 8, 9 9; give a name or a number.",
        "--out", "a.gif", "--label", "eleven")]
    public void What_cant_be_is_refused_in_a_sentence(string message, params string[] options)
    {
        var result = Gan.Run(["generate", Model, .. options.Select(option => option is "a.gif" or "a.mp4" or "a.png" or "a.wav" or "clips" ? _folder[option] : option)]);
        Assert.That((result.ExitCode, result.Error.TrimEnd()),
            Is.EqualTo((2, $"gan: {message.Replace("MODEL", Path.Combine(_shipped, "model.onnx"), StringComparison.Ordinal)}")));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void Walks_in_mp4_files_arent_signed_and_it_is_said()
    {
        var result = Gan.Run("interpolate", "fashion-dcgan", "--seeds", "1,2", "--sign-key", "k.pem", "--sign-cert", "c.pem", "--out", _folder["walk.mp4"]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error.TrimEnd(), Is.EqualTo(VideoFile.CanWriteMp4 ? "gan: --sign-key is for .gif files; .mp4 files aren't signed."
            : "gan: MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or give a .gif file."));
    }

    [TestCase("interpolate", "--seeds", "1,2", "--out", "walk.gif")]
    [TestCase("augment", "--per-class", "2", "--out", "set")]
    [TestCase("quantize", "--out", "small.onnx")]
    [TestCase("generate", "--format", "zip", "--out", "set")]
    public void Verbs_of_pictures_refuse_it(string verb, params string[] options)
    {
        var result = Gan.Run([verb, Model, .. options.Select(option => option is "walk.gif" or "set" or "small.onnx" ? _folder[option] : option)]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((2, result.Error)));
        Assert.That(result.Error, Does.Contain("is a model to make clips; one to generate is expected. Choose another model."));
    }

    [Test]
    public void A_model_of_pictures_makes_no_clips()
    {
        var result = Gan.Run("generate", "fashion-dcgan", "--out", _folder["a.gif"]);
        Assert.That((result.ExitCode, File.Exists(_folder["a.gif"])), Is.EqualTo((2, false)));
        Assert.That(result.Error, Does.Contain("is a model to generate; one to make clips is expected. Choose another model."));
    }

    // Names that are other classes' numbers, and clips of three channels.
    [Test]
    public void Verify_takes_labels_for_the_numbers_that_they_are()
    {
        File.WriteAllBytes(_folder["tiny.onnx"], TestModels.Moving(["1", "2", "0"], channels: 3).Model.ToByteArray());
        Gan.Succeed("generate", _folder["tiny.onnx"], "--label", "2", "--count", "3", "--out", _folder["two.gif"]);
        Assert.That(Provenance.Read(_folder["two.gif"])!.Label, Is.EqualTo("1"));
        Assert.That(Gan.Succeed("verify", _folder["two.gif"], "--model", _folder["tiny.onnx"]).Output, Does.Contain("two.gif: holds: it was made again, and is that clip."));
    }

    [Test]
    public void Evaluate_compares_frames_and_motion()
    {
        var result = JsonNode.Parse(Gan.Succeed("evaluate", Model, "--data", "synthetic:moving-digits", "--count", "60", "--metrics", "variety", "--json").Output)!;
        Assert.That(((int)result["images"]!, (int)result["real"]!["size"]!, (int)result["clips"]!["clips"]!), Is.EqualTo((60, 32, 60)));
        Assert.That((double)result["clips"]!["motion"]! / (double)result["clips"]!["realMotion"]!, Is.InRange(0.8, 1.25));
        var refused = Gan.Run("evaluate", Model, "--data", "synthetic:digits", "--count", "60");
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.EndWith($"makes clips, and 'synthetic:digits' has none. Give clips.{Environment.NewLine}"));
    }

    [TestCase("digits-moving", "MIT", 1, "digits.gif")]
    [TestCase("characters-turning", "CC-BY-SA-3.0", 3, "characters.gif")]
    public void Its_card_has_every_section_and_its_file_says_how_it_came_about(string model, string license, int channels, string clips)
    {
        var folder = Path.Combine(Repository.Root, "models", model);
        ModelCard.AssertWhole(folder);
        using var generator = VideoGenerator.Load(folder);
        var metadata = generator.Model.Metadata!;
        Assert.That((metadata.License, generator.Channels, generator.Frames), Is.EqualTo((license, channels, 16)));
        Assert.That(metadata.Training!.ImagesSeen, Is.Positive);
        Assert.That(new FileInfo(Path.Combine(folder, "model.onnx")).Length, Is.LessThan(15_000_000));
        Assert.That(Gan.Succeed("verify", Path.Combine(folder, clips)).Output, Does.Contain($"{clips}: holds: "));
    }
}
