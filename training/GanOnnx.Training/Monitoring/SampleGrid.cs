using System.IO.Enumeration;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Monitoring;

/// <summary>The same images at every tick: those that <c>gan generate</c> makes of the run's seed.</summary>
/// <param name="options">The run's options.</param>
/// <param name="classes">How many classes there are, where labels are used.</param>
/// <param name="folder">Where the pictures go.</param>
/// <param name="device">Where the generator is.</param>
internal sealed class SampleGrid(TrainingOptions options, int classes, string folder, torch.Device device)
{
    public const string FolderName = "samples", Pattern = "kimg-*.png";

    private const int Count = 64;

    private readonly float[] _latents = Latents(options);
    private readonly long[]? _labels = options.IsConditional ? [.. Enumerable.Range(0, Count).Select(i => (long)LatentSampler.Label(options.Seed, (ulong)i, classes))] : null;

    /// <summary>Saves the picture.</summary>
    /// <returns>Its path, and how much the images differ (see <see cref="Tick"/>).</returns>
    public (string Path, double Deviation) Save(GeneratorNetwork generator, long images)
    {
        var batch = Generate(generator);
        using var picture = ImageGrid.Compose(batch);
        var path = System.IO.Path.Combine(folder, $"kimg-{Tick.ToKimg(images):000000}.png");
        OwnFile.Check(path, IsOne);
        ImageFile.Save(picture, path, new ImageSaveOptions
        {
            Provenance = new Provenance { Model = options.Architecture, Seeds = $"{options.Seed}" },
        });
        return (path, Deviation(batch));
    }

    /// <summary>Whether a file is such a picture: its provenance names this program and a network, but no model's file as that of <c>gan generate</c> does.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            return FileSystemName.MatchesSimpleExpression(Pattern, System.IO.Path.GetFileName(path))
                && Provenance.Read(path) is { CreatorTool: { } tool, Model: not null, ModelSha256: null } && tool.StartsWith($"{RunDescription.Program} ", StringComparison.Ordinal);
        }
        catch (ImageException)
        {
            return false;
        }
    }

    private ImageBatch Generate(GeneratorNetwork generator)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var labels = _labels is null ? null : tensor(_labels, device: device);
        var images = generator.Generate(tensor(_latents, [Count, options.LatentSize], device: device), labels).cpu().contiguous();
        return new ImageBatch(images.data<float>().ToArray(), Count, (int)images.shape[1], options.Size, options.Size);
    }

    private static double Deviation(ImageBatch batch)
    {
        var length = batch.Values.Length / batch.Count;
        double total = 0;
        for (var i = 0; i < length; i++)
        {
            double sum = 0, squares = 0;
            for (var n = 0; n < batch.Count; n++)
            {
                double value = batch.Values[n * length + i];
                sum += value;
                squares += value * value;
            }
            total += Math.Sqrt(Math.Max(0, squares / batch.Count - sum / batch.Count * (sum / batch.Count)));
        }
        return total / length;
    }

    private static float[] Latents(TrainingOptions options)
    {
        var latents = new float[Count * options.LatentSize];
        new LatentSampler(options.LatentSize).Fill(options.Seed, 0, latents);
        return latents;
    }
}
