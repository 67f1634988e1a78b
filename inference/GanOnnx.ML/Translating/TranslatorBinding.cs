using GanOnnx.Inference.Images;
using GanOnnx.Inference.Models;
using GanOnnx.ML.Columns;
using GanOnnx.ML.Cursors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Translating;

/// <summary>A translator bound to the column with its images.</summary>
internal sealed class TranslatorBinding(TranslateImagesModel model, DataViewSchema.Column input, Translation translation) : Binding
{
    public override IReadOnlyList<int> Inputs { get; } = [input.Index];

    public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [model.Output(translation.To.Shape)];

    public override Batch CreateBatch(DataViewRow source, bool[] active, int size) =>
        (Schemas.ItemType(input.Type) == NumberDataViewType.Byte, model.Options.Pixels == PixelType.Byte) switch
        {
            (true, true) => new TranslatorBatch<byte,
                byte>(model, translation, source, input, size, (v, at) => new(v, at), (v, at) => new(v, at)),
            (true, false) => new TranslatorBatch<byte,
                float>(model, translation, source, input, size, (v, at) => new(v, at), (v, at) => new(v, at)),
            (false, true) => new TranslatorBatch<float,
                byte>(model, translation, source, input, size, (v, at) => new(v, at), (v, at) => new(v, at)),
            _ => new TranslatorBatch<float, float>(model, translation, source, input, size, (v, at) => new(v, at), (v, at) => new(v, at)),
        };

    public override Delegate MakeGetter(int output, CurrentRow row) =>
        model.Options.Pixels == PixelType.Byte ? Getter<byte>(row) : Getter<float>(row);

    private static ValueGetter<VBuffer<T>> Getter<T>(CurrentRow row) => (ref VBuffer<T> value) =>
    {
        var (batch, slot) = row.Compute();
        var made = ((IMakes<T>)batch).Made(slot);
        var editor = VBufferEditor.Create(ref value, made.Length);
        made.CopyTo(editor.Values);
        value = editor.Commit();
    };
}

/// <summary>A batch of images whose pixels are of a type.</summary>
internal interface IMakes<T>
{
    ReadOnlySpan<T> Made(int slot);
}

/// <summary>Images of a column, and those made from them, both as columns have them.</summary>
internal sealed class TranslatorBatch<TFrom, TTo>(TranslateImagesModel model, Translation translation, DataViewRow source,
    DataViewSchema.Column column, int size, Func<TFrom[], int, ImageMemory> from, Func<TTo[], int, ImageMemory> to) : Batch, IMakes<TTo>
{
    private readonly int _length = translation.From.Shape.Length, _madeLength = translation.To.Shape.Length;
    private readonly TFrom[] _images = new TFrom[checked(size * translation.From.Shape.Length)];
    private readonly TTo[] _made = new TTo[checked(size * translation.To.Shape.Length)];
    private readonly ValueGetter<VBuffer<TFrom>>? _getter =
        column.Type is VectorDataViewType ? source.GetGetter<VBuffer<TFrom>>(column) : null;

    // One grey pixel may be a column that isn't a vector.
    private readonly ValueGetter<TFrom>? _pixel = column.Type is VectorDataViewType ? null : source.GetGetter<TFrom>(column);
    private VBuffer<TFrom> _row;

    public ReadOnlySpan<TTo> Made(int slot) => _made.AsSpan(slot * _madeLength, _madeLength);

    public override void Read(int slot)
    {
        if (_getter is null)
        {
            _pixel!(ref _images[slot]);
            return;
        }

        _getter(ref _row);
        if (_row.Length != _length)
            throw Errors.WrongLength(column.Name, _row.Length, _length);
        _row.CopyTo(_images.AsSpan(slot * _length, _length));
    }

    public override void Run(int first, int count) => model.Translator.Make(
        translation, from(_images, first * _length), count, to(_made, first * _madeLength), spread: false);
}
