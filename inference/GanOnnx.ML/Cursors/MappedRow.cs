using GanOnnx.Inference;
using GanOnnx.ML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Cursors;

/// <summary>One row with the model's columns added, as a prediction engine wants it: a batch of one.</summary>
internal sealed class MappedRow : DataViewRow
{
    private readonly RowMapping _mapping;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Delegate?[] _getters;

    public MappedRow(RowMapping mapping, DataViewRow input, bool[] active)
    {
        (_mapping, _input, _active) = (mapping, input, active);
        var outputs = mapping.ActiveOutputs(active);
        _getters = new Delegate?[outputs.Length];
        if (!outputs.Contains(true))
            return;

        var row = new Row(mapping.Model, mapping.Binding.CreateBatch(input, outputs, size: 1), input);
        for (var i = 0; i < outputs.Length; i++)
            if (outputs[i])
                _getters[i] = mapping.Binding.MakeGetter(i, row);
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.Check<TValue>(this, column);
        var inputs = _mapping.InputSchema.Count;
        return column.Index < inputs
            ? _input.GetGetter<TValue>(_mapping.InputSchema[column.Index])
            : (ValueGetter<TValue>)_getters[column.Index - inputs]!;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Row(BatchModel model, Batch batch, DataViewRow input) : CurrentRow
    {
        private readonly ValueGetter<DataViewRowId> _id = input.GetIdGetter();
        private long _computed = -1;

        public override (Batch Batch, int Slot) Compute()
        {
            if (input.Position == _computed && _computed >= 0)
                return (batch, 0);

            _computed = -1;
            try
            {
                batch.Read(0);
                model.Run(batch, 0, 1);
            }
            catch (ModelException e)
            {
                DataViewRowId id = default;
                _id(ref id);
                throw Errors.RowFails(id, e);
            }

            _computed = input.Position;
            return (batch, 0);
        }
    }
}
