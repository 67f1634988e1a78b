using GanOnnx.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Columns;

/// <summary>Reads a row's label: a class's name, or its number.</summary>
internal static class LabelReader
{
    public static Func<int> Create(DataViewRow source, DataViewSchema.Column column, ModelDescription model)
    {
        if (column.Type is TextDataViewType)
            return Names(source.GetGetter<ReadOnlyMemory<char>>(column), model);

        var number = Integers.Reader(source, column);
        // The library says what is wrong with a label that no class has; one too large for it is no class either.
        return () => number() is var label && label <= int.MaxValue ? (int)label : throw Errors.NoClass(model.Path, (long)label);
    }

    private static Func<int> Names(ValueGetter<ReadOnlyMemory<char>> getter, ModelDescription model)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlyMemory<char> name = default;
        return () =>
        {
            getter(ref name);
            if (!lookup.TryGetValue(name.Span, out var label))
                lookup[name.Span] = label = model.FindLabel(name.ToString());
            return label;
        };
    }
}
