using GanOnnx.Inference;
using GanOnnx.ML.Cursors;
using GanOnnx.ML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML;

/// <summary>
/// Adds columns that an ONNX model makes. Rows are read ahead, run in batches on several threads, and come in their order;
/// nothing is computed before a value is asked for, nor a column that nobody reads. Made by <see cref="BatchedOnnxEstimator"/>.
/// </summary>
/// <remarks>
/// A row that the model fails on doesn't harm the others of its batch: the <see cref="ModelException"/> comes when that row's
/// value is asked for, and names the row by its id. All members may be called from several threads at once.
/// </remarks>
public sealed class BatchedOnnxTransformer : ITransformer, IDisposable
{
    private readonly BatchModel _model;
    private readonly DataViewSchema _fitted;
    private readonly IDisposable? _file;

    internal BatchedOnnxTransformer(BatchModel model, DataViewSchema fitted, IDisposable? file = null)
    {
        (_model, _fitted, _file) = (model, fitted, file);
        _ = new RowMapping(model, fitted);
    }

    /// <summary>The execution provider the model runs on, as ONNX Runtime names it, for example <c>CPUExecutionProvider</c>.</summary>
    public string Provider => _model.Provider;

    /// <summary>Rows per run of the model.</summary>
    public int BatchSize => _model.BatchSize;

    /// <summary>Batches under way at once.</summary>
    public int Parallelism => _model.Parallelism;

    /// <summary>True: every row is made from one row.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The columns there will be.</summary>
    /// <exception cref="ModelException">A column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowMapping(_model, inputSchema).OutputSchema;
    }

    /// <summary>The rows with the columns added, computed when they are asked for.</summary>
    /// <exception cref="ModelException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _model.CheckOpen();
        return new BatchedView(new(_model, input.Schema), input);
    }

    /// <summary>The mapping of single rows, for prediction engines.</summary>
    /// <exception cref="ModelException">A column is missing or has the wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowMapping(_model, inputSchema);
    }

    /// <summary>
    /// Frees the model, after the runs that are under way. Views and engines made from it can't compute any more. Calling it again
    /// does nothing.
    /// </summary>
    public void Dispose()
    {
        _model.Dispose();
        _file?.Dispose();
    }

    /// <summary>
    /// Saves transformers of ML.NET's own that do the same a row at a time, so that any ML.NET app can load them;
    /// <see cref="GanOnnxCatalog.LoadBatched"/> makes this one of them again.
    /// </summary>
    /// <exception cref="ModelException">ML.NET can't do it by itself: latents from seeds, labels by name, Single to Byte.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) => _model.Describe(_fitted).Save(ctx, _fitted);
}
