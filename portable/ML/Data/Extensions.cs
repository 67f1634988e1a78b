using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Microsoft.ML.Data
{
    public static class ColumnCursorExtensions
    {
        public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

        public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
        {
            var item = typeof(T).IsArray ? typeof(T).GetElementType() : null;
            var vector = column.Type as VectorDataViewType;
            if (column.Type.RawType == typeof(T))
                return Values<T, T>(data, column, value => value);
            if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
                return Values<ReadOnlyMemory<char>, T>(data, column, text => (T)(object)text.ToString());
            if (item is not null && vector?.ItemType.RawType == item)
                return (IEnumerable<T>)typeof(ColumnCursorExtensions).GetMethod(nameof(Arrays), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)
                    .MakeGenericMethod(item).Invoke(null, [data, column]);
            if (item == typeof(string) && vector?.ItemType is TextDataViewType)
                return Values<VBuffer<ReadOnlyMemory<char>>, T>(data, column, texts => (T)(object)texts.DenseValues().Select(t => t.ToString()).ToArray());
            throw new ArgumentOutOfRangeException(nameof(column), $"Could not map a data view column '{column.Name}' of type {column.Type} to {typeof(T)}.");
        }

        private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column) =>
            Values<VBuffer<T>, T[]>(data, column, value => value.GetValues().ToArray());

        private static IEnumerable<T> Values<TValue, T>(IDataView data, DataViewSchema.Column column, Func<TValue, T> convert)
        {
            using var cursor = data.GetRowCursor([column]);
            var getter = cursor.GetGetter<TValue>(column);
            while (cursor.MoveNext())
            {
                TValue value = default;
                getter(ref value);
                yield return convert(value);
            }
        }
    }

    public sealed class DataDebuggerPreview
    {
        internal DataDebuggerPreview(IDataView data, int maxRows)
        {
            Schema = data.Schema;
            using var cursor = data.GetRowCursor(Schema);
            Func<object>[] values = [.. Schema.Select(c => Boxed(Rows.Getter(cursor, c.Index), c.Type.RawType))];
            var rows = ImmutableArray.CreateBuilder<RowInfo>();
            while (rows.Count < maxRows && cursor.MoveNext())
                rows.Add(new([.. Schema.Select(c => new KeyValuePair<string, object>(c.Name, values[c.Index]()))]));
            RowView = rows.ToImmutable();
            ColumnView = [.. Schema.Select(c => new ColumnInfo(c, [.. RowView.Select(r => r.Values[c.Index].Value)]))];
        }

        public DataViewSchema Schema { get; }

        public ImmutableArray<ColumnInfo> ColumnView { get; }

        public ImmutableArray<RowInfo> RowView { get; }

        private static Func<object> Boxed(Delegate getter, Type type) => (Func<object>)typeof(DataDebuggerPreview)
            .GetMethod(nameof(BoxedValue), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static).MakeGenericMethod(type).Invoke(null, [getter]);

        private static Func<object> BoxedValue<T>(ValueGetter<T> getter) => () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };

        public sealed class RowInfo
        {
            internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

            public KeyValuePair<string, object>[] Values { get; }
        }

        public sealed class ColumnInfo
        {
            internal ColumnInfo(DataViewSchema.Column column, object[] values) => (Column, Values) = (column, values);

            public DataViewSchema.Column Column { get; }

            public object[] Values { get; }
        }
    }
}

namespace Microsoft.ML
{
    public static class DebuggerExtensions
    {
        public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);
    }
}
