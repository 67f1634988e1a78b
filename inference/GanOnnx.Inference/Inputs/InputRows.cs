using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Inputs;

/// <summary>The rows of a worker's inputs that a batch's images are made from; empty where the model lacks the input.</summary>
internal readonly ref struct InputRows
{
    // Above the layers of any network, and float16, in which the model may compute, holds it exactly.
    private const float BeyondAllLayers = 1024;

    private readonly GeneratorModel _model;
    private readonly Span<float> _latents, _styles, _layers;
    private readonly Span<long> _labels;

    /// <summary>Finds the rows and fills in the truncation.</summary>
    public InputRows(GeneratorModel model, Worker worker, int row, int count, float truncation)
    {
        _model = model;
        var (description, input) = (model.Description, 0);
        _latents = worker.Input(input++).Values<float>(row, count);
        if (description.IsConditional)
            _labels = worker.Input(input++).Values<long>(row, count);
        if (description.HasTruncation)
            worker.Input(input++).Values<float>(row, count).Fill(truncation);
        if (!description.HasStyleMixing)
            return;

        _styles = worker.Input(input++).Values<float>(row, count);
        _layers = worker.Input(input).Values<float>(row, count);
    }

    /// <summary>An image drawn from its seed.</summary>
    public void Fill(int row, in Sample sample)
    {
        _model.Sampler.Fill(sample.Seed, sample.Index, Latent(_latents, row));
        if (_model.Description.IsConditional)
            _labels[row] = sample.Label ?? LatentSampler.Label(sample.Seed, sample.Index, _model.Description.Classes.Count);
        if (_model.Description.HasStyleMixing)
            FillStyle(row, sample.StyleMix);
    }

    /// <summary>An image of a given latent.</summary>
    public void Fill(int row, ReadOnlySpan<float> latent, int label)
    {
        latent.CopyTo(Latent(_latents, row));
        if (_model.Description.IsConditional)
            _labels[row] = label;
        if (_model.Description.HasStyleMixing)
            FillStyle(row, null);
    }

    private void FillStyle(int row, StyleMix? styleMix)
    {
        _layers[row] = Math.Min(styleMix?.FromLayer ?? BeyondAllLayers, BeyondAllLayers);
        // Without mixing both styles are the image's own: whatever a network does with them, it is their style to the bit.
        if (styleMix is { } other)
            _model.Sampler.Fill(other.Seed, other.Index, Latent(_styles, row));
        else
            Latent(_latents, row).CopyTo(Latent(_styles, row));
    }

    private Span<float> Latent(Span<float> rows, int row) => rows.Slice(row * _model.Sampler.Size, _model.Sampler.Size);
}
