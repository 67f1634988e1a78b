using GanOnnx.Inference;
using GanOnnx.Inference.Images;
using GanOnnx.ML.Cursors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Generating;

/// <summary>Rows for a generator, and the images made from them.</summary>
internal abstract class GeneratorBatch(GenerateImagesModel model, int size) : Batch
{
    private readonly int _length = model.Image.Length;
    private readonly float[]? _floats = model.Options.Pixels == PixelType.Single ? new float[size * model.Image.Length] : null;
    private readonly byte[]? _bytes = model.Options.Pixels == PixelType.Byte ? new byte[size * model.Image.Length] : null;

    protected GenerateImagesModel Model => model;

    /// <summary>An image, [C, H, W], −1 … 1, where floats are wanted.</summary>
    public ReadOnlySpan<float> Floats(int slot) => _floats.AsSpan(slot * _length, _length);

    /// <summary>An image, [H, W, C], where bytes are wanted.</summary>
    public ReadOnlySpan<byte> Bytes(int slot) => _bytes.AsSpan(slot * _length, _length);

    public override void Run(int first, int count) =>
        Generate(first, count, _bytes is null ? new(_floats!, first * _length) : new(_bytes, first * _length));

    protected abstract void Generate(int first, int count, ImageMemory images);
}

/// <summary>Rows that bring their latents.</summary>
internal sealed class LatentBatch(GenerateImagesModel model, ValueGetter<VBuffer<float>> getter, string column, Func<int>? label, int size)
    : GeneratorBatch(model, size)
{
    private readonly float[] _latents = new float[size * model.Generator.Model.LatentSize];
    private readonly int[] _labels = new int[label is null ? 0 : size];
    private VBuffer<float> _row;

    public override void Read(int slot)
    {
        var length = Model.Generator.Model.LatentSize;
        getter(ref _row);
        if (_row.Length != length)
            throw Errors.WrongLength(column, _row.Length, length);
        _row.CopyTo(_latents.AsSpan(slot * length, length));
        if (label is not null)
            _labels[slot] = label();
    }

    protected override void Generate(int first, int count, ImageMemory images)
    {
        var length = Model.Generator.Model.LatentSize;
        Model.Generator.Make(
            _latents.AsMemory(first * length, count * length),
            label is null ? default : _labels.AsMemory(first, count), new Sample(0, Truncation: Model.Options.Truncation), images,
            spread: false);
    }
}

/// <summary>Rows that bring seeds, or the numbers of images of one seed.</summary>
internal sealed class SeedBatch(GenerateImagesModel model, Func<ulong> number, Func<int>? label, ValueGetter<ReadOnlyMemory<char>>? prompt,
    int size) : GeneratorBatch(model, size)
{
    private readonly Sample[] _samples = new Sample[size];
    private ReadOnlyMemory<char> _prompt;

    public override void Read(int slot)
    {
        int? asked = label?.Invoke();
        var sample = Model.Columns.Seed is { } seed ? new Sample(seed, number(), asked) : new(number(), Label: asked);
        prompt?.Invoke(ref _prompt);
        _samples[slot] = _prompt.Span.IsWhiteSpace() ? sample : sample with { Prompt = _prompt.ToString() };
    }

    protected override void Generate(int first, int count, ImageMemory images) =>
        Model.Generator.Make(_samples.AsMemory(first, count), Model.Options.Truncation, images, spread: false);
}
