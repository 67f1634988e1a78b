using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML
{
    public static class TransformExtensionsCatalog
    {
        public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName) =>
            new(outputColumnName, inputColumnName);

        /// <summary>Scalars of one column only, which make vectors of one value.</summary>
        public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames) =>
            inputColumnNames is [var input]
                ? new(outputColumnName, input)
                : throw new NotSupportedException("The stand-in for ML.NET makes vectors of one column only.");
    }
}

namespace Microsoft.ML.Transforms
{
    public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
    {
        private readonly string _output, _input;

        internal ColumnCopyingEstimator(string output, string input)
            : base(new(output, input)) => (_output, _input) = (output, input);

        public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.TryFindColumn(_input, out var column)
            ? Add(inputSchema, new SchemaShape.Column(_output, column.Kind, column.ItemType, column.IsKey))
            : throw Except.SchemaMismatch(nameof(inputSchema), "input", _input);
    }

    public sealed class ColumnCopyingTransformer : RowToRowTransformerBase
    {
        private readonly string _output, _input;

        internal ColumnCopyingTransformer(string output, string input) => (_output, _input) = (output, input);

        internal override RowMapper MakeMapper(DataViewSchema inputSchema) => new Mapper(_output, OneColumn.Find(inputSchema, _input));

        private sealed class Mapper(string output, DataViewSchema.Column input) : RowMapper
        {
            public override DataViewSchema.DetachedColumn[] Outputs { get; } = [new(output, input.Type)];

            public override int[] Inputs { get; } = [input.Index];

            public override Delegate[] CreateGetters(DataViewRow row, bool[] active) => [active[0] ? Rows.Getter(row, input.Index) : null];
        }
    }
}

namespace Microsoft.ML.Data
{
    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly string _output, _input;

        internal ColumnConcatenatingEstimator(string output, string input) => (_output, _input) = (output, input);

        public ColumnConcatenatingTransformer Fit(IDataView input) => new(_output, OneColumn.Find(input.Schema, _input).Name);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            if (!inputSchema.TryFindColumn(_input, out var column))
                throw Except.SchemaMismatch(nameof(inputSchema), "input", _input);
            var columns = inputSchema.Where(c => c.Name != _output);
            return new([.. columns, new(_output, SchemaShape.Column.VectorKind.Vector, column.ItemType, column.IsKey)]);
        }
    }

    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        private readonly string _output, _input;

        internal ColumnConcatenatingTransformer(string output, string input) => (_output, _input) = (output, input);

        internal override RowMapper MakeMapper(DataViewSchema inputSchema)
        {
            var column = OneColumn.Find(inputSchema, _input);
            return (RowMapper)Activator.CreateInstance(typeof(Mapper<>).MakeGenericType(column.Type.RawType), _output, column);
        }

        private sealed class Mapper<T>(string output, DataViewSchema.Column input) : RowMapper
        {
            public override DataViewSchema.DetachedColumn[] Outputs { get; } = [new(output, new VectorDataViewType((PrimitiveDataViewType)input.Type, 1))];

            public override int[] Inputs { get; } = [input.Index];

            public override Delegate[] CreateGetters(DataViewRow row, bool[] active)
            {
                var getter = row.GetGetter<T>(input);
                return
                [
                    (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
                    {
                        var editor = VBufferEditor.Create(ref value, 1);
                        getter(ref editor.Values[0]);
                        value = editor.Commit();
                    }),
                ];
            }
        }
    }

    internal static class OneColumn
    {
        public static DataViewSchema.Column Find(DataViewSchema schema, string name) =>
            schema.GetColumnOrNull(name) ?? throw Except.SchemaMismatch("inputSchema", "input", name);
    }
}
