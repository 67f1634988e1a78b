using GanOnnx.Inference;
using GanOnnx.ML.Cursors;
using GanOnnx.ML.Saving;
using Microsoft.ML;

namespace GanOnnx.ML.Models;

/// <summary>A loaded model that makes columns. Any number of cursors share it; closing it ends their runs, and the last one frees
/// it.</summary>
internal abstract class BatchModel : IDisposable
{
    private readonly Lock _gate = new();
    private int _running;
    private bool _closed;

    public abstract string Path { get; }

    /// <summary>What was loaded, see <see cref="ModelDescription.Sha256"/>.</summary>
    public abstract string Sha256 { get; }

    /// <summary>The execution provider, as ONNX Runtime names it.</summary>
    public abstract string Provider { get; }

    public abstract int BatchSize { get; }

    public required int Parallelism { get; init; }

    /// <summary>What a saved pipeline has to hold so that this can be made again.</summary>
    /// <exception cref="ModelException">ML.NET can't do by itself what this does.</exception>
    public abstract SavedModel Describe(DataViewSchema input);

    /// <summary>Checks what can be checked before there are data, and tells the columns it will add.</summary>
    /// <exception cref="ModelException">A column is missing or has the wrong type.</exception>
    public abstract IEnumerable<DataViewSchema.DetachedColumn> Check(SchemaShape input);

    /// <summary>Binds the model to the columns of its input.</summary>
    /// <exception cref="ModelException">A column is missing or has the wrong type.</exception>
    public abstract Binding Bind(DataViewSchema input);

    public void Run(Batch batch, int first, int count)
    {
        lock (_gate)
        {
            CheckOpen();
            _running++;
        }
        try
        {
            batch.Run(first, count);
        }
        finally
        {
            lock (_gate)
                if (--_running == 0 && _closed)
                    Free();
        }
    }

    public void CheckOpen()
    {
        if (_closed)
            throw Errors.Closed(Path);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            if (_running == 0)
                Free();
            else
                Stop();
        }
    }

    /// <summary>Ends the runs under way, without waiting for them.</summary>
    protected abstract void Stop();

    protected abstract void Free();
}
