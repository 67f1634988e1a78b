using GanOnnx.Inference;
using GanOnnx.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.NoiseToImage;

/// <summary>The latents and labels that a run's samples are made of: those that <c>gan generate</c> takes for the run's seed.</summary>
internal sealed class FixedLatents
{
    private const int Count = 64;

    private readonly Device _device;
    private readonly float[] _latents;
    private readonly long[]? _labels;

    /// <param name="options">The run's options.</param>
    /// <param name="classes">How many classes there are, where labels are used.</param>
    /// <param name="device">Where the generator is.</param>
    public FixedLatents(TrainingOptions options, int classes, Device device)
    {
        _device = device;
        _latents = new float[Count * options.LatentSize];
        new LatentSampler(options.LatentSize).Fill(options.Seed, 0, _latents);
        if (options.IsConditional)
            _labels = [.. Enumerable.Range(0, Count).Select(i => (long)LatentSampler.Label(options.Seed, (ulong)i, classes))];
    }

    /// <summary>What a generator makes of them.</summary>
    public ImageBatch Generate(GeneratorNetwork generator)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var labels = _labels is null ? null : tensor(_labels, device: _device);
        var images = generator.Generate(tensor(_latents, [Count, _latents.Length / Count], device: _device), labels).cpu().contiguous();
        return new ImageBatch(images.data<float>().ToArray(), Count, (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
    }
}
