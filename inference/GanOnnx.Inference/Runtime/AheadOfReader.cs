using System.Runtime.CompilerServices;

namespace GanOnnx.Inference.Runtime;

/// <summary>Does work ahead of who reads its results, a bounded number of steps, and hands them out in order.</summary>
internal static class AheadOfReader
{
    /// <param name="items">Read in the reader's thread, an item for each step.</param>
    /// <param name="step">Runs in a thread of the pool; several at the same time. After a cancellation it ends at once.</param>
    /// <param name="threads">How many steps run at the same time, at most. Asked for at every step.</param>
    /// <param name="depth">How many results there are at most, made or being made, that weren't read. Asked for at every step.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    public static async IAsyncEnumerable<TOut> Run<TIn, TOut>(
        IEnumerable<TIn> items, Func<TIn, CancellationToken, TOut> step, Func<int> threads, Func<int> depth,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var next = items.GetEnumerator();
        var steps = new WorkAhead<Task<TOut>>(task => task.RunSynchronously(TaskScheduler.Default));
        var ahead = new Queue<Task<TOut>>();
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                while (ahead.Count < depth() && next.MoveNext())
                {
                    var item = next.Current;
                    var task = new Task<TOut>(() => step(item, stop.Token));
                    steps.Add(task, threads());
                    ahead.Enqueue(task);
                }

                if (!ahead.TryDequeue(out var oldest))
                    yield break;

                yield return await oldest.ConfigureAwait(false);
            }
        }
        finally
        {
            // Who stops reading early waits for the steps under way, and for no other.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
