using System.Text.RegularExpressions;
using GanOnnx.Imaging;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Monitoring;
using SixLabors.ImageSharp;

namespace GanOnnx.Training.Tests;

/// <summary>What a run shows before its first tick, while it is trained, and when it has ended.</summary>
public sealed class FirstSecondTests
{
    private static readonly TrainingOptions _tiny = new()
    {
        Architecture = "mlp",
        Width = 1,
        LatentSize = 4,
        BatchSize = 50,
        Kimg = 2,
        TickKimg = 1,
        Augmentations = "ada",
    };

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Real_images_first_samples_and_the_report_are_there_at_the_first_step()
    {
        string[] there = [];
        var page = "";
        Train("first", new RecordingMonitor(step =>
        {
            if (step != 1)
                return;
            there = [.. Directory.GetFiles(_folder["first/samples"]).Select(Path.GetFileName).OfType<string>()];
            page = File.ReadAllText(_folder["first/report.html"]);
        }));

        Assert.That(there, Is.EquivalentTo(["reals.png", "kimg-000000.png"]));
        Assert.That(page, Does.Contain("Training has begun").And.Contain("<figcaption>Generated</figcaption>")
            .And.Contain("<figcaption>Real</figcaption>").And.Contain("data-reload=\"20\""));
    }

    [Test]
    public void The_report_is_told_at_the_start()
    {
        var monitor = Train("told");
        Assert.That(monitor.Start!.Report, Is.EqualTo(_folder["told/report.html"]));
    }

    [Test]
    public void The_report_renews_itself_until_training_ends()
    {
        var page = "";
        Train("renews", new RecordingMonitor(step => page = step == 25 ? Page("renews") : page));
        Assert.That(page, Does.Match("""<body data-reload="20" data-written="\d+" data-patience="3600">""")
            .And.Match(" of training, about 0 min \\d\\d s left\\. <span id=\"live\">"));
        Assert.That(Page("renews"), Does.Contain("<body>").And.Not.Contain("id=\"live\""));
    }

    [Test]
    public void The_report_renews_itself_no_more_where_training_is_stopped_or_fails()
    {
        using var stop = new CancellationTokenSource();
        Train("stopped", new RecordingMonitor(step => { if (step == 3) stop.Cancel(); }), stop.Token);
        Assert.Throws<InvalidOperationException>(() => Train("failed", new RecordingMonitor(_ => throw new InvalidOperationException())));
        Assert.That(Page("stopped"), Does.Contain("<body>"));
        Assert.That(Page("failed"), Does.Contain("<body>"));
    }

    [Test]
    public void A_folder_that_is_gone_is_not_made_for_the_report()
    {
        Assert.That(() => Train("gone", new RecordingMonitor(
                step => { if (step == 3) Directory.Delete(_folder["gone"], recursive: true); })),
            Throws.TypeOf<RunFolderLostException>());
        Assert.That(Directory.Exists(_folder["gone"]), Is.False);
    }

    [Test]
    public void Real_images_are_not_marked_as_generated_and_are_replaced_when_a_run_goes_on()
    {
        Train("real");
        var before = File.ReadAllBytes(_folder["real/samples/reals.png"]);
        Assert.That(Provenance.Read(_folder["real/samples/reals.png"])!.DigitalSourceType, Does.EndWith("/composite"));
        Assert.That(Image.Identify(_folder["real/samples/reals.png"]).Width, Is.GreaterThan(8 * 32), "64 images in eight columns");
        Train("real", options: _tiny with { Kimg = 3 }, resume: true);
        Assert.That(File.ReadAllBytes(_folder["real/samples/reals.png"]), Is.EqualTo(before));
    }

    [Test]
    public void A_picture_of_peoples_own_with_that_name_is_left()
    {
        Train("own");
        Images.Save(_folder["own/samples/reals.png"], 1, 2, 3);
        var mine = File.ReadAllBytes(_folder["own/samples/reals.png"]);
        Assert.That(() => Train("own", options: _tiny with { Kimg = 3 }, resume: true),
            Throws.TypeOf<TrainingException>().With.Message.Contains("isn't known to be of this program"));
        Assert.That(File.ReadAllBytes(_folder["own/samples/reals.png"]), Is.EqualTo(mine));
    }

    [Test]
    public void The_probability_of_adaptive_augmentation_is_a_figure()
    {
        // A target that the discriminator is always above: it rises at each adjustment.
        var monitor = Train("ada", options: _tiny with { Augmentations = "ada:-0.99" });
        using var checkpoint = SafetensorsFile.Open(_folder["ada/checkpoint.safetensors"]);
        using var last = TorchSharp.torch.zeros([]);
        checkpoint.CopyTo("state.ada.probability", last);

        var told = monitor.Ticks.Select(t => t[Figures.AugmentationProbability]).ToArray();
        Assert.That(told[1], Is.InRange(0, 1).And.GreaterThan(told[0]!.Value));
        Assert.That(told[1]!.Value, Is.EqualTo(last.item<float>()).Within(20 * 50 / 500_000.0),
            "a tick's mean lies within a tick's change");
        Assert.That(Train("none", options: _tiny with { Augmentations = "flip" }).Ticks[0][Figures.AugmentationProbability], Is.Null);
    }

    [Test]
    public void A_charts_text_is_the_pages_and_its_second_line_is_dashed()
    {
        Train("charts");
        var page = Page("charts");
        Assert.That(Regex.Count(page, "<svg"), Is.EqualTo(Regex.Count(page, "class=\"plot\"")).And.Positive);
        Assert.That(page, Does.Not.Contain("<text").And.Contain("preserveAspectRatio=\"none\"").And.Contain("stroke-dasharray: 7 5"));
    }

    private string Page(string run) => File.ReadAllText(_folder[$"{run}/report.html"]);

    private RecordingMonitor Train(string name, RecordingMonitor? monitor = null, CancellationToken stop = default,
        TrainingOptions? options = null, bool resume = false)
    {
        monitor ??= new RecordingMonitor();
        Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = _folder[name], Options = options ?? _tiny, Resume = resume },
            monitor, stop);
        return monitor;
    }
}
