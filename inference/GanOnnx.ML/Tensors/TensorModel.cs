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
    string path, Session session, IReadOnlyList<TensorColumn> inputs, IReadOnlyList<TensorColumn> outputs, int batchSize,
    Func<TensorModel, DataViewSchema, SavedModel> save) : BatchModel
{
    private static readonly RunOptions _defaults = new();

    // ML.NET's own transform has a batch axis of length 1 in the types of its columns, and so has what stands in for it.
    public bool KeepsBatchAxis { get; init; }

    public IReadOnlyList<TensorColumn> Inputs => inputs;

    public IReadOnlyList<TensorColumn> Outputs => outputs;

    public Session Session => session;

    public override string Path => path;

    public override string Provider => session.Provider;

    public override int BatchSize => batchSize;

    /// <summary>Whether all tensors have a batch axis; else the graph is made for one row at a time.</summary>
    public static bool HasBatch(IEnumerable<TensorColumn> columns) => columns.All(c => c.HasBatch);

    public override IEnumerable<DataViewSchema.DetachedColumn> Check(SchemaShape input)
    {
        foreach (var column in inputs)
            CheckType(column, Schemas.Find(input, column.Column).ItemType);
        // A shape tells no sizes; what is added are vectors of some known size.
        return outputs.Select(o => new DataViewSchema.DetachedColumn(o.Column, new VectorDataViewType(o.ColumnType, 1)));
    }

    public override Binding Bind(DataViewSchema input)
    {
        var shapes = new TensorShape[inputs.Count];
        var hasBatch = HasBatch(inputs.Concat(outputs));
        for (var i = 0; i < inputs.Count; i++)
        {
            var column = Schemas.Find(input, inputs[i].Column);
            CheckType(inputs[i], Schemas.ItemType(column.Type));
            shapes[i] = ShapeInference.OfInput(path, inputs[i], column, hasBatch);
        }

        return new TensorBinding(this, input, shapes, ShapeInference.OfOutputs(this, shapes, hasBatch));
    }

    public override SavedModel Describe(DataViewSchema input) => save(this, input);

    public void Run(IReadOnlyCollection<string> outputNames, IReadOnlyCollection<OrtValue> from, IReadOnlyCollection<OrtValue> to)
    {
        try
        {
            session.Graph.Run(_defaults, [.. inputs.Select(i => i.Tensor.Name)], from, outputNames, to);
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.CantRun(path, e);
        }
    }

    /// <summary>Runs the graph where the shapes of outputs aren't known.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyCollection<OrtValue> from)
    {
        try
        {
            return session.Graph.Run(_defaults, [.. inputs.Select(i => i.Tensor.Name)], from, [.. outputs.Select(o => o.Tensor.Name)]);
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.CantRun(path, e);
        }
    }

    protected override void Free() => session.Dispose();

    private void CheckType(TensorColumn column, DataViewType item)
    {
        if (item != column.Type && !column.TakesBytesFrom(item))
            throw Errors.WrongColumnType(column, item, path, column.TakesBytesFrom(NumberDataViewType.Byte));
    }
}
