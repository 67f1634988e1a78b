using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _indices = [];

    private DataViewSchema(Column[] columns)
    {
        _columns = columns;
        foreach (var column in columns)
            _indices[column.Name] = column.Index;
    }

    public int Count => _columns.Length;

    public Column this[string name] => GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found");

    public Column this[int columnIndex] => columnIndex >= 0 && columnIndex < Count ? _columns[columnIndex] : throw new ArgumentOutOfRangeException(nameof(columnIndex));

    public Column? GetColumnOrNull(string name)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentNullException(nameof(name));
        return _indices.TryGetValue(name, out var index) ? _columns[index] : null;
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{Count} columns";

    public struct Column
    {
        internal Column(string name, int index, bool isHidden, DataViewType type, Annotations annotations) =>
            (Name, Index, IsHidden, Type, Annotations) = (name, index, isHidden, type, annotations ?? Annotations.Empty);

        public string Name { get; }

        public int Index { get; }

        public bool IsHidden { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }

        public override string ToString() => $"{Name}: {Type}";
    }

    public struct DetachedColumn
    {
        public DetachedColumn(string name, DataViewType type, Annotations annotations = null)
        {
            if (string.IsNullOrEmpty(name))
                throw new ArgumentNullException(nameof(name));
            (Name, Type, Annotations) = (name, type ?? throw new ArgumentNullException(nameof(type)), annotations ?? Annotations.Empty);
        }

        public DetachedColumn(Column column) => (Name, Type, Annotations) = (column.Name, column.Type, column.Annotations);

        public string Name { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }
    }

    /// <summary>Nothing here makes any.</summary>
    public sealed class Annotations
    {
        private Annotations()
        {
        }

        public static Annotations Empty { get; } = new();

        public DataViewSchema Schema { get; } = new([]);
    }

    public sealed class Builder
    {
        private readonly List<DetachedColumn> _items = [];

        public void AddColumn(string name, DataViewType type, Annotations annotations = null) => _items.Add(new(name, type, annotations));

        public void AddColumns(IEnumerable<Column> source)
        {
            foreach (var column in source)
                _items.Add(new(column));
        }

        public void AddColumns(IEnumerable<DetachedColumn> source) => _items.AddRange(source);

        public DataViewSchema ToSchema()
        {
            // The last column of a name hides the others.
            var last = new Dictionary<string, int>();
            for (var i = 0; i < _items.Count; i++)
                last[_items[i].Name] = i;
            return new([.. _items.Select((item, i) => new Column(item.Name, i, last[item.Name] != i, item.Type, item.Annotations))]);
        }
    }
}
