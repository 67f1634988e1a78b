using GanOnnx.Inference.Runtime;
using GanOnnx.ML.Columns;
using GanOnnx.ML.Cursors;
using GanOnnx.ML.Models;
using GanOnnx.ML.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Tensors;

/// <summary>Any graph of tensors: columns in, columns out.</summary>
internal sealed class TensorModel(
    ModelContent content, Session session, IReadOnlyList<TensorColumn> inputs, IReadOnlyList<TensorColumn> outputs, int batchSize,
    Func<TensorModel, SavedModel> save, TimeSpan? timeout) : BatchModel
{
    private readonly CancellationTokenSource _closing = new();
    private readonly string _path = content.Path, _sha256 = content.Sha256;

    public IReadOnlyList<TensorColumn> Inputs => inputs;

    public IReadOnlyList<TensorColumn> Outputs => outputs;

    public Session Session => session;

    public override string Path => _path;

    public override string Sha256 => _sha256;

    public override string Provider => session.Provider;

    public override int BatchSize => batchSize;

    /// <summary>Whether all tensors have a batch axis; else the graph is made for one row at a time.</summary>
    public static bool HasBatch(IEnumerable<TensorColumn> columns) => columns.All(c => c.HasBatch);

    public override IEnumerable<DataViewSchema.DetachedColumn> Check(SchemaShape input)
    {
        foreach (var column in inputs)
            CheckType(column, Schemas.Find(input, column.Column).ItemType);
        // A shape tells no sizes; what is added are vectors of some known size.
        return outputs.Select(o => new DataViewSchema.DetachedColumn(o.Column, new VectorDataViewType(o.Type, 1)));
    }

    public override Binding Bind(DataViewSchema input)
    {
        var shapes = new TensorShape[inputs.Count];
        var hasBatch = HasBatch(inputs.Concat(outputs));
        for (var i = 0; i < inputs.Count; i++)
        {
            var column = Schemas.Find(input, inputs[i].Column);
            CheckType(inputs[i], Schemas.ItemType(column.Type));
            shapes[i] = ShapeInference.OfInput(_path, inputs[i], column, hasBatch);
        }

        return new TensorBinding(this, input, shapes, ShapeInference.OfOutputs(this, shapes, hasBatch));
    }

    public override SavedModel Describe(DataViewSchema input) => save(this);

    /// <summary>Limits of the runs of one batch.</summary>
    public RunLimit Limit() => new(timeout, _closing.Token);

    public void Run(RunLimit limit, IReadOnlyCollection<string> outputNames, IReadOnlyCollection<OrtValue> from,
        IReadOnlyCollection<OrtValue> to) => Try(limit, options =>
    {
        session.Graph.Run(options, [.. inputs.Select(i => i.Tensor.Name)], from, outputNames, to);
        return true;
    });

    /// <summary>Runs the graph where the shapes of outputs aren't known.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyCollection<OrtValue> from)
    {
        using var limit = Limit();
        return Try(limit, options =>
            session.Graph.Run(options, [.. inputs.Select(i => i.Tensor.Name)], from, [.. outputs.Select(o => o.Tensor.Name)]));
    }

    protected override void Free()
    {
        session.Dispose();
        _closing.Dispose();
    }

    protected override void Stop() => _closing.Cancel();

    private T Try<T>(RunLimit limit, Func<RunOptions, T> run)
    {
        try
        {
            return limit.Run(run, static (run, options) => run(options), default);
        }
        catch (OnnxRuntimeException e)
        {
            throw _closing.IsCancellationRequested ? Errors.Closed(Path)
                : limit.IsOverdue ? Inference.Errors.RunTakesTooLong(Path, timeout, static option => $"the option {option}", e)
                : Errors.CantRun(Path, e);
        }
    }

    private void CheckType(TensorColumn column, DataViewType item)
    {
        if (item != column.Type)
            throw Errors.WrongColumnType(column, item, Path);
    }
}
