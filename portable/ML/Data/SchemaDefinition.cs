using System.Reflection;

namespace Microsoft.ML.Data;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute()
    {
    }

    public VectorTypeAttribute(int size) => Dims = [size];

    public VectorTypeAttribute(params int[] dimensions) => Dims = dimensions;

    internal int[] Dims { get; } = [];
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    internal string Name { get; } = name;
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute(ulong count) : Attribute
{
    internal ulong Count { get; } = count;
}

public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName] => Find(c => c.ColumnName == columnName);

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        var fields = userType.GetFields(BindingFlags.Public | BindingFlags.Instance).Cast<MemberInfo>();
        var properties = userType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => direction.HasFlag(Direction.Read) && p.CanRead || direction.HasFlag(Direction.Write) && p.CanWrite);
        var definition = new SchemaDefinition();
        foreach (var member in fields.Concat(properties))
            definition.Add(new(member.Name, TypeOf(member), member.GetCustomAttribute<ColumnNameAttribute>()?.Name));
        var twice = definition.GroupBy(c => c.ColumnName).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? definition
            : throw new ArgumentException($"Duplicate column name '{twice.Key}' detected, this is disallowed", nameof(userType));
    }

    internal static Type MemberType(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    private static DataViewType TypeOf(MemberInfo member)
    {
        var type = MemberType(member);
        var isBuffer = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        var isVector = type.IsArray || isBuffer;
        var raw = type.IsArray ? type.GetElementType() : isBuffer ? type.GetGenericArguments()[0] : type;
        PrimitiveDataViewType item = member.GetCustomAttribute<KeyTypeAttribute>() is { } key ? new KeyDataViewType(raw, key.Count)
            : raw == typeof(string) || raw == typeof(ReadOnlyMemory<char>) ? TextDataViewType.Instance
            : raw == typeof(bool) ? BooleanDataViewType.Instance
            : Array.Find(NumberDataViewType.All, n => n.RawType == raw)
                ?? throw new ArgumentOutOfRangeException("rawType", $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        return !isVector ? item
            : member.GetCustomAttribute<VectorTypeAttribute>() is { Dims.Length: > 0 } vector ? new VectorDataViewType(item, vector.Dims)
            : new VectorDataViewType(item);
    }

    public sealed class Column
    {
        internal Column(string memberName, DataViewType columnType, string columnName = null) =>
            (MemberName, ColumnType, ColumnName) = (memberName, columnType, columnName ?? memberName);

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }
    }
}
