namespace Microsoft.ML.Data;

public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase()
    {
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(Bind(input.Schema), input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw Except.NoFileFormat();

    internal abstract RowMapper MakeMapper(DataViewSchema inputSchema);

    private BoundMapper Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new(inputSchema, MakeMapper(inputSchema));
    }
}

/// <summary>Columns made from one row.</summary>
internal abstract class RowMapper
{
    public abstract DataViewSchema.DetachedColumn[] Outputs { get; }

    /// <summary>The indices of the columns that are read where any output is asked for.</summary>
    public abstract int[] Inputs { get; }

    /// <summary>Getters of the outputs asked for, null for others.</summary>
    public abstract Delegate[] CreateGetters(DataViewRow input, bool[] active);
}

internal sealed class BoundMapper : IRowToRowMapper
{
    public BoundMapper(DataViewSchema input, RowMapper mapper)
    {
        (InputSchema, Mapper) = (input, mapper);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumns(mapper.Outputs);
        OutputSchema = builder.ToSchema();
    }

    public RowMapper Mapper { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = CursorBase.Active(OutputSchema, dependingColumns);
        var maps = active[InputSchema.Count..].Contains(true);
        return InputSchema.Where(c => active[c.Index] || maps && Mapper.Inputs.Contains(c.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(this, input, CursorBase.Active(OutputSchema, activeColumns));
}

internal sealed class MappedRow(BoundMapper mapper, DataViewRow input, bool[] active) : DataViewRow
{
    private readonly Delegate[] _getters = mapper.Mapper.CreateGetters(input, active[mapper.InputSchema.Count..]);

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index < mapper.InputSchema.Count
        ? input.GetGetter<TValue>(mapper.InputSchema[column.Index])
        : (ValueGetter<TValue>)_getters[column.Index - mapper.InputSchema.Count];

    protected override void Dispose(bool disposing) => input.Dispose();
}

internal sealed class MappedView(BoundMapper mapper, IDataView source) : ViewBase(source)
{
    private const int RowsAhead = 64;

    public override DataViewSchema Schema => mapper.OutputSchema;

    // Where columns are added, ML.NET computes them on other threads, some rows ahead; failures come out of them wrapped.
    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Active(columnsNeeded);
        var cursor = new Cursor(Source.GetRowCursor(mapper.GetDependencies(columnsNeeded), rand), mapper, active);
        return active[mapper.InputSchema.Count..].Contains(true) ? new AheadCursor(cursor, Schema, active) : cursor;
    }

    private sealed class Cursor(DataViewRowCursor input, BoundMapper mapper, bool[] active) : LinkedCursor(input, mapper.OutputSchema, active)
    {
        private readonly Delegate[] _getters = mapper.Mapper.CreateGetters(input, active[mapper.InputSchema.Count..]);

        protected override Delegate Getter(int column) =>
            column < mapper.InputSchema.Count ? base.Getter(column) : _getters[column - mapper.InputSchema.Count];
    }

    private sealed class AheadCursor(DataViewRowCursor input, DataViewSchema schema, bool[] active) : LinkedCursor(input, schema, active)
    {
        private readonly StoredRows _rows = new(input);
        private int _slot = -1;
        private int _count;

        public override long Batch => _slot >= 0 ? _rows.Batches[_slot] : 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _rows.Ids[Slot()];

        protected override bool MoveNextCore()
        {
            if (++_slot < _count)
                return true;
            (_slot, _count) = (0, 0);
            try
            {
                while (_count < RowsAhead && Input.MoveNext())
                    _rows.Put(_count++);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException("Splitter/consolidator worker encountered exception while consuming source data", e);
            }
            return _count > 0;
        }

        protected override Delegate Getter(int column) => _rows.Columns[column].Getter(Slot);

        private int Slot()
        {
            CheckOnRow();
            return _slot;
        }
    }
}

public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected TrivialEstimator(TTransformer transformer) => Transformer = transformer;

    private protected TTransformer Transformer { get; }

    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Transformer.GetOutputSchema(input.Schema);
        return Transformer;
    }

    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);

    private protected static SchemaShape Add(SchemaShape shape, params IEnumerable<SchemaShape.Column> added)
    {
        var columns = shape.ToDictionary(c => c.Name);
        foreach (var column in added)
            columns[column.Name] = column;
        return new(columns.Values);
    }
}
