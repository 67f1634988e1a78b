using System.Diagnostics;
using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Walks from seed to seed with the model that is shipped.</summary>
public sealed class InterpolationTests
{
    private const string Model = "fashion-dcgan";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_folder_gets_a_picture_per_frame_and_passes_every_seed()
    {
        var walked = Gan.Succeed("interpolate", Model, "--seeds", "1,5,9", "--frames", "12", "--batch", "5", "--out", _folder["walk"]);
        Gan.Succeed("generate", Model, "--seeds", "1,5,9", "--out", _folder["seeds"]);

        Assert.That(walked.Output, Does.StartWith($"{_folder["walk"]}: 12 frames in "));
        Assert.That(Names(_folder["walk"]), Is.EqualTo(Enumerable.Range(0, 12).Select(i => $"frame-{i:0000}.png")));
        foreach (var (frame, seed) in new[] { (0, 1), (4, 5), (8, 9) })
            Assert.That(Difference($"walk/frame-{frame:0000}.png", $"seeds/seed{seed:0000}.png"), Is.LessThanOrEqualTo(1),
                $"seed {seed}; another batch size may round a byte the other way");
        // Two garments differ by 55 on average; a frame is near to its neighbours, the last one to the first.
        for (var frame = 0; frame < 12; frame++)
            Assert.That(MeanDifference(frame, (frame + 1) % 12), Is.InRange(0.01, 45), $"frame {frame}");
    }

    [Test]
    public void An_open_walk_ends_at_the_last_seed()
    {
        Gan.Succeed("interpolate", Model, "--seeds", "1,5", "--frames", "5", "--no-loop", "--out", _folder["walk"]);
        Gan.Succeed("generate", Model, "--seeds", "5", "--out", _folder["seeds"]);

        Assert.That(Difference("walk/frame-0004.png", "seeds/seed0005.png"), Is.LessThanOrEqualTo(1));
        Assert.That(Provenance.Read(_folder["walk/frame-0002.png"])!.Frames, Is.EqualTo("2 of 5, open"));
    }

    [Test]
    public void A_gif_has_every_frame_for_its_time_and_plays_for_ever()
    {
        Gan.Succeed("interpolate", Model, "--seeds", "1,5,9", "--frames", "30", "--fps", "20", "--out", _folder["walk.gif"]);

        var tags = ExifTool.Read(_folder["walk.gif"]);
        Assert.That(tags["GIF:FrameCount"], Is.EqualTo("30"));
        Assert.That(tags["GIF:Duration"], Is.EqualTo("1.5"));
        Assert.That(tags["GIF:AnimationIterations"], Is.EqualTo("0"), "0 is for ever");
        Assert.That((tags["GIF:ImageWidth"], tags["GIF:ImageHeight"]), Is.EqualTo(("64", "64")), "32 pixels are too small to look at");
    }

    [Test]
    public void A_gif_shows_what_a_folder_holds()
    {
        Gan.Succeed("interpolate", Model, "--seeds", "1,5,9", "--frames", "6", "--out", _folder["walk.gif"]);
        Gan.Succeed("interpolate", Model, "--seeds", "1,5,9", "--frames", "6", "--out", _folder["walk"]);

        for (var frame = 0; frame < 6; frame++)
        {
            Tool.Run("gifsicle", "--unoptimize", _folder["walk.gif"], $"#{frame}", "--output", _folder["frame.gif"]);
            var shown = ImageReader.Read(_folder["frame.gif"], 64, 1);
            var held = ImageReader.Read(_folder[$"walk/frame-{frame:0000}.png"], 32, 1);
            Assert.That(shown, Is.EqualTo(Enumerable.Range(0, 64 * 64).Select(i => held[i / 64 / 2 * 32 + i % 64 / 2])), $"frame {frame}");
        }
    }

    [Test]
    public void Without_loop_a_gif_plays_once()
    {
        Gan.Succeed("interpolate", Model, "--seeds", "1,5", "--no-loop", "--out", _folder["walk.gif"]);

        var tags = ExifTool.Read(_folder["walk.gif"]);
        Assert.That(tags["GIF:FrameCount"], Is.EqualTo("48"), "24 for each seed");
        Assert.That(tags.Keys, Does.Not.Contain("GIF:AnimationIterations"));
        Assert.That(tags["XMP-gan:Frames"], Is.EqualTo("0-47 of 48, open"));
    }

    [Test]
    public void A_conditional_model_keeps_one_label()
    {
        using var models = new ModelFolder();
        var model = models.Save(TestModels.LabelAsPixel("shirt", "shoe", "bag"));

        Gan.Succeed("interpolate", model, "--seeds", "1,2", "--frames", "4", "--label", "shoe", "--out", _folder["shoes"]);
        Gan.Succeed("generate", model, "--seeds", "1", "--label", "shoe", "--out", _folder["seeds"]);
        var unlabelled = Gan.Run("interpolate", model, "--seeds", "1,2", "--out", _folder["x.gif"]);

        for (var frame = 0; frame < 4; frame++)
            Assert.That(Difference($"shoes/frame-{frame:0000}.png", "seeds/seed0001.png"), Is.Zero);
        Assert.That(Provenance.Read(_folder["shoes/frame-0000.png"])!.Label, Is.EqualTo("1"));
        Assert.That(unlabelled.ExitCode, Is.EqualTo(2));
        Assert.That(unlabelled.Error, Does.Contain(
            "is conditional, and a walk keeps to one class: give it by name or number with --label."));
    }

    [Test]
    public void Json_tells_what_was_made()
    {
        var result = JsonNode.Parse(Gan.Succeed("interpolate", Model, "--seeds", "1,5", "--frames", "4", "--json", "--out",
            _folder["walk.gif"]).Output)!;

        Assert.That((string?)result["output"], Is.EqualTo(_folder["walk.gif"]));
        Assert.That((int?)result["frames"], Is.EqualTo(4));
        Assert.That((string?)result["sha256"], Has.Length.EqualTo(64));
    }

    [Test]
    public void Ctrl_C_leaves_no_half_animation()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Sending Ctrl-C to one process takes a console of its own on Windows.");
        using var process = Gan.Start(
            ["interpolate", Model, "--seeds", "1,5", "--frames", "1000000", "--batch", "4", "--device", "cpu", "--out",
            _folder["walk.gif"]]);
        var patience = Stopwatch.StartNew();
        while (Directory.GetFiles(_folder.Path).Length == 0)
        {
            if (process.HasExited || patience.Elapsed > TimeSpan.FromMinutes(3))
                Assert.Fail("The walk didn't begin.");
            Thread.Sleep(20);
        }
        Process.Start("sh", ["-c", $"kill -INT {process.Id}"]).WaitForExit();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.EqualTo(130));
        Assert.That(process.StandardError.ReadToEnd(), Does.EndWith("gan: interrupted.\n"));
        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
    }

    private int Difference(string one, string other) => Differences(one, other).Max();

    private double MeanDifference(int one, int other) =>
        Differences($"walk/frame-{one:0000}.png", $"walk/frame-{other:0000}.png").Average();

    private IEnumerable<int> Differences(string one, string other) =>
        ImageReader.Read(_folder[one], 32, 1).Zip(ImageReader.Read(_folder[other], 32, 1), (a, b) => Math.Abs(a - b));

    private static IEnumerable<string?> Names(string folder) =>
        Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
