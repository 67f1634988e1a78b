using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Columns;

/// <summary>Finds columns, and makes the description of columns that ML.NET's estimators hand on.</summary>
internal static class Schemas
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) ?? throw Errors.NoColumn(name, schema.Where(c => !c.IsHidden).Select(c => c.Name));

    public static SchemaShape.Column Find(SchemaShape shape, string name)
    {
        foreach (var column in shape)
            if (column.Name == name)
                return column;
        throw Errors.NoColumn(name, shape.Select(c => c.Name));
    }

    public static DataViewType ItemType(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>The type that a shape tells, a vector's size being unknown.</summary>
    public static DataViewType Type(SchemaShape.Column column) => (column.Kind, column.ItemType) switch
    {
        (SchemaShape.Column.VectorKind.Scalar, var type) => type,
        (_, PrimitiveDataViewType type) => new VectorDataViewType(type),
        (_, var type) => type,
    };

    /// <summary>A shape with columns added; one of the same name is hidden by the new one.</summary>
    public static SchemaShape Add(SchemaShape shape, IEnumerable<DataViewSchema.DetachedColumn> added, TransformsCatalog catalog)
    {
        var columns = shape.ToDictionary(c => c.Name);
        foreach (var column in added)
            columns[column.Name] = Describe(column, catalog);
        return new(columns.Values);
    }

    // Only ML.NET itself can make a SchemaShape.Column. A custom mapping makes one for any type it is told to add.
    private static SchemaShape.Column Describe(DataViewSchema.DetachedColumn column, TransformsCatalog catalog)
    {
        var item = ((VectorDataViewType)column.Type).ItemType.RawType;
        var describe = typeof(Schemas)
            .GetMethod(nameof(DescribeVector), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        return (SchemaShape.Column)describe.MakeGenericMethod(item).Invoke(null, [column, catalog])!;
    }

    private static SchemaShape.Column DescribeVector<T>(DataViewSchema.DetachedColumn column, TransformsCatalog catalog)
    {
        var definition = SchemaDefinition.Create(typeof(Vector<T>));
        (definition[0].ColumnName, definition[0].ColumnType) = (column.Name, column.Type);
        var mapping = catalog.CustomMapping<Nothing, Vector<T>>((_, _) => { }, contractName: null, null, definition);
        return mapping.GetOutputSchema(new SchemaShape([]))[0];
    }

    private sealed class Nothing;

    private sealed class Vector<T>
    {
        public VBuffer<T> Values { get; set; }
    }
}
