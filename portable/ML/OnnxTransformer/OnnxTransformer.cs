using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML
{
    public static class OnnxCatalog
    {
        public static OnnxScoringEstimator ApplyOnnxModel(
            this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
            catalog.ApplyOnnxModel([outputColumnName], [inputColumnName], modelFile, gpuDeviceId, fallbackToCpu);

        public static OnnxScoringEstimator ApplyOnnxModel(
            this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
            gpuDeviceId is null
                ? new(new(outputColumnNames, inputColumnNames, new InferenceSession(modelFile)))
                : throw new NotSupportedException("The stand-in for ML.NET runs on the CPU only.");

        public static OnnxScoringEstimator ApplyOnnxModel(
            this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false)
        {
            using var bytes = new MemoryStream();
            modelBytes.CopyTo(bytes);
            return new(new(outputColumnNames, inputColumnNames, new InferenceSession(bytes.ToArray())));
        }
    }
}

namespace Microsoft.ML.Transforms.Onnx
{
    public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
    {
        internal OnnxScoringEstimator(OnnxTransformer transformer)
            : base(transformer)
        {
        }

        public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            foreach (var input in Transformer.Inputs)
                if (!inputSchema.TryFindColumn(input, out _))
                    throw Except.SchemaMismatch(nameof(inputSchema), "input", input);
            return Add(inputSchema, Transformer.Outputs.Select((name, i) => SchemaShape.Column.Of(name, Transformer.OutputTypes[i])));
        }
    }

    /// <summary>One run for each row; an open first axis is 1. Vectors of Single, Byte and Int64.</summary>
    public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
    {
        private const string Suffix = ".output";

        private readonly InferenceSession _session;

        internal OnnxTransformer(string[] outputs, string[] inputs, InferenceSession session)
        {
            (Outputs, Inputs, _session) = (outputs, inputs, session);
            OutputTypes = [.. outputs.Select(o => session.OutputMetadata.TryGetValue(o, out var node)
                ? TypeOf(node)
                : throw new ArgumentOutOfRangeException("name", $"Ouput tensor, {o}, does not exist in the ONNX model. "
                    + $"Available output names are [{string.Join(",", session.OutputNames)}]."))];
        }

        internal string[] Outputs { get; }

        internal string[] Inputs { get; }

        internal VectorDataViewType[] OutputTypes { get; }

        public void Dispose() => _session.Dispose();

        internal override RowMapper MakeMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

        private static VectorDataViewType TypeOf(NodeMetadata node)
        {
            var axes = Axes(node);
            return axes.Contains(-1) ? new(ItemOf(node)) : new(ItemOf(node), axes);
        }

        private static int[] Axes(NodeMetadata node) => node.Dimensions is [< 0, ..] ? [1, .. node.Dimensions[1..]] : node.Dimensions;

        private static PrimitiveDataViewType ItemOf(NodeMetadata node) => Array.Find(NumberDataViewType.All, n => n.RawType == node.ElementType);

        private sealed class Mapper : RowMapper
        {
            private readonly OnnxTransformer _owner;
            private readonly DataViewSchema.Column[] _columns;

            public Mapper(OnnxTransformer owner, DataViewSchema schema)
            {
                _owner = owner;
                _columns = [.. owner.Inputs.Select(name => Column(schema, name))];
                Inputs = [.. _columns.Select(c => c.Index)];
                Outputs = [.. owner.Outputs.Select((name, i) => new DataViewSchema.DetachedColumn(name.Replace(Suffix, ""), owner.OutputTypes[i]))];
            }

            public override DataViewSchema.DetachedColumn[] Outputs { get; }

            public override int[] Inputs { get; }

            public override Delegate[] CreateGetters(DataViewRow input, bool[] active)
            {
                Func<NamedOnnxValue>[] inputs = [.. _columns.Select(c => Reader(input, c))];
                string[] names = [.. _owner.Outputs.Where((_, i) => active[i])];
                var run = new Run(_owner._session, input, inputs, names);
                return [.. _owner.Outputs.Select((name, i) => active[i] ? Getter(_owner.OutputTypes[i].ItemType.RawType, run, name) : null)];
            }

            private DataViewSchema.Column Column(DataViewSchema schema, string name)
            {
                var column = schema.GetColumnOrNull(name) ?? throw Except.SchemaMismatch("inputSchema", "input", name);
                var item = ItemOf(_owner._session.InputMetadata[name]);
                return column.Type is VectorDataViewType vector && vector.ItemType == item
                    ? column
                    : throw Except.SchemaMismatch("inputSchema", "input", name, item.ToString(), column.Type.ToString());
            }

            private Func<NamedOnnxValue> Reader(DataViewRow row, DataViewSchema.Column column)
            {
                var axes = Axes(_owner._session.InputMetadata[column.Name]);
                return column.Type.RawType == typeof(VBuffer<float>) ? Read<float>()
                    : column.Type.RawType == typeof(VBuffer<byte>) ? Read<byte>()
                    : column.Type.RawType == typeof(VBuffer<long>) ? Read<long>()
                    : throw new NotSupportedException($"The stand-in for ML.NET has no tensors of {column.Type}.");

                Func<NamedOnnxValue> Read<T>()
                {
                    var getter = row.GetGetter<VBuffer<T>>(column);
                    VBuffer<T> value = default;
                    return () =>
                    {
                        getter(ref value);
                        return NamedOnnxValue.CreateFromTensor(column.Name, new DenseTensor<T>(value.GetValues().ToArray(), axes));
                    };
                }
            }

            private static Delegate Getter(Type type, Run run, string name)
            {
                return type == typeof(float) ? Get<float>() : type == typeof(byte) ? Get<byte>() : Get<long>();

                ValueGetter<VBuffer<T>> Get<T>() => (ref VBuffer<T> value) =>
                {
                    var tensor = (DenseTensor<T>)run.Output(name).AsTensor<T>();
                    var editor = VBufferEditor.Create(ref value, (int)tensor.Length);
                    tensor.Buffer.Span.CopyTo(editor.Values);
                    value = editor.Commit();
                };
            }
        }

        private sealed class Run(InferenceSession session, DataViewRow row, Func<NamedOnnxValue>[] inputs, string[] names)
        {
            private IDisposableReadOnlyCollection<DisposableNamedOnnxValue> _outputs;
            private long _position = -1;

            public NamedOnnxValue Output(string name)
            {
                if (_position != row.Position)
                {
                    _outputs?.Dispose();
                    _outputs = session.Run([.. inputs.Select(read => read())], names);
                    _position = row.Position;
                }
                return _outputs.First(o => o.Name == name);
            }
        }
    }
}
