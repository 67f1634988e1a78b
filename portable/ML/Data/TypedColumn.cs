using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A member of a user's class and its column.</summary>
internal sealed record TypedColumn(string Name, DataViewType Type, MemberInfo Member)
{
    /// <summary>The column of a view that fills the member.</summary>
    public DataViewSchema.Column Source { get; private init; }

    private Type MemberType => SchemaDefinition.MemberType(Member);

    public static TypedColumn[] Create(Type userType, SchemaDefinition definition, SchemaDefinition.Direction direction) =>
        [.. (definition ?? SchemaDefinition.Create(userType, direction)).Select(c => new TypedColumn(c.ColumnName, c.ColumnType, userType.GetMember(c.MemberName)[0]))];

    public static DataViewSchema Schema(IEnumerable<TypedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type);
        return builder.ToSchema();
    }

    public static TypedColumn[] Bind(IEnumerable<TypedColumn> columns, DataViewSchema schema, bool ignoreMissing)
    {
        var bound = new List<TypedColumn>();
        foreach (var column in columns)
            if (schema.GetColumnOrNull(column.Name) is not { } source)
            {
                if (!ignoreMissing)
                    throw Except.SchemaMismatch("Schema", "", column.Name);
            }
            else if (Item(source.Type).RawType != Item(column.Type).RawType || source.Type is VectorDataViewType != column.Type is VectorDataViewType)
                throw new InvalidOperationException($"Can't bind the IDataView column '{column.Name}' of type '{source.Type}' "
                    + $"to field or property '{column.Member.Name}' of type '{column.MemberType.FullName}'.");
            else
                bound.Add(column with { Source = source });
        return [.. bound];
    }

    /// <summary>For each bound column an action that sets the member from the row.</summary>
    public static Action<TRow>[] Setters<TRow>(TypedColumn[] columns, DataViewRow row) => [.. columns.Select(c => c.Setter<TRow>(row))];

    /// <summary>The getter of the member's value in the object that is current when it is called.</summary>
    public Delegate Getter<TRow>(Func<TRow> current)
    {
        var parameter = Expression.Parameter(typeof(TRow));
        var read = Expression.Lambda(Expression.MakeMemberAccess(parameter, Member), parameter).Compile();
        return (Type, MemberType) switch
        {
            (KeyDataViewType key, _) => Make(nameof(KeyGetter), [typeof(TRow), key.RawType], read, current, key.Count),
            (TextDataViewType, var type) when type == typeof(string) => TextGetter((Func<TRow, string>)read, current),
            (VectorDataViewType { ItemType: TextDataViewType }, { IsArray: true } type) when type.GetElementType() == typeof(string) =>
                TextsGetter((Func<TRow, string[]>)read, current),
            (VectorDataViewType vector, { IsArray: true }) => Make(nameof(ArrayGetter), [typeof(TRow), vector.ItemType.RawType], read, current),
            (VectorDataViewType vector, _) => Make(nameof(BufferGetter), [typeof(TRow), vector.ItemType.RawType], read, current),
            _ => Make(nameof(ValueGetter), [typeof(TRow), Type.RawType], read, current),
        };
    }

    private static DataViewType Item(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    private Action<TRow> Setter<TRow>(DataViewRow row)
    {
        var getter = Rows.Getter(row, Source.Index);
        var (parameter, value) = (Expression.Parameter(typeof(TRow)), Expression.Parameter(MemberType));
        var write = Expression.Lambda(typeof(Action<,>).MakeGenericType(typeof(TRow), MemberType), Expression.Assign(Expression.MakeMemberAccess(parameter, Member), value), parameter, value).Compile();
        return (Action<TRow>)((Type, MemberType) switch
        {
            (TextDataViewType, var type) when type == typeof(string) => TextSetter((Action<TRow, string>)write, (ValueGetter<ReadOnlyMemory<char>>)getter),
            (VectorDataViewType { ItemType: TextDataViewType }, { IsArray: true } type) when type.GetElementType() == typeof(string) =>
                TextsSetter((Action<TRow, string[]>)write, (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)getter),
            (VectorDataViewType vector, { IsArray: true }) => Make(nameof(ArraySetter), [typeof(TRow), vector.ItemType.RawType], write, getter),
            (VectorDataViewType vector, _) => Make(nameof(BufferSetter), [typeof(TRow), vector.ItemType.RawType], write, getter),
            _ => Make(nameof(ValueSetter), [typeof(TRow), Type.RawType], write, getter),
        });
    }

    private static Delegate Make(string method, Type[] types, params object[] arguments) => (Delegate)typeof(TypedColumn)
        .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static).MakeGenericMethod(types)
        .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static ValueGetter<T> ValueGetter<TRow, T>(Func<TRow, T> read, Func<TRow> row) => (ref T value) => value = read(row());

    private static ValueGetter<VBuffer<T>> BufferGetter<TRow, T>(Func<TRow, VBuffer<T>> read, Func<TRow> row) =>
        (ref VBuffer<T> value) => read(row()).CopyTo(ref value);

    private static ValueGetter<VBuffer<T>> ArrayGetter<TRow, T>(Func<TRow, T[]> read, Func<TRow> row) =>
        (ref VBuffer<T> value) => Fill(ref value, read(row()), item => item);

    private static ValueGetter<ReadOnlyMemory<char>> TextGetter<TRow>(Func<TRow, string> read, Func<TRow> row) =>
        (ref ReadOnlyMemory<char> value) => value = read(row()).AsMemory();

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextsGetter<TRow>(Func<TRow, string[]> read, Func<TRow> row) =>
        (ref VBuffer<ReadOnlyMemory<char>> value) => Fill(ref value, read(row()), text => text.AsMemory());

    // A key counts from 1; 0 is none.
    private static ValueGetter<T> KeyGetter<TRow, T>(Func<TRow, T> read, Func<TRow> row, ulong count) => (ref T value) =>
    {
        var key = Convert.ToUInt64(read(row()));
        value = (T)Convert.ChangeType(key < count ? key + 1 : 0, typeof(T));
    };

    private static void Fill<TFrom, T>(ref VBuffer<T> value, TFrom[] items, Func<TFrom, T> convert)
    {
        var editor = VBufferEditor.Create(ref value, items?.Length ?? 0);
        for (var i = 0; i < editor.Values.Length; i++)
            editor.Values[i] = convert(items[i]);
        value = editor.Commit();
    }

    private static Action<TRow> ValueSetter<TRow, T>(Action<TRow, T> write, ValueGetter<T> getter) => row =>
    {
        T value = default;
        getter(ref value);
        write(row, value);
    };

    private static Action<TRow> BufferSetter<TRow, T>(Action<TRow, VBuffer<T>> write, ValueGetter<VBuffer<T>> getter) => row =>
    {
        VBuffer<T> value = default;
        getter(ref value);
        write(row, value);
    };

    private static Action<TRow> ArraySetter<TRow, T>(Action<TRow, T[]> write, ValueGetter<VBuffer<T>> getter)
    {
        VBuffer<T> value = default;
        return row =>
        {
            getter(ref value);
            write(row, value.GetValues().ToArray());
        };
    }

    private static Action<TRow> TextSetter<TRow>(Action<TRow, string> write, ValueGetter<ReadOnlyMemory<char>> getter) => row =>
    {
        ReadOnlyMemory<char> value = default;
        getter(ref value);
        write(row, value.ToString());
    };

    private static Action<TRow> TextsSetter<TRow>(Action<TRow, string[]> write, ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter) => row =>
    {
        VBuffer<ReadOnlyMemory<char>> value = default;
        getter(ref value);
        write(row, [.. value.DenseValues().Select(text => text.ToString())]);
    };
}
