using GanOnnx.ML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Cursors;

/// <summary>A model bound to a schema: the columns of the source, in their places, and after them the model's.</summary>
internal sealed class RowMapping : IRowToRowMapper
{
    public RowMapping(BatchModel model, DataViewSchema input)
    {
        (Model, InputSchema, Binding) = (model, input, model.Bind(input));
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumns(Binding.Outputs);
        OutputSchema = builder.ToSchema();
    }

    public BatchModel Model { get; }

    public Binding Binding { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>Which columns are asked for, by index.</summary>
    public bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[OutputSchema.Count];
        foreach (var column in columns)
            active[column.Index] = true;
        return active;
    }

    /// <summary>Which of the model's outputs are among them.</summary>
    public bool[] ActiveOutputs(bool[] active) => active[InputSchema.Count..];

    /// <summary>The columns of the source that are needed for them.</summary>
    public IEnumerable<DataViewSchema.Column> Needed(bool[] active)
    {
        var computes = ActiveOutputs(active).Contains(true);
        return InputSchema.Where(c => active[c.Index] || (computes && Binding.Inputs.Contains(c.Index)));
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        ArgumentNullException.ThrowIfNull(dependingColumns);
        return Needed(Active(dependingColumns));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        Model.CheckOpen();
        return new MappedRow(this, input, Active(activeColumns));
    }
}
