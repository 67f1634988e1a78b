using GanOnnx.Cli;
using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.Benchmarks.Trust;

/// <summary>Pictures of the shipped models, marked and signed as the verbs do it.</summary>
internal sealed class TrustPictures : IDisposable
{
    private static readonly string[] _models = ["fashion-dcgan", "fashion-cgan", "fashion-stylegan2", "lpc-characters"];

    private readonly ImageGenerator[] _generators =
        [.. _models.Select(name => ImageGenerator.Load($"models/{name}", new() { Device = Device.Cpu }))];

    public static SigningIdentity Identity { get; } = SigningIdentity.Temporary();

    /// <summary>Writes image number i: its model, seed and what is asked of it follow from the number.</summary>
    /// <param name="path">The file; a .gif gets a walk of three frames.</param>
    /// <param name="i">The number.</param>
    /// <param name="identity">Signs it; null leaves it unsigned.</param>
    public void Write(string path, int i, SigningIdentity? identity)
    {
        var generator = _generators[i % _generators.Length];
        // The identity is everybody's, so the writer isn't disposed.
        var writer = new PictureWriter(identity, generator.Model.Metadata?.License);
        if (path.EndsWith(".gif", StringComparison.Ordinal))
        {
            WriteWalk(generator, writer, path, i);
            return;
        }
        var sample = SampleOf(generator.Model, i);
        using var image = generator.Generate(1, sample).ToImage(0);
        writer.Save(image, path, Provenance.Of(generator.Model, sample));
    }

    public void Dispose() => Array.ForEach(_generators, generator => generator.Dispose());

    private static Sample SampleOf(ModelDescription model, int i) => new((ulong)i * 7919, (ulong)(i % 5),
        model.IsConditional ? i % Math.Max(model.Classes.Count, 1) : null, Truncation: model.HasTruncation && i % 3 == 0 ? 0.7f : null);

    private static void WriteWalk(ImageGenerator generator, PictureWriter writer, string path, int i)
    {
        var model = generator.Model;
        var walk = new LatentWalk(new(model.LatentSize, model.LatentDistribution), [(ulong)i, (ulong)i + 1], 3);
        var sample = SampleOf(model, i) with { Seed = (ulong)i, Index = 0 };
        var latents = new float[walk.Frames * model.LatentSize];
        walk.Fill(0, latents);
        writer.SaveAnimation(Frames(generator.FromLatents(latents, sample)), path, 10, new()
        {
            Provenance = Provenance.Of(model, sample) with { Seeds = $"{i},{i + 1}", Frames = $"0-{walk.Frames - 1} of {walk.Frames}" },
        }, default);
    }

    // Enlarged to look at, as gan interpolate does it.
    private static IEnumerable<Image> Frames(ImageBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            using var image = batch.ToImage(i);
            using var enlarged = ImageGrid.Compose([image]);
            yield return enlarged;
        }
    }
}
