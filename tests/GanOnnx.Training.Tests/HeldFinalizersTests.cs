using System.Runtime.CompilerServices;
using GanOnnx.Export.Native;

namespace GanOnnx.Training.Tests;

/// <summary>Finalizers that free what native code still reads wait until it doesn't.</summary>
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

    // Without it, batch normalization's or another operator's number is gone within 300 such steps.
    [Test]
    public void A_run_beside_a_thread_that_collects_garbage_is_the_same_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        Train(folder["calm"]);
        using var stop = new CancellationTokenSource();
        var neighbour = new Thread(() =>
        {
            var kept = new byte[64][];
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                kept[i % kept.Length] = new byte[10_000];
                if (i % 100 == 0)
                    GC.Collect(0);
            }
        });
        neighbour.Start();
        try
        {
            Train(folder["busy"]);
        }
        finally
        {
            stop.Cancel();
            neighbour.Join();
        }
        Assert.That(File.ReadAllBytes(folder["busy/checkpoint.safetensors"]), Is.EqualTo(File.ReadAllBytes(folder["calm/checkpoint.safetensors"])));
    }

    private static void Train(string folder) => Trainer.Run(new()
    {
        Data = "synthetic:digits",
        Folder = folder,
        Options = new()
        {
            Architecture = "dcgan",
            Width = 1,
            LatentSize = 4,
            BatchSize = 4,
            Kimg = 1,
            TickKimg = 1,
            SnapshotKimg = 0,
            Augmentations = "instance-noise",
        },
    }, new RecordingMonitor());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop() => _ = new Counted();

    private sealed class Counted
    {
        ~Counted() => Interlocked.Increment(ref _finalized);
    }
}
