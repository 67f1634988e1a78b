namespace GanOnnx.Training.Tests;

public sealed class LearningRateScheduleTests
{
    private static readonly TrainingOptions _options = new() { Kimg = 10, BatchSize = 100 };

    [TestCase("constant", 0, 1)]
    [TestCase("constant", 9_900, 1)]
    [TestCase("linear", 0, 1)]
    [TestCase("linear", 5_000, 0.5)]
    [TestCase("linear", 10_000, 0)]
    [TestCase("constant-linear", 5_000, 1)]
    [TestCase("constant-linear", 7_500, 0.5)]
    [TestCase("constant-linear", 10_000, 0)]
    [TestCase("cosine", 2_500, 0.853553, Description = "(1 + cos π/4) / 2")]
    [TestCase("cosine", 5_000, 0.5)]
    [TestCase("cosine", 10_000, 0)]
    public void At_follows_the_schedule_to_the_end(string schedule, long images, double part) =>
        Assert.That(LearningRateSchedule.At(_options with { Schedule = schedule }, images), Is.EqualTo(part).Within(1e-6));

    [TestCase(0, 100 / 1100.0, Description = "never 0: that step would be lost")]
    [TestCase(500, 600 / 1100.0)]
    [TestCase(1_000, 1, Description = "the warm-up's end is the schedule's beginning")]
    [TestCase(5_500, 0.5)]
    public void At_rises_over_the_warm_up(long images, double part) =>
        Assert.That(LearningRateSchedule.At(_options with { Schedule = "linear", WarmupKimg = 1 }, images), Is.EqualTo(part).Within(1e-6));
}
