using GanOnnx.Inference;
using GanOnnx.ML.Columns;
using GanOnnx.ML.Models;
using Microsoft.ML;

namespace GanOnnx.ML;

/// <summary>
/// Adds columns that an ONNX model makes, in batches. There is nothing to learn: fitting checks the columns and hands out the
/// loaded model. Made by <see cref="GanOnnxCatalog"/>.
/// </summary>
public sealed class BatchedOnnxEstimator : IEstimator<BatchedOnnxTransformer>
{
    private readonly Func<BatchModel> _load;
    private readonly TransformsCatalog _catalog;
    private readonly BatchModel _first;
    private BatchModel? _unused;

    internal BatchedOnnxEstimator(TransformsCatalog catalog, Func<BatchModel> load)
    {
        (_catalog, _load) = (catalog, load);
        _first = _unused = load();
    }

    /// <summary>Checks the columns and makes the transformer, which owns a loaded model: dispose of it when done.</summary>
    /// <exception cref="ModelException">A column is missing or has the wrong type; the file can't be loaded any more.</exception>
    public BatchedOnnxTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // The model that was loaded to look at goes to the first transformer, so that each may be disposed of by itself.
        var model = Interlocked.Exchange(ref _unused, null) ?? _load();
        try
        {
            return new BatchedOnnxTransformer(model, input.Schema);
        }
        catch
        {
            if (Interlocked.CompareExchange(ref _unused, model, null) is not null)
                model.Dispose();
            throw;
        }
    }

    /// <summary>The columns there will be.</summary>
    /// <exception cref="ModelException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Schemas.Add(inputSchema, _first.Check(inputSchema), _catalog);
    }
}
