using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML
{
    public interface ITransformer : ICanSaveModel
    {
        bool IsRowToRowMapper { get; }

        DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

        IDataView Transform(IDataView input);

        IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
    }

    public interface IEstimator<out TTransformer>
        where TTransformer : ITransformer
    {
        TTransformer Fit(IDataView input);

        SchemaShape GetOutputSchema(SchemaShape inputSchema);
    }

    public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
    {
        private static readonly SchemaShape _empty = new([]);

        private readonly Column[] _columns;

        public SchemaShape(IEnumerable<Column> columns)
        {
            ArgumentNullException.ThrowIfNull(columns);
            _columns = [.. columns];
            if (_columns.Any(c => c.Name is null))
                throw new ArgumentOutOfRangeException(nameof(columns), "Some items are not initialized properly.");
        }

        public int Count => _columns.Length;

        public Column this[int index] => _columns[index];

        public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        internal static SchemaShape Create(DataViewSchema schema) => new(schema.Where(c => !c.IsHidden).Select(c => Column.Of(c.Name, c.Type)));

        internal bool TryFindColumn(string name, out Column column)
        {
            column = _columns.FirstOrDefault(c => c.Name == name);
            return column.Name is not null;
        }

        public struct Column
        {
            public readonly string Name;

            public readonly VectorKind Kind;

            public readonly DataViewType ItemType;

            public readonly bool IsKey;

            public readonly SchemaShape Annotations;

            internal Column(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape annotations = null) =>
                (Name, Kind, ItemType, IsKey, Annotations) = (name, vecKind, itemType, isKey, annotations ?? _empty);

            public enum VectorKind
            {
                Scalar,
                Vector,
                VariableVector,
            }

            internal static Column Of(string name, DataViewType type)
            {
                var vector = type as VectorDataViewType;
                var item = vector?.ItemType ?? type;
                var kind = vector is null ? VectorKind.Scalar : vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector;
                // A key's item type is the number it is kept as.
                return item is KeyDataViewType
                    ? new(name, kind, NumberDataViewType.All.Single(n => n.RawType == item.RawType), isKey: true)
                    : new(name, kind, item, isKey: false);
            }
        }
    }
}

namespace Microsoft.ML.Data
{
    public interface IRowToRowMapper
    {
        DataViewSchema InputSchema { get; }

        DataViewSchema OutputSchema { get; }

        IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);

        DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
    }
}
