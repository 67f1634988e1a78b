using GanOnnx.ML.Columns;
using GanOnnx.ML.Cursors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Tensors;

/// <summary>A graph bound to columns.</summary>
internal sealed class TensorBinding : Binding
{
    private readonly TensorModel _model;
    private readonly DataViewSchema.Column[] _columns;
    private readonly TensorShape[] _inputs, _outputs;

    public TensorBinding(TensorModel model, DataViewSchema schema, TensorShape[] inputs, TensorShape[] outputs)
    {
        (_model, _inputs, _outputs) = (model, inputs, outputs);
        _columns = [.. model.Inputs.Select(i => Schemas.Find(schema, i.Column))];
        Inputs = [.. _columns.Select(c => c.Index).Distinct()];
        Outputs = [.. model.Outputs.Zip(outputs, Output)];
    }

    public override IReadOnlyList<int> Inputs { get; }

    public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    public override Batch CreateBatch(DataViewRow source, bool[] active, int size)
    {
        var inputs = _model.Inputs.Select((input, i) => TensorReader.Create(source, _columns[i], input, _inputs[i], size));
        var outputs = _model.Outputs.Select((output, i) => active[i] ? TensorFetcher.Create(output, _outputs[i], size) : null);
        return new TensorBatch(_model, [.. inputs], [.. outputs], size);
    }

    public override Delegate MakeGetter(int output, CurrentRow row)
    {
        return TensorFetcher.Getter(_model.Outputs[output], Fetcher);

        (TensorFetcher Fetcher, int Slot) Fetcher()
        {
            var (batch, slot) = row.Compute();
            return (((TensorBatch)batch).Outputs[output]!, slot);
        }
    }

    private static DataViewSchema.DetachedColumn Output(TensorColumn column, TensorShape shape)
    {
        // ML.NET's own transform has a batch axis of length 1 in the types of its columns, and so has what stands in for it.
        return new(column.Column, new VectorDataViewType(column.Type, shape.Axes.Length == 0 ? [1] : shape.Axes));
    }
}
