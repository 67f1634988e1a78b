using System.Diagnostics.CodeAnalysis;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// Steps begun in their order by a few threads of the pool, each of which goes on as long as there are any: none is put to
/// sleep and woken between two steps.
/// </summary>
internal sealed class Steps<T> : IThreadPoolWorkItem
{
    private readonly Queue<Task<T>> _waiting = new();
    private int _working;

    /// <summary>Adds a step; at most <paramref name="workers"/> threads work on steps.</summary>
    public Task<T> Add(Func<T> step, int workers)
    {
        var task = new Task<T>(step);
        lock (_waiting)
        {
            _waiting.Enqueue(task);
            if (_working >= workers)
                return task;
            _working++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var task))
            task.RunSynchronously(TaskScheduler.Default);
    }

    private bool TryTake([NotNullWhen(true)] out Task<T>? task)
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out task))
                return true;
            _working--;
            return false;
        }
    }
}
