using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.Cli.Bench;

/// <summary>Rows with what the model takes, in columns that are called as its inputs; the same few again and again.</summary>
internal sealed class LatentRows(Subject subject)
{
    /// <summary>The label as a number, where ApplyOnnxModel wants a vector.</summary>
    public const string Class = "class of image";

    private const int Different = 256;

    private readonly Row[] _rows = [.. Enumerable.Range(0, Different).Select(i => new Row(subject, i))];

    /// <summary>How many rows the next reading gives.</summary>
    public int Count { get; set; }

    public IDataView Load(MLContext context)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        Name(nameof(Row.Latent), subject.Latent.Name, new(NumberDataViewType.Single, subject.Model.LatentSize));
        Name(nameof(Row.Labels), subject.Label?.Name, new(NumberDataViewType.Int64, 1));
        Name(nameof(Row.Truncation), subject.Truncation?.Name, new(NumberDataViewType.Single, 1));
        definition[nameof(Row.Label)].ColumnName = Class;
        return context.Data.LoadFromEnumerable(Rows(), definition);

        void Name(string member, string? name, VectorDataViewType type)
        {
            var column = definition[member];
            if (name is null)
                definition.Remove(column);
            else
                (column.ColumnName, column.ColumnType) = (name, type);
        }
    }

    private IEnumerable<Row> Rows()
    {
        for (var i = 0; i < Count; i++)
            yield return _rows[i % Different];
    }

    private sealed class Row
    {
        public Row(Subject subject, int index)
        {
            Latent = new float[subject.Model.LatentSize];
            subject.Sampler.Fill(0, (ulong)index, Latent);
            Label = subject.LabelOf(index);
            Labels = [Label];
        }

        public float[] Latent { get; }

        public long Label { get; }

        public long[] Labels { get; }

        public float[] Truncation { get; } = [1];
    }
}
