using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Regularizers;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>What a run does where it fails, by a penalty that is no number at some steps.</summary>
public sealed class FailureTests
{
    // 8 kimg in batches of 50: 20 steps a tick; a snapshot at every one.
    private static readonly TrainingOptions _tiny = new()
    {
        Architecture = "mlp",
        Width = 1,
        LatentSize = 4,
        BatchSize = 50,
        Kimg = 8,
        TickKimg = 1,
        SnapshotKimg = 1,
        Regularizers = "breaks",
    };

    private static int _steps;
    private static Func<int, bool> _breaks = _ => false;

    [SetUp]
    public void Register()
    {
        _steps = 0;
        GanRegularizers.Register("breaks", new Regularizer("breaks", 1) { Discriminator = () => new Penalty() });
    }

    [TearDown]
    public void Clean() => GanRegularizers.Catalog.Remove("breaks");

    [Test]
    public void It_goes_back_with_half_the_rates_and_completes()
    {
        using var folder = new TemporaryFolder();
        var monitor = Run(folder, FailureAction.Rollback, step => step == 110);

        Assert.That(monitor.Ticks[^1].Images, Is.EqualTo(8000));
        var after = monitor.Ticks.Single(tick => tick.Warnings.Any(w => w.StartsWith("Went back", StringComparison.Ordinal)));
        Assert.That(after.Images, Is.EqualTo(7000), "the tick with the failure isn't written");
        Assert.That(after.Warnings[0], Is.EqualTo(
            "Went back: the networks are those of 2 kimg again, and the learning rates are 0.5 times what they were at first."));
        Assert.That(after[Figures.GeneratorLearningRate], Is.EqualTo(0.5 * monitor.Ticks[0][Figures.GeneratorLearningRate]!).Within(1e-12));
    }

    [Test]
    public void A_run_that_went_back_and_is_resumed_keeps_its_rates()
    {
        using var folder = new TemporaryFolder();
        var once = Run(folder, FailureAction.Rollback, step => step == 110);
        var more = Run(folder, FailureAction.Rollback, _ => false, _tiny with { Kimg = 9 }, resume: true);
        Assert.That(more.Ticks[^1][Figures.GeneratorLearningRate], Is.EqualTo(once.Ticks[^1][Figures.GeneratorLearningRate]));
    }

    [Test]
    public void It_ends_when_it_fails_for_the_third_time()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Run(folder, FailureAction.Rollback, step => step > 90), Throws.TypeOf<TrainingFailedException>()
            .With.Message.StartsWith("Training has failed again after it went back 2 times: the breaks is NaN"));
    }

    [Test]
    public void Without_a_snapshot_from_before_it_ends()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Run(folder, FailureAction.Rollback, step => step > 5), Throws.TypeOf<TrainingFailedException>()
            .With.Message.StartsWith("Training has failed, and there is no snapshot from before to go back to: "));
    }

    [Test]
    public void Told_to_warn_it_ends_where_figures_are_no_numbers_as_before()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Run(folder, FailureAction.Warn, step => step > 90), Throws.TypeOf<TrainingDivergedException>());
    }

    private static RecordingMonitor Run(TemporaryFolder folder, FailureAction action, Func<int, bool> breaks,
        TrainingOptions? options = null,
        bool resume = false)
    {
        _breaks = breaks;
        var monitor = new RecordingMonitor();
        Trainer.Run(new TrainingRun
        {
            Data = "synthetic:digits",
            Folder = folder["run"],
            Options = options ?? _tiny,
            OnFailure = action,
            Resume = resume,
        }, monitor);
        return monitor;
    }

    private sealed class Penalty : IDiscriminatorRegularizer
    {
        Tensor IDiscriminatorRegularizer.Penalty(DiscriminatorBatch batch) =>
            batch.Score(batch.Real).sum() * (_breaks(++_steps) ? float.NaN : 0);
    }
}
