using GanOnnx.Training.Cli;

namespace GanOnnx.EndToEnd.Tests;

public sealed class ExpectedTimeTests
{
    [Test]
    public void A_minute_after_the_first_step_the_whole_runs_time_is_told_once()
    {
        var clock = new Clock();
        var expected = new ExpectedTime(cuda: false, clock);

        Assert.That(expected.At(1, 1000), Is.Null);
        clock.Seconds = 59;
        Assert.That(expected.At(60, 1000), Is.Null);
        clock.Seconds = 60;
        Assert.That(expected.At(61, 1000), Is.EqualTo("The whole run takes about 16 min 40 s; 15 min 39 s are left."));
        clock.Seconds = 61;
        Assert.That(expected.At(62, 1000), Is.Null, "it was told");
    }

    [Test]
    public void A_run_that_goes_on_tells_what_is_left_of_the_whole()
    {
        var clock = new Clock();
        var expected = new ExpectedTime(cuda: false, clock);
        expected.At(901, 1000);
        clock.Seconds = 120;
        Assert.That(expected.At(961, 1000), Is.EqualTo("The whole run takes about 33 min 20 s; 1 min 18 s are left."));
    }

    [Test]
    public void Days_come_with_advice([Values] bool cuda)
    {
        var clock = new Clock();
        var expected = new ExpectedTime(cuda, clock);
        expected.At(1, 200_000);
        clock.Seconds = 60;
        Assert.That(expected.At(61, 200_000), Does.StartWith("The whole run takes about 2.3 days; 2.3 days are left. Less is enough")
            .And.EndsWith(" It can be stopped and resumed.").And.Matches(cuda ? "^((?!GPU).)*$" : "a GPU \\(--device cuda\\)"));
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
