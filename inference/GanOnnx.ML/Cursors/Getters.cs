using Microsoft.ML;

namespace GanOnnx.ML.Cursors;

/// <summary>The rules of ML.NET for getters, with its types of exception.</summary>
internal static class Getters
{
    public static void Check<TValue>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Index >= row.Schema.Count || !row.IsColumnActive(column))
            throw Errors.Inactive(column.Name);
        var type = row.Schema[column.Index].Type.RawType;
        if (type != typeof(TValue))
            throw Errors.WrongGetter(column.Name, type, typeof(TValue));
    }
}
