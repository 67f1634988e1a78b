using GanOnnx.ML.Columns;
using GanOnnx.ML.Cursors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Generating;

/// <summary>A generator bound to the columns with its latents or seeds, and its labels and prompts.</summary>
internal sealed class GeneratorBinding(GenerateImagesModel model, DataViewSchema.Column input, DataViewSchema.Column? label,
    DataViewSchema.Column? prompt) : Binding
{
    public override IReadOnlyList<int> Inputs { get; } =
        [.. new DataViewSchema.Column?[] { input, label, prompt }.OfType<DataViewSchema.Column>().Select(column => column.Index)];

    public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [model.Output];

    public override Batch CreateBatch(DataViewRow source, bool[] active, int size)
    {
        var labels = label is { } column ? LabelReader.Create(source, column, model.Generator.Model) : null;
        return input.Type is VectorDataViewType
            ? new LatentBatch(model, source.GetGetter<VBuffer<float>>(input), input.Name, labels, size)
            : new SeedBatch(model, Integers.Reader(source, input), labels,
                prompt is { } texts ? source.GetGetter<ReadOnlyMemory<char>>(texts) : null, size);
    }

    public override Delegate MakeGetter(int output, CurrentRow row)
    {
        var length = model.Image.Length;
        return model.Options.Pixels == PixelType.Byte ? (ValueGetter<VBuffer<byte>>)Bytes : (ValueGetter<VBuffer<float>>)Floats;

        void Floats(ref VBuffer<float> value)
        {
            var (batch, slot) = row.Compute();
            var editor = VBufferEditor.Create(ref value, length);
            ((GeneratorBatch)batch).Floats(slot).CopyTo(editor.Values);
            value = editor.Commit();
        }

        void Bytes(ref VBuffer<byte> value)
        {
            var (batch, slot) = row.Compute();
            var editor = VBufferEditor.Create(ref value, length);
            ((GeneratorBatch)batch).Bytes(slot).CopyTo(editor.Values);
            value = editor.Commit();
        }
    }
}
