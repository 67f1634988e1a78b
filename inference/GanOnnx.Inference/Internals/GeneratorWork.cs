namespace GanOnnx.Inference.Internals;

/// <summary>Neighbouring images of one seed.</summary>
internal readonly record struct SeedWork(GeneratorModel Model, ulong Seed, ulong Index, int? Label, float Truncation, float[] Pixels) : IWork
{
    public void Fill(Lane lane, int row, int first, int count)
    {
        Model.Sampler.Fill(Seed, Index + (ulong)first, Model.Latents(lane, row, count));
        Model.FillTruncation(lane, row, count, Truncation);
        if (!Model.Description.IsConditional)
            return;

        var labels = Model.Labels(lane, row, count);
        for (var i = 0; i < count; i++)
            labels[i] = Model.Label(Seed, Index + (ulong)(first + i), Label);
    }

    public void Take(Lane lane, int row, int first, int count) => Model.Take(lane, row, first, count, Pixels);
}

/// <summary>Images one by one chosen.</summary>
internal readonly record struct SampleWork(GeneratorModel Model, Sample[] Samples, float Truncation, float[] Pixels) : IWork
{
    public void Fill(Lane lane, int row, int first, int count)
    {
        Model.FillTruncation(lane, row, count, Truncation);
        var latents = Model.Latents(lane, row, count);
        var labels = Model.Description.IsConditional ? Model.Labels(lane, row, count) : [];
        var size = Model.Sampler.Size;
        for (var i = 0; i < count; i++)
        {
            var (seed, index, label) = Samples[first + i];
            Model.Sampler.Fill(seed, index, latents.Slice(i * size, size));
            if (Model.Description.IsConditional)
                labels[i] = Model.Label(seed, index, label);
        }
    }

    public void Take(Lane lane, int row, int first, int count) => Model.Take(lane, row, first, count, Pixels);
}

/// <summary>Images of given latents.</summary>
internal readonly record struct LatentWork(
    GeneratorModel Model, ReadOnlyMemory<float> Latents, ReadOnlyMemory<int> Labels, float Truncation, float[] Pixels) : IWork
{
    public void Fill(Lane lane, int row, int first, int count)
    {
        var size = Model.Sampler.Size;
        Latents.Span.Slice(first * size, count * size).CopyTo(Model.Latents(lane, row, count));
        Model.FillTruncation(lane, row, count, Truncation);
        if (!Model.Description.IsConditional)
            return;

        var labels = Model.Labels(lane, row, count);
        for (var i = 0; i < count; i++)
            labels[i] = Labels.Span[first + i];
    }

    public void Take(Lane lane, int row, int first, int count) => Model.Take(lane, row, first, count, Pixels);
}
