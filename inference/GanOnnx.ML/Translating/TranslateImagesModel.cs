using GanOnnx.Inference;
using GanOnnx.ML.Columns;
using GanOnnx.ML.Cursors;
using GanOnnx.ML.Models;
using GanOnnx.ML.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Translating;

/// <summary>Image to image, through the inference library, which knows what the values of the model's images mean.</summary>
internal sealed class TranslateImagesModel(
    ImageTranslator translator, string output, string input, TranslateImagesOptions options, int batchSize) : BatchModel
{
    public ImageTranslator Translator => translator;

    public TranslateImagesOptions Options => options;

    public string OutputColumn => output;

    public string InputColumn => input;

    public override string Path => translator.Model.Path;

    public override string Sha256 => translator.Model.Sha256;

    public override string Provider => translator.Provider;

    public override int BatchSize => batchSize;

    public static TranslateImagesModel Load(string path, string output, string input, TranslateImagesOptions options, ContextDevice context)
    {
        options.Check();
        var translator = ImageTranslator.Load(path, new()
        {
            Device = context.Choose(options),
            BatchSize = options.BatchSize,
            Threads = 1,
            Timeout = options.Timeout,
            Input = options.Input,
            Output = options.Output,
        });
        return new(translator, output, input, options, translator.Loaded.FixedBatch ?? context.BatchSize(options, translator.Provider))
        {
            Parallelism = context.Parallelism(options, translator.Provider),
        };
    }

    public override IEnumerable<DataViewSchema.DetachedColumn> Check(SchemaShape input)
    {
        CheckType(Schemas.Find(input, InputColumn).ItemType);
        // A shape tells no sizes; what is added are vectors of some known size.
        return [new(output, new VectorDataViewType(ItemType, 1))];
    }

    public override Binding Bind(DataViewSchema input)
    {
        var column = Schemas.Find(input, InputColumn);
        CheckType(Schemas.ItemType(column.Type));
        return new TranslatorBinding(this, column, translator.Loaded.For(ShapeOf(column)));
    }

    public override SavedModel Describe(DataViewSchema input) => SavedModels.Describe(this, input);

    /// <summary>The column of images of a shape.</summary>
    public DataViewSchema.DetachedColumn Output(ImageShape shape) => new(output, options.Pixels == PixelType.Byte
        ? new VectorDataViewType(NumberDataViewType.Byte, shape.Height, shape.Width, shape.Channels)
        : new VectorDataViewType(NumberDataViewType.Single, shape.Channels, shape.Height, shape.Width));

    protected override void Free() => translator.Dispose();

    protected override void Stop() => translator.Stop();

    private NumberDataViewType ItemType => options.Pixels == PixelType.Byte ? NumberDataViewType.Byte : NumberDataViewType.Single;

    /// <summary>The shape of a column's images: the model says it, else the column's type.</summary>
    private ImageShape ShapeOf(DataViewSchema.Column column)
    {
        var source = translator.Loaded.Source;
        var type = column.Type as VectorDataViewType;
        int?[] told = type?.Dimensions switch
        {
            [var a, var b, var c] when type.ItemType == NumberDataViewType.Byte => [c, a, b],
            [var a, var b, var c] => [a, b, c],
            _ => [null, null, null],
        };
        int?[] axes = [source.Channels ?? Known(told[0]), source.Height ?? Known(told[1]), source.Width ?? Known(told[2])];
        // If one length alone is open, the column's size tells it.
        var known = axes.Aggregate(1L, (product, length) => product * (length ?? 1));
        if (type is { Size: > 0 and var size } && axes.Count(length => length is null) == 1 && size % known == 0)
            axes[Array.IndexOf(axes, null)] = (int)(size / known);
        if (axes is not [{ } channels, { } height, { } width])
            throw Errors.OpenAxes(Path, source.Tensor, column);

        var shape = new ImageShape(channels, height, width);
        // The length of a vector of unknown size is checked in every row.
        return (type?.Size ?? 1) is var length && (length == 0 || length == shape.Length) ? shape
            : throw Errors.WrongSize(column, shape.Length, source.Tensor, Path);

        static int? Known(int? length) => length > 0 ? length : null;
    }

    private void CheckType(DataViewType item)
    {
        if (item != NumberDataViewType.Single && item != NumberDataViewType.Byte)
            throw Errors.WrongImageType(InputColumn, item, translator.Loaded.Source.Tensor, Path);
    }
}
