using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Tests.Monitoring;

/// <summary>Samples are measured beside the data while a run trains.</summary>
public sealed class SampleQualityTests
{
    private readonly TemporaryFolder _folder = new();
    private RecordingMonitor _monitor = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _monitor = new RecordingMonitor();
        Trainer.Run(new TrainingRun
        {
            Data = Digits.Write(_folder["data"], 60, 28),
            Folder = _folder["run"],
            Options = new()
            {
                Architecture = "mlp",
                Condition = "concat",
                Size = 28,
                Width = 4,
                LatentSize = 8,
                BatchSize = 50,
                Kimg = 7,
                TickKimg = 1,
                SnapshotKimg = 0,
                Metrics = "fd,variety",
                MetricsEvery = 6,
            },
        }, _monitor);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Variety_is_told_from_5000_images_on()
    {
        Assert.That(_monitor.Ticks.Select(tick => tick[Figures.Variety] is not null),
            Is.EqualTo(Enumerable.Range(1, 7).Select(kimg => kimg >= 5)));
        Assert.That(_monitor.Ticks[^1][Figures.Variety], Is.InRange(0.01, 1.5));
        Assert.That(_monitor.Ticks[^1][Figures.VarietyInClasses], Is.InRange(0.01, 1.5));
        Assert.That(_monitor.Ticks[^1][Figures.NearDuplicates], Is.InRange(0, 1));
    }

    [Test]
    public void The_evaluation_comes_every_so_many_ticks_and_its_time_is_told()
    {
        Assert.That(_monitor.Ticks.Where(tick => tick[Figure.Extra("fd")] is > 0).Select(tick => tick.Images), Is.EqualTo([6000]));
        Assert.That(_monitor.Ticks[5][Figures.EvaluationSeconds], Is.GreaterThan(0));
    }

    [Test]
    public void The_best_snapshot_is_kept_and_its_figures_go_into_the_file()
    {
        var best = Snapshot.Of(_folder["run"]).Single();
        using var generator = TrainedGenerator.Load(best.Path);
        using var last = TrainedGenerator.Load(_folder["run"]);

        Assert.That((best.IsBest, best.Images), Is.EqualTo((true, 6000L)));
        Assert.That(best.Figures["fd"], Is.EqualTo(_monitor.Ticks[5][Figure.Extra("fd")]));
        Assert.That(generator.Metadata.Training!.Figures, Is.EqualTo(best.Figures));
        Assert.That(generator.Metadata.ToProperties().Single(p => p.Key == "gan.training").Value, Does.Contain("\"figures\":{\"fd\":"));
        Assert.That(last.Metadata.Training!.Figures, Is.Null, "that wasn't measured");
    }
}
