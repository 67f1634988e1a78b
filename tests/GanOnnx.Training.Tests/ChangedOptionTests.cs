using System.Text.Json.Nodes;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Tests;

/// <summary>What a run that goes on may do otherwise, and what it keeps of that.</summary>
public sealed class ChangedOptionTests
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

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        Train(_tiny, resume: false);
    }

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Rates_augmentation_length_and_tick_change_and_are_written_down()
    {
        var monitor = Train(_tiny with { Kimg = 4, TickKimg = 2, LearningRate = 1e-3, Augmentations = "flip,instance-noise" });

        Assert.That(monitor.Ticks.Select(t => (t.Kimg, t[Figures.GeneratorLearningRate])), Is.EqualTo(new[] { (4L, 1e-3) }));
        Assert.That(Changes(), Is.EqualTo(new[]
        {
            "2 augmentations ada flip,instance-noise", "2 kimg 2 4", "2 learningRate 0.0002 0.001", "2 tickKimg 1 2",
        }));
        Assert.That(monitor.Start!.Changes.Select(c => c.Option), Is.EqualTo(["augmentations", "kimg", "learningRate", "tickKimg"]));
        Assert.That(Trainer.OptionsOf(_folder.Path).LearningRate, Is.EqualTo(1e-3));
    }

    [Test]
    public void The_history_grows_with_each_change()
    {
        Train(_tiny with { Kimg = 3, LearningRate = 1e-3 });
        Train(_tiny with { Kimg = 4, LearningRate = 1e-4 });
        Assert.That(Changes(), Is.EqualTo(new[]
        {
            "2 kimg 2 3", "2 learningRate 0.0002 0.001", "3 kimg 3 4", "3 learningRate 0.001 0.0001",
        }));
    }

    [Test]
    public void Going_on_without_a_change_keeps_the_history()
    {
        Train(_tiny with { Kimg = 3 });
        Train(_tiny with { Kimg = 3 });
        Assert.That(Changes(), Is.EqualTo(new[] { "2 kimg 2 3" }));
    }

    [Test]
    public void A_change_that_a_kill_undid_is_not_written_down()
    {
        // Killed before its first checkpoint, and begun again otherwise.
        Assert.Throws<InvalidOperationException>(() => Train(_tiny with { Kimg = 4, LearningRate = 1e-3 },
            new RecordingMonitor(step => throw new InvalidOperationException())));
        Train(_tiny with { Kimg = 4 });
        Assert.That(Changes(), Is.EqualTo(new[] { "2 kimg 2 4" }));
    }

    [Test]
    public void A_rate_that_changed_is_what_a_run_goes_on_with_to_the_bit()
    {
        using var other = new TemporaryFolder();
        var changed = _tiny with { Kimg = 4, LearningRate = 1e-3 };
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Copy(file, other[Path.GetFileName(file)]);
        Train(changed);

        using var stop = new CancellationTokenSource();
        Train(other, changed, new RecordingMonitor(step => { if (step == 51) stop.Cancel(); }), stop: stop.Token);
        Train(other, changed);

        Assert.That(File.ReadAllBytes(other[Checkpoint.FileName]), Is.EqualTo(File.ReadAllBytes(_folder[Checkpoint.FileName])));
    }

    [Test]
    public void A_length_that_a_schedule_ends_at_stays()
    {
        using var other = new TemporaryFolder();
        var options = _tiny with { Schedule = "linear" };
        Train(other, options, resume: false);
        Assert.That(() => Train(other, options with { Kimg = 4 }), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"The checkpoint in '{other.Path}' was trained for 2 kimg with a learning rate or noise that ends there, so its length can't "
                + "change. Leave the length as it was, or begin a new run with its weights.").And.Property("Option").EqualTo("init"));
    }

    private string[] Changes() => [.. JsonNode.Parse(File.ReadAllText(_folder["run.json"]))!["changes"]!.AsArray()
        .Select(c => $"{c!["kimg"]} {c["option"]} {c["from"]} {c["to"]}")];

    private RecordingMonitor Train(TrainingOptions options, RecordingMonitor? monitor = null, bool resume = true) =>
        Train(_folder, options, monitor, resume);

    private static RecordingMonitor Train(TemporaryFolder folder, TrainingOptions options, RecordingMonitor? monitor = null,
        bool resume = true, CancellationToken stop = default)
    {
        monitor ??= new RecordingMonitor();
        Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = folder.Path, Options = options, Resume = resume }, monitor, stop);
        return monitor;
    }
}
