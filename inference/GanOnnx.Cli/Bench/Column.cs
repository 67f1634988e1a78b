using GanOnnx.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.Cli.Bench;

/// <summary>A column of ML.NET, read as apps do, an array for each row. The rows bring the latents.</summary>
internal sealed class Column : Candidate
{
    public const string StockName = "ML.NET, ApplyOnnxModel", GenerateName = "GanOnnx.ML, GenerateImages",
        BatchedName = "GanOnnx.ML, ApplyOnnxModelBatched";

    private const string Made = "image made";
    private readonly LatentRows _rows;
    private readonly IDataView _view;
    private readonly string _name;
    private readonly IDisposable _model;

    private Column(string name, LatentRows rows, IDataView view, string column, IDisposable model)
        : base(name) => (_rows, _view, _name, _model) = (rows, view, column, model);

    /// <summary>The transform GenerateImages of GanOnnx.ML.</summary>
    public static Column GenerateImages(Subject subject, int batch)
    {
        var context = new MLContext();
        var rows = new LatentRows(subject);
        var view = rows.Load(context);
        var options = new GenerateImagesOptions { BatchSize = batch, GpuDeviceId = Gpu(subject), Format = subject.Options.Pixels };
        var model = context.Transforms.GenerateImages(Made, subject.Model.Path, subject.Loaded.Inputs.Latent.Tensors[0].Name,
            subject.Model.IsConditional ? LatentRows.Class : null, options).Fit(view);
        return new(GenerateName, rows, model.Transform(view), Made, model);
    }

    /// <summary>The transform of GanOnnx.ML that takes ApplyOnnxModel's place.</summary>
    public static Column ApplyOnnxModelBatched(Subject subject, int batch)
    {
        var context = new MLContext();
        var rows = new LatentRows(subject);
        var view = rows.Load(context);
        var options = new BatchOptions { BatchSize = batch, GpuDeviceId = Gpu(subject) };
        var model = context.Transforms.ApplyOnnxModelBatched([subject.Image], Inputs(subject), subject.Model.Path, options).Fit(view);
        return new(BatchedName, rows, model.Transform(view), subject.Image, model);
    }

    /// <summary>ML.NET's own transform as it comes, which runs a row at a time whatever the batch.</summary>
    public static Column ApplyOnnxModel(Subject subject)
    {
        var context = new MLContext();
        var rows = new LatentRows(subject);
        var view = rows.Load(context);
        // As an app of ML.NET has it, from the file; that was checked when the library loaded it.
        var model = context.Transforms.ApplyOnnxModel([subject.Image], Inputs(subject), subject.Model.Path, Gpu(subject)).Fit(view);
        return new(StockName, rows, model.Transform(view), subject.Image, model);
    }

    public override void Make(int images)
    {
        _rows.Count = images;
        if (_view.Schema[_name].Type is VectorDataViewType { ItemType: var type } && type == NumberDataViewType.Byte)
            Read<byte>();
        else
            Read<float>();
    }

    public override void Dispose() => _model.Dispose();

    private void Read<T>()
    {
        foreach (var _ in _view.GetColumn<T[]>(_name))
        {
        }
    }

    private static int? Gpu(Subject subject) => subject.OnGpu ? subject.Device.Index : null;

    private static string[] Inputs(Subject subject) => [.. subject.Inputs.Select(i => i.Name)];
}
