using GanOnnx.Inference;
using GanOnnx.Training.Data;
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
    private readonly ulong _seed;
    private long[]? _labels;
    private Tensor? _vectors;

    /// <param name="options">The run's options.</param>
    /// <param name="size">Values per latent.</param>
    /// <param name="classes">How many classes there are, where labels are used.</param>
    /// <param name="device">Where the generator is.</param>
    public FixedLatents(TrainingOptions options, int size, int classes, Device device)
    {
        (_device, _seed) = (device, options.Seed);
        _latents = new float[Count * size];
        new LatentSampler(size).Fill(options.Seed, 0, _latents);
        if (options.IsConditional && !options.TakesText)
            _labels = [.. Enumerable.Range(0, Count).Select(i => (long)LatentSampler.Label(options.Seed, (ulong)i, classes))];
    }

    /// <summary>Gives them captions, those that the model's file will have.</summary>
    /// <param name="captions">The captions.</param>
    /// <param name="vectors">Their vectors, <c>[K, D]</c>.</param>
    public void Show(Captions captions, Tensor vectors)
    {
        _vectors = vectors;
        var examples = captions.Examples;
        _labels = [.. Enumerable.Range(0, Count).Select(i => (long)examples[LatentSampler.Label(_seed, (ulong)i, examples.Length)])];
    }

    /// <summary>What a generator makes of them.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="count">How many of them. The default is all.</param>
    public ImageBatch Generate(GeneratorNetwork generator, int count = Count) =>
        Generate(generator, _latents[..(_latents.Length / Count * count)], _labels?[..count], _vectors, count, _device);

    /// <summary>What a generator makes of others of the same seed.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="first">The first one's number.</param>
    /// <param name="labels">A class for each, where labels are used; of captions their numbers, −1 for any.</param>
    /// <param name="vectors">The captions' vectors, where images go with captions.</param>
    /// <param name="device">Where the generator is.</param>
    public static ImageBatch Generate(GeneratorNetwork generator, TrainingOptions options, int first, IReadOnlyList<int> labels,
        Tensor? vectors, Device device)
    {
        var latents = new float[labels.Count * generator.LatentSize];
        new LatentSampler(generator.LatentSize).Fill(options.Seed, (ulong)first, latents);
        var chosen = !options.IsConditional ? null : labels.Select((label, i) => vectors is not null && label < 0
            ? LatentSampler.Label(options.Seed, (ulong)(first + i), (int)vectors.shape[0]) : (long)label).ToArray();
        return Generate(generator, latents, chosen, vectors, labels.Count, device);
    }

    private static ImageBatch Generate(GeneratorNetwork generator, float[] latents, long[]? labels, Tensor? vectors, int count,
        Device device)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var classes = labels is null ? null : tensor(labels, device: device);
        if (vectors is not null)
            classes = vectors.index_select(0, classes!);
        var images = generator.Generate(tensor(latents, [count, latents.Length / count], device: device), classes).cpu().contiguous();
        return new ImageBatch(images.data<float>().ToArray(), count, (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
    }
}
