using System.Runtime.CompilerServices;
using GanOnnx.Export.Native;

namespace GanOnnx.Training.Tests;

/// <summary>Finalizers that free what native code still reads wait until it doesn't. <c>GanOnnx.Benchmarks training-soak</c> trains so,
/// beside a thread
/// that collects garbage all the time.</summary>
[NonParallelizable]
public sealed class HeldFinalizersTests
{
    private static int _finalized;

    [Test]
    public void Nothing_is_finalized_while_held_however_often_garbage_is_collected()
    {
        using (var held = new HeldFinalizers())
        {
            _finalized = 0;
            var neighbour = new Thread(() =>
            {
                for (var i = 0; i < 20; i++)
                {
                    Drop();
                    GC.Collect();
                }
            });
            neighbour.Start();
            neighbour.Join();
            GC.Collect(); // the last one may have stood in the neighbour's stack while it collected
            Thread.Sleep(200);
            Assert.That(_finalized, Is.Zero);

            held.Rest();
            Assert.That(_finalized, Is.Zero, "a second isn't over");
            Thread.Sleep(1000);
            held.Rest();
            Assert.That(_finalized, Is.EqualTo(20));

            Drop();
            GC.Collect();
            Thread.Sleep(200);
            Assert.That(_finalized, Is.EqualTo(20), "held again");
        }
        GC.WaitForPendingFinalizers();
        Assert.That(_finalized, Is.EqualTo(21));
    }

    [Test]
    public void Two_hold_until_both_let_go()
    {
        _finalized = 0;
        using (var first = new HeldFinalizers())
        {
            using (var second = new HeldFinalizers())
            {
                Drop();
                GC.Collect();
                Thread.Sleep(1100);
                second.Rest();
                Assert.That(_finalized, Is.Zero, "the other may be in native code");
                second.Dispose();
            }
            Thread.Sleep(100);
            Assert.That(_finalized, Is.Zero);
        }
        GC.WaitForPendingFinalizers();
        Assert.That(_finalized, Is.EqualTo(1));
    }

    // A process that ends waits for them, whoever still trains.
    [Test]
    public void They_are_not_held_for_ever()
    {
        using var held = new HeldFinalizers();
        _finalized = 0;
        Drop();
        GC.Collect();
        Assert.That(() => _finalized, Is.EqualTo(1).After(20_000, 100));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop() => _ = new Counted();

    private sealed class Counted
    {
        ~Counted() => Interlocked.Increment(ref _finalized);
    }
}
