using GanOnnx.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Internals;

/// <summary>Rows for a generator, and the images made from them.</summary>
internal abstract class GeneratorBatch(int size) : Batch
{
    private readonly (ImageBatch Images, int Index)[] _images = new (ImageBatch, int)[size];

    public (ImageBatch Images, int Index) this[int slot] => _images[slot];

    public override void Run(int first, int count)
    {
        var images = Generate(first, count);
        for (var i = 0; i < count; i++)
            _images[first + i] = (images, i);
    }

    protected abstract ImageBatch Generate(int first, int count);
}

/// <summary>Rows that bring their latents.</summary>
internal sealed class LatentBatch(GeneratorModel model, ValueGetter<VBuffer<float>> getter, string column, Func<int>? label, int size)
    : GeneratorBatch(size)
{
    private readonly float[] _latents = new float[size * model.Generator.Model.LatentSize];
    private readonly int[] _labels = new int[label is null ? 0 : size];
    private VBuffer<float> _row;

    public override void Read(int slot)
    {
        var length = model.Generator.Model.LatentSize;
        getter(ref _row);
        if (_row.Length != length)
            throw Errors.WrongLength(column, _row.Length, length);
        _row.CopyTo(_latents.AsSpan(slot * length, length));
        if (label is not null)
            _labels[slot] = label();
    }

    protected override ImageBatch Generate(int first, int count)
    {
        var length = model.Generator.Model.LatentSize;
        return model.Generator.FromLatents(
            _latents.AsMemory(first * length, count * length),
            label is null ? default : _labels.AsMemory(first, count), model.Options.Truncation);
    }
}

/// <summary>Rows that bring seeds, or the numbers of images of one seed.</summary>
internal sealed class SeedBatch(GeneratorModel model, Func<ulong> number, Func<int>? label, int size) : GeneratorBatch(size)
{
    private readonly Sample[] _samples = new Sample[size];

    public override void Read(int slot)
    {
        int? asked = label?.Invoke();
        _samples[slot] = model.Columns.Seed is { } seed ? new(seed, number(), asked) : new(number(), Label: asked);
    }

    protected override ImageBatch Generate(int first, int count) =>
        model.Generator.Stream(_samples.Skip(first).Take(count), model.Options.Truncation).Single();
}
