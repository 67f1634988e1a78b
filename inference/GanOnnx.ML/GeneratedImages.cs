using GanOnnx.ML.Cursors;
using GanOnnx.ML.Models;
using Microsoft.ML;

namespace GanOnnx.ML;

/// <summary>
/// The images of one seed as rows: <c>Index</c> (UInt64), <c>Label</c> (String, a class's name, else its number; where the model
/// is conditional) and <c>Image</c>. They are generated when they are read, in any order, by any number of cursors; image i is the
/// same in all of them. Made by <see cref="GanOnnxCatalog"/>.
/// </summary>
public sealed class GeneratedImages : IDataView, IDisposable
{
    private readonly BatchModel _model;
    private readonly BatchedView _view;

    internal GeneratedImages(BatchModel model, IDataView samples)
    {
        _model = model;
        _view = new(new(model, samples.Schema), samples);
    }

    /// <summary>True: reading in random order costs nothing.</summary>
    public bool CanShuffle => true;

    /// <summary>The columns.</summary>
    public DataViewSchema Schema => _view.Schema;

    /// <summary>How many images there are.</summary>
    public long? GetRowCount() => _view.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        _view.GetRowCursor(columnsNeeded, rand);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        _view.GetRowCursorSet(columnsNeeded, n, rand);

    /// <summary>Frees the model, after the runs that are under way. Calling it again does nothing.</summary>
    public void Dispose() => _model.Dispose();
}
