namespace TorchSharp;

/// <summary>Owns the tensors made on its thread while it is the innermost scope, and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic] private static DisposeScope? _current;

    private readonly HashSet<torch.Tensor> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly DisposeScope? _outer;
    private bool _disposed;

    internal DisposeScope() => (_outer, _current) = (_current, this);

    public int DisposablesCount => _tensors.Count;

    internal static DisposeScope? Register(torch.Tensor tensor)
    {
        _current?._tensors.Add(tensor);
        return _current;
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        MoveTo(_outer, disposable);
        return disposable;
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        MoveTo(null, disposable);
        return disposable;
    }

    public void MarkAsDisposed(IDisposable disposable) => MoveTo(null, disposable);

    internal static void ReplaceWith(torch.Tensor original, torch.Tensor replacement)
    {
        var scope = original.OwningDisposeScope;
        scope?.MoveTo(null, original);
        scope?._tensors.Add(replacement);
        replacement.OwningDisposeScope = scope;
    }

    private void MoveTo(DisposeScope? scope, IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor || !_tensors.Remove(tensor))
            return;
        scope?._tensors.Add(tensor);
        tensor.OwningDisposeScope = scope;
    }

    public void DisposeEverything()
    {
        foreach (var tensor in _tensors.ToArray())
            tensor.Dispose();
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        DisposeEverything();
        _current = _outer;
    }
}
