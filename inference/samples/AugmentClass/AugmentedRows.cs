using Microsoft.ML;
using Microsoft.ML.Data;

namespace AugmentClass;

/// <summary>Real rows, and behind them generated ones of one class.</summary>
internal static class AugmentedRows
{
    /// <summary>Any trainer takes the result: a text column <c>Label</c> and a column <c>Image</c>, a vector of known size.</summary>
    /// <param name="context">The context.</param>
    /// <param name="real">Rows with images of the size that the generated ones have.</param>
    /// <param name="generated">What <c>context.Data.GenerateImages</c> makes. It is read, batch by batch, whenever the result is;
    /// an algorithm that goes over its data many times should get <c>context.Data.Cache</c> of it.</param>
    public static IDataView Append(MLContext context, IEnumerable<LabelledImage> real, IDataView generated)
    {
        // The generated rows have no column IsGenerated.
        var made = context.Data.CreateEnumerable<LabelledImage>(generated, reuseRowObject: false, ignoreMissingColumns: true)
            .Select(row => new LabelledImage { Label = row.Label, Image = row.Image, IsGenerated = true });
        return Of(context, real.Concat(made), generated.Schema[nameof(LabelledImage.Image)].Type);
    }

    /// <summary>Rows alone, with a column <c>Image</c> of that type.</summary>
    public static IDataView Of(MLContext context, IEnumerable<LabelledImage> rows, DataViewType image)
    {
        var columns = SchemaDefinition.Create(typeof(LabelledImage));
        columns[nameof(LabelledImage.Image)].ColumnType = image;
        return context.Data.LoadFromEnumerable(rows, columns);
    }
}
