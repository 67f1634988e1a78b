using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GanOnnx.Export.Native;

/// <summary>
/// Keeps finalizers from running while native code works, until it is disposed. TorchSharp makes a <c>Scalar</c> of each number an operator
/// takes, in its own layers too, and lets go of it before libtorch has read it: where another thread causes a garbage collection then,
/// its finalizer frees it, and the operator fails or computes with whatever is there now.
/// </summary>
/// <remarks>
/// The finalizer thread waits in a finalizer of ours meanwhile. <see cref="Rest"/>, called where no native code runs, lets it do what has
/// gathered. Finalizers of the whole process wait as long, which is about a second, and never more than five.
/// </remarks>
internal sealed class HeldFinalizers : IDisposable
{
    // How long they are held at least, and how long is waited for others' finalizers. A process that ends while somebody trains waits
    // for the
    // finalizer thread, and no event of it comes before: so they aren't held for ever, though a step may take longer.
    private static readonly TimeSpan _held = TimeSpan.FromSeconds(1), _longestWait = TimeSpan.FromSeconds(2), _longestHeld =
        TimeSpan.FromSeconds(5);

    private static readonly Lock _gate = new();
    private static int _holders;
    private static Stop? _stop;
    private static long _since;

    private bool _disposed;

    public HeldFinalizers()
    {
        lock (_gate)
            if (_holders++ == 0)
                Hold();
    }

    /// <summary>Lets finalizers run, if they have waited for a second: the caller has nothing in native code, and nobody else holds
    /// them.</summary>
    public void Rest()
    {
        lock (_gate)
            if (_holders == 1 && Stopwatch.GetElapsedTime(_since) > _held)
            {
                LetGo();
                // The newest runs first: held again before all have run, the others would wait for another second. Somebody's may hang.
                Task.Factory.StartNew(GC.WaitForPendingFinalizers, CancellationToken.None, TaskCreationOptions.LongRunning,
                    TaskScheduler.Default).Wait(_longestWait);
                Hold();
            }
    }

    public void Dispose()
    {
        lock (_gate)
            if (!_disposed)
            {
                _disposed = true;
                if (--_holders == 0)
                    LetGo();
            }
    }

    private static void Hold()
    {
        _since = Stopwatch.GetTimestamp();
        _stop = new Stop();
        Leave(_stop);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        _stop.Reached.Wait(_longestWait);
    }

    private static void LetGo()
    {
        _stop?.Released.Set();
        _stop = null;
    }

    // In a method of its own, so that nothing refers to it any more.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(Stop stop) => _ = new Barrier(stop);

    /// <summary>What both threads know.</summary>
    private sealed class Stop
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Released { get; } = new();
    }

    private sealed class Barrier(Stop stop)
    {
        ~Barrier()
        {
            stop.Reached.Set();
            stop.Released.Wait(_longestHeld);
        }
    }
}
