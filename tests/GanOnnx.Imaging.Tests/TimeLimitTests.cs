using GanOnnx.Imaging.Decoding;

namespace GanOnnx.Imaging.Tests;

public sealed class TimeLimitTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(50), _long = TimeSpan.FromSeconds(20);

    [Test]
    public void Run_GivesTheResult() => Assert.That(TimeLimit.Run(_long, _ => 7), Is.EqualTo(7));

    [Test]
    public void Run_WorkThatFails_ThrowsWhatItThrew() =>
        Assert.That(() => TimeLimit.Run<int>(_long, _ => throw new InvalidDataException("so")),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("so"));

    [Test]
    public void Run_WorkThatNeverEnds_IsGivenUpAndToldSo()
    {
        using var told = new ManualResetEventSlim();
        Assert.That(() => TimeLimit.Run(_short, stop =>
        {
            stop.WaitHandle.WaitOne();
            told.Set();
            return 0;
        }), Throws.TypeOf<TimeoutException>());

        Assert.That(told.Wait(_long), "the work's token is cancelled");
        Assert.That(TimeLimit.Run(_long, _ => 8), Is.EqualTo(8), "the next work has a thread");
    }

    [Test]
    public void Run_FromManyThreads_GivesEachItsOwn() =>
        Assert.That(Enumerable.Range(0, 2000).AsParallel().WithDegreeOfParallelism(8).All(i => TimeLimit.Run(_long, _ => i) == i));
}
