using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>Loads something that ends when it is cancelled or takes too long.</summary>
internal static class LoadLimit
{
    /// <param name="path">The model.</param>
    /// <param name="longest">How long it may take; null for any time.</param>
    /// <param name="called">What messages call the options.</param>
    /// <param name="cancellation">The caller's.</param>
    /// <param name="load">Loads until its token is cancelled.</param>
    /// <exception cref="ModelException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static T Run<T>(
        string path, TimeSpan? longest, Func<string, string> called, CancellationToken cancellation, Func<CancellationToken, T> load)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (longest is { } most)
            stop.CancelAfter(most);
        try
        {
            return load(stop.Token);
        }
        catch (Exception e) when (stop.IsCancellationRequested
            && e is (OnnxRuntimeException or ModelException or OperationCanceledException))
        {
            cancellation.ThrowIfCancellationRequested();
            throw Errors.LoadingTakesTooLong(path, longest, called, e);
        }
        catch (Exception e) when (e is OverflowException or OutOfMemoryException)
        {
            throw Errors.TooLarge(path, e);
        }
    }
}
