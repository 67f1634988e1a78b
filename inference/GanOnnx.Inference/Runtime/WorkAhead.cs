using System.Diagnostics.CodeAnalysis;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// Items that wait to be worked on, in their order. A few threads of the pool go on as long as there are any, and so does who would
/// only wait for a result: none is put to sleep and woken between two items.
/// </summary>
/// <param name="work">Works on an item; it doesn't throw.</param>
internal sealed class WorkAhead<T>(Action<T> work) : IThreadPoolWorkItem where T : class
{
    private readonly Queue<T> _waiting = new();
    private int _threads;

    /// <summary>Adds an item; at most <paramref name="threads"/> of the pool work at the same time.</summary>
    public void Add(T item, int threads)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(item);
            if (_threads >= threads)
                return;
            _threads++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Works on the next item in the calling thread; false if none waits.</summary>
    public bool TryWork()
    {
        if (!TryTake(out var item, isOfPool: false))
            return false;
        work(item);
        return true;
    }

    /// <summary>Leaves what hasn't begun.</summary>
    public void Clear()
    {
        lock (_waiting)
            _waiting.Clear();
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var item, isOfPool: true))
            work(item);
    }

    private bool TryTake([NotNullWhen(true)] out T? item, bool isOfPool)
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out item))
                return true;
            if (isOfPool)
                _threads--;
            return false;
        }
    }
}
