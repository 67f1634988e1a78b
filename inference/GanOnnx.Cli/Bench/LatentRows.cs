using GanOnnx.Inference.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Cli.Bench;

/// <summary>Rows with what the model takes, in columns that are called as its inputs; the same few again and again.</summary>
internal sealed class LatentRows
{
    /// <summary>The label as a number, where ApplyOnnxModel wants a vector.</summary>
    public const string Class = "class of image";

    private const int Different = 256;

    // A row has as many members of each type as a model may have inputs of it.
    private static readonly (TensorElementType Type, NumberDataViewType Column, string[] Members)[] _members =
    [
        (TensorElementType.Float, NumberDataViewType.Single,
            [nameof(Row.Floats0), nameof(Row.Floats1), nameof(Row.Floats2), nameof(Row.Floats3), nameof(Row.Floats4)]),
        (TensorElementType.Int64, NumberDataViewType.Int64, [nameof(Row.Longs0), nameof(Row.Longs1)]),
        (TensorElementType.Int32, NumberDataViewType.Int32, [nameof(Row.Ints0), nameof(Row.Ints1)]),
    ];

    private readonly Row[] _rows;
    private readonly List<(TensorSpec Spec, string Member, VectorDataViewType Type)> _columns = [];

    /// <exception cref="NotSupportedException">ML.NET has no columns for what the model takes.</exception>
    public LatentRows(Subject subject)
    {
        foreach (var spec in subject.Inputs)
        {
            var (_, column, members) = Array.Find(_members, m => m.Type == spec.Type);
            var member = members?.FirstOrDefault(name => _columns.TrueForAll(c => c.Member != name))
                ?? throw new NotSupportedException($"ML.NET has no column for {spec.Name} of type {spec.Type}");
            _columns.Add((spec, member, new(column, spec.RowLength)));
        }
        _rows = [.. Enumerable.Range(0, Different).Select(i => Make(subject, i))];
    }

    /// <summary>How many rows the next reading gives.</summary>
    public int Count { get; set; }

    public IDataView Load(MLContext context)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        foreach (var column in definition.Where(c => c.MemberName != nameof(Row.Label)).ToList())
            if (_columns.Find(c => c.Member == column.MemberName) is { Spec: not null } found)
                (column.ColumnName, column.ColumnType) = (found.Spec.Name, found.Type);
            else
                definition.Remove(column);
        definition[nameof(Row.Label)].ColumnName = Class;
        return context.Data.LoadFromEnumerable(Rows(), definition);
    }

    private Row Make(Subject subject, int image)
    {
        var row = new Row();
        var buffers = subject.Fill(image, 1);
        for (var i = 0; i < buffers.Length; i++)
        {
            using var buffer = buffers[i];
            var property = typeof(Row).GetProperty(_columns[i].Member)!;
            property.SetValue(row, buffer.Spec.Type switch
            {
                TensorElementType.Int64 => buffer.All.GetTensorDataAsSpan<long>().ToArray(),
                TensorElementType.Int32 => buffer.All.GetTensorDataAsSpan<int>().ToArray(),
                _ => buffer.All.GetTensorDataAsSpan<float>().ToArray(),
            });
        }
        row.Label = Inference.LatentSampler.Label(0, (ulong)image, Math.Max(1, subject.Model.Classes.Count));
        return row;
    }

    private IEnumerable<Row> Rows()
    {
        for (var i = 0; i < Count; i++)
            yield return _rows[i % Different];
    }

    private sealed class Row
    {
        public long Label { get; set; }

        public float[] Floats0 { get; set; } = [];

        public float[] Floats1 { get; set; } = [];

        public float[] Floats2 { get; set; } = [];

        public float[] Floats3 { get; set; } = [];

        public float[] Floats4 { get; set; } = [];

        public long[] Longs0 { get; set; } = [];

        public long[] Longs1 { get; set; } = [];

        public int[] Ints0 { get; set; } = [];

        public int[] Ints1 { get; set; } = [];
    }
}
