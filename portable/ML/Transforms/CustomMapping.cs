using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML
{
    public static class CustomMappingCatalog
    {
        public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(
            this TransformsCatalog catalog, Action<TSrc, TDst> mapAction, string contractName,
            SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
            where TSrc : class, new()
            where TDst : class, new() => new(mapAction, inputSchemaDefinition, outputSchemaDefinition);
    }
}

namespace Microsoft.ML.Transforms
{
    public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
        where TSrc : class, new()
        where TDst : class, new()
    {
        internal CustomMappingEstimator(Action<TSrc, TDst> map, SchemaDefinition input, SchemaDefinition output)
            : base(new(map, input, output))
        {
        }

        public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            foreach (var column in Transformer.Inputs)
            {
                if (!inputSchema.TryFindColumn(column.Name, out var found))
                    throw Except.SchemaMismatch(nameof(inputSchema), "input", column.Name);
                var expected = SchemaShape.Column.Of(column.Name, column.Type);
                // What may be of any length may be of a fixed one.
                var fits = expected.Kind == SchemaShape.Column.VectorKind.VariableVector
                    ? found.Kind != SchemaShape.Column.VectorKind.Scalar
                    : found.Kind == expected.Kind;
                if (!fits || expected.ItemType != found.ItemType || expected.IsKey != found.IsKey)
                    throw Except.SchemaMismatch(nameof(inputSchema), "input", column.Name, column.Type.ToString(), found.ItemType.ToString());
            }
            return Add(inputSchema, Transformer.Outputs.Select(c => SchemaShape.Column.Of(c.Name, c.Type)));
        }
    }

    public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
        where TSrc : class, new()
        where TDst : class, new()
    {
        private readonly Rowwise _transformer;

        internal CustomMappingTransformer(Action<TSrc, TDst> map, SchemaDefinition input, SchemaDefinition output)
        {
            Inputs = TypedColumn.Create(typeof(TSrc), input, SchemaDefinition.Direction.Both);
            Outputs = TypedColumn.Create(typeof(TDst), output, SchemaDefinition.Direction.Write);
            _transformer = new(this, map);
        }

        internal TypedColumn[] Inputs { get; }

        internal TypedColumn[] Outputs { get; }

        bool ITransformer.IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _transformer.GetOutputSchema(inputSchema);

        public IDataView Transform(IDataView input) => _transformer.Transform(input);

        IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => ((ITransformer)_transformer).GetRowToRowMapper(inputSchema);

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw Except.NoFileFormat();

        private sealed class Rowwise(CustomMappingTransformer<TSrc, TDst> owner, Action<TSrc, TDst> map) : RowToRowTransformerBase
        {
            internal override RowMapper MakeMapper(DataViewSchema inputSchema) =>
                new Mapper(TypedColumn.Bind(owner.Inputs, inputSchema, ignoreMissing: false), owner.Outputs, map);
        }

        private sealed class Mapper(TypedColumn[] inputs, TypedColumn[] outputs, Action<TSrc, TDst> map) : RowMapper
        {
            public override DataViewSchema.DetachedColumn[] Outputs { get; } = [.. outputs.Select(c => new DataViewSchema.DetachedColumn(c.Name, c.Type))];

            public override int[] Inputs { get; } = [.. inputs.Select(c => c.Source.Index)];

            public override Delegate[] CreateGetters(DataViewRow input, bool[] active)
            {
                if (!active.Contains(true))
                    return new Delegate[active.Length];

                var setters = TypedColumn.Setters<TSrc>(inputs, input);
                var (source, destination, mapped) = (new TSrc(), new TDst(), -1L);
                return [.. outputs.Select((c, i) => active[i] ? c.Getter(Map) : null)];

                TDst Map()
                {
                    if (mapped == input.Position)
                        return destination;
                    foreach (var set in setters)
                        set(source);
                    map(source, destination);
                    mapped = input.Position;
                    return destination;
                }
            }
        }
    }
}
