using GanOnnx.Inference.Inputs;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Models;

/// <summary>An image and those of its seed that follow it.</summary>
internal readonly record struct SeedWork(GeneratorModel Model, Sample Start, float Truncation, Memory<float> Pixels) : IWork
{
    public void Fill(Worker worker, int row, int first, int count)
    {
        var rows = new InputRows(Model, worker, row, count, Truncation);
        for (var i = 0; i < count; i++)
            rows.Fill(i, Start with { Index = Start.Index + (ulong)(first + i) });
    }

    public void Take(Worker worker, int row, int first, int count) => Model.Take(worker, row, first, count, Pixels);
}

/// <summary>Images one by one chosen.</summary>
internal readonly record struct SampleWork(GeneratorModel Model, ReadOnlyMemory<Sample> Samples, float Truncation, Memory<float> Pixels) : IWork
{
    public void Fill(Worker worker, int row, int first, int count)
    {
        var rows = new InputRows(Model, worker, row, count, Truncation);
        for (var i = 0; i < count; i++)
            rows.Fill(i, Samples.Span[first + i]);
    }

    public void Take(Worker worker, int row, int first, int count) => Model.Take(worker, row, first, count, Pixels);
}

/// <summary>Images of given latents.</summary>
internal readonly record struct LatentWork(
    GeneratorModel Model, ReadOnlyMemory<float> Latents, ReadOnlyMemory<int> Labels, float Truncation, Memory<float> Pixels) : IWork
{
    public void Fill(Worker worker, int row, int first, int count)
    {
        var rows = new InputRows(Model, worker, row, count, Truncation);
        var size = Model.Sampler.Size;
        for (var i = 0; i < count; i++)
            rows.Fill(i, Latents.Span.Slice((first + i) * size, size), Labels.IsEmpty ? 0 : Labels.Span[first + i]);
    }

    public void Take(Worker worker, int row, int first, int count) => Model.Take(worker, row, first, count, Pixels);
}
