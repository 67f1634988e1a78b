using System.Collections.Concurrent;
using GanOnnx.Training.Distributed;

namespace GanOnnx.Training.Tests.Distributed;

public sealed class WorkersTests
{
    private const int Length = 1003; // not a whole number of vectors

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(8)]
    public void Sum_AnyNumberOfWorkers_HasTheSameBits(int count)
    {
        const int Parts = 8;
        var random = new Random(5);
        var parts = Enumerable.Range(0, Parts).Select(_ => Enumerable.Range(0, Length)
            .Select(_ => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, random.Next(8))).ToArray()).ToArray();
        var expected = Tree(parts);

        // Each worker adds its own parts along the same tree, as shards are.
        var sums = Run(count, workers =>
        {
            var own = Parts / count;
            var sum = Tree(parts[(workers.Rank * own)..((workers.Rank + 1) * own)]);
            workers.Sum(sum, new float[Length]);
            return sum;
        });

        Assert.That(sums, Has.All.EqualTo(expected));
        Assert.That(expected, Is.Not.EqualTo(InOrder(parts)), "or the order of additions wouldn't be tested");
    }

    [Test]
    public void Gather_GivesWhatEachSaysByItsNumber() =>
        Assert.That(Run(4, workers => workers.Gather(new string('a', 10 * workers.Rank) + "é")),
            Has.All.EqualTo(new[] { "é", new string('a', 10) + "é", new string('a', 20) + "é", new string('a', 30) + "é" }));

    [Test]
    public void First_IsWhatTheFirstOneSays() =>
        Assert.That(Run(4, workers => workers.First($"of {workers.Rank}")), Has.All.EqualTo("of 0"));

    [TestCase(-1, false)]
    [TestCase(0, true)]
    [TestCase(3, true)]
    public void Any_OneSaysYes_AllHearIt(int who, bool expected) =>
        Assert.That(Run(4, workers => workers.Any(workers.Rank == who)), Has.All.EqualTo(expected));

    [Test]
    public void Compare_AWorkerKnowsSomethingElse_ItIsNamed()
    {
        var messages = Run(4, workers =>
        {
            try
            {
                workers.Compare(new Dictionary<string, string> { ["batchSize"] = workers.Rank == 2 ? "32" : "64", ["init"] = "" });
                return "";
            }
            catch (TrainingException e)
            {
                return e.Message;
            }
        });
        Assert.That(messages, Has.All.EqualTo("The workers of a run need the same options, data and versions, but worker 2 on host2 has "
            + "batchSize 32, not 64 as worker 0 on host0."));
    }

    [Test]
    public void Compare_AllKnowTheSame_SaysNothing() => Assert.That(
        () => Run(2, workers => { workers.Compare(new Dictionary<string, string> { ["data"] = "a" }); return 0; }), Throws.Nothing);

    private static float[] Tree(IReadOnlyList<float[]> parts) => parts.Count == 1 ? [.. parts[0]]
        : [.. Tree([.. parts.Take(parts.Count / 2)]).Zip(Tree([.. parts.Skip(parts.Count / 2)]), (a, b) => a + b)];

    private static float[] InOrder(IReadOnlyList<float[]> parts) =>
        parts.Aggregate((sum, part) => [.. sum.Zip(part, (a, b) => a + b)]);

    // Workers of this process, a thread each.
    private static T[] Run<T>(int count, Func<Workers, T> work)
    {
        var mail = new ConcurrentDictionary<(int From, int To), BlockingCollection<byte[]>>();
        var results = new T[count];
        var threads = Enumerable.Range(0, count).Select(rank => Task.Factory.StartNew(() =>
        {
            var workers = new Workers(new Threads(rank, count, mail));
            workers.Begin();
            results[rank] = work(workers);
        }, TaskCreationOptions.LongRunning)).ToArray();
        Assert.That(Task.WaitAll(threads, TimeSpan.FromMinutes(1)), Is.True, "the workers wait for each other");
        return results;
    }

    private sealed class Threads(int rank, int count, ConcurrentDictionary<(int From, int To), BlockingCollection<byte[]>> mail)
        : ICommunicator
    {
        public int Rank => rank;

        public int Count => count;

        public string Host => $"host{rank}";

        public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received)
        {
            mail.GetOrAdd((rank, partner), _ => []).Add(sent.ToArray());
            mail.GetOrAdd((partner, rank), _ => []).Take().CopyTo(received);
        }

        public void Leave()
        {
        }

        public void Abort(int code)
        {
        }
    }
}
