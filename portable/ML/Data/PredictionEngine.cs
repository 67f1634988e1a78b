using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed class PredictionEngineOptions
{
    public bool IgnoreMissingColumns = true;

    public SchemaDefinition InputSchemaDefinition;

    public SchemaDefinition OutputSchemaDefinition;

    public bool OwnsTransformer = true;
}

public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly bool _ownsTransformer;
    private readonly InputRow _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst>[] _setters;
    private bool _disposed;

    private protected PredictionEngineBase(
        ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition, bool ownsTransformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (!transformer.IsRowToRowMapper)
            throw new ArgumentOutOfRangeException(nameof(transformer), "Must be a row to row mapper");
        (_transformer, _ownsTransformer) = (transformer, ownsTransformer);
        _input = new(TypedColumn.Create(typeof(TSrc), inputDefinition, SchemaDefinition.Direction.Read));
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        var columns = TypedColumn.Bind(TypedColumn.Create(typeof(TDst), outputDefinition, SchemaDefinition.Direction.Write), mapper.OutputSchema, ignoreMissingColumns);
        _output = mapper.GetRow(_input, mapper.OutputSchema);
        _setters = TypedColumn.Setters<TDst>(columns, _output);
        OutputSchema = mapper.OutputSchema;
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var result = new TDst();
        Predict(example, ref result);
        return result;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _input.Dispose();
        if (_ownsTransformer)
            (_transformer as IDisposable)?.Dispose();
    }

    private protected void Compute(TSrc example, TDst prediction)
    {
        _input.MoveTo(example);
        foreach (var set in _setters)
            set(prediction);
    }

    private sealed class InputRow(TypedColumn[] columns) : DataViewRow
    {
        private TSrc _current;
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema { get; } = TypedColumn.Schema(columns);

        public void MoveTo(TSrc row) => (_current, _position) = (row, _position + 1);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ValueGetter<TValue>)columns[column.Index].Getter(() => _current);
    }
}

public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(
        ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition, bool ownsTransformer)
        : base(transformer, ignoreMissingColumns, inputDefinition, outputDefinition, ownsTransformer)
    {
    }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        Compute(example, prediction ??= new());
    }
}
