using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// The buffers of one run and their bindings to a session. One thread at a time has a worker; runs of several workers of one
/// session go on at the same time. A session of its own is freed with it.
/// </summary>
internal sealed class Worker(Session session, Session? own, RunLimit limit) : IDisposable
{
    private TensorBuffer[] _inputs = [];
    private TensorBuffer? _output;
    private OrtIoBinding?[] _bindings = [];

    public BatchShape? Shape { get; private set; }

    /// <summary>Whether the last run was ended because it took too long.</summary>
    public bool IsOverdue => limit.IsOverdue;

    public TensorBuffer Output => _output!;

    /// <summary>In the places that the shape gives them.</summary>
    public ReadOnlySpan<TensorBuffer> Inputs => _inputs;

    /// <summary>Makes the buffers, if they aren't there from the run before.</summary>
    public void Prepare(BatchShape shape)
    {
        if (!ReferenceEquals(shape, Shape))
            Make(shape);
    }

    /// <summary>Runs the model on the first <paramref name="count"/> rows, and on others if the shape needs them.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="stop">Ends the run.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed to, or the run was ended.</exception>
    public void Run(int count, CancellationToken stop = default)
    {
        var rows = Shape!.Rows(count);
        limit.Run((session, Binding: _bindings[rows] ??= Bind(rows)), static (run, options) =>
        {
            run.session.Graph.RunWithBinding(options, run.Binding);
            if (run.session.OnGpu)
                run.Binding.SynchronizeBoundOutputs();
            return true;
        }, stop);
    }

    /// <summary>Ends the run under way, if there is one.</summary>
    public void Stop() => limit.Stop();

    public void Dispose()
    {
        Free();
        limit.Dispose();
        own?.Dispose();
    }

    private void Free()
    {
        Shape = null;
        foreach (var binding in _bindings)
            binding?.Dispose();
        foreach (var input in _inputs)
            input.Dispose();
        _output?.Dispose();
        (_inputs, _output, _bindings) = ([], null, []);
    }

    private void Make(BatchShape shape)
    {
        Free();
        _inputs = [.. shape.Inputs.Select(spec => new TensorBuffer(spec, shape.Size, session.HostMemory))];
        _output = new TensorBuffer(shape.Output, shape.Size, session.HostMemory);
        _bindings = new OrtIoBinding[shape.Size + 1];
        Shape = shape;
    }

    private OrtIoBinding Bind(int rows)
    {
        var binding = session.Graph.CreateIoBinding();
        foreach (var input in _inputs)
            input.BindInput(binding, rows);
        _output!.BindOutput(binding, rows);
        return binding;
    }
}
