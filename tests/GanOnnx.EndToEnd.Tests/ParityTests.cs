using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The same seeds give the same images, whichever way they are made. (A packed package has a test of its own.)</summary>
public sealed class ParityTests
{
    private const int Count = 21;
    private const ulong Seed = 42;

    // Batches of other sizes, and other numbers of threads, sum in another order.
    private const double Tolerance = 1e-5;

    private static readonly string _model = Path.Combine(Repository.Root, "models", "fashion-dcgan");

    private ImageBatch _expected = null!;

    /// <summary>One image at a time on one thread.</summary>
    [OneTimeSetUp]
    public void GenerateOneByOne()
    {
        using var generator = ImageGenerator.Load(_model, new() { Device = Device.Cpu, BatchSize = 1, Threads = 1, ParallelBatches = 1 });
        _expected = generator.Generate(Count, Seed);
    }

    [Test]
    public void Library([Values(1, 7, 64)] int batch, [Values(1, 3)] int threads, [Values(1, 2)] int parallelBatches)
    {
        using var generator = ImageGenerator.Load(
            _model, new() { Device = Device.Cpu, BatchSize = batch, Threads = threads, ParallelBatches = parallelBatches });
        Assert.That(generator.Generate(Count, Seed).Values.ToArray(), Is.EqualTo(_expected.Values.ToArray()).Within(Tolerance));
        var samples = Enumerable.Range(0, Count).Select(i => new Sample(Seed, (ulong)i));
        Assert.That(generator.Stream(samples).SelectMany(b => b.Values.ToArray()),
            Is.EqualTo(_expected.Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public async Task Library_with_gathered_requests([Values(1, 7, 64)] int batch, [Values(1, 3)] int threads)
    {
        using var generator = ImageGenerator.Load(_model, new() { Device = Device.Cpu, BatchSize = batch, Threads = threads });
        var images = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => generator.GenerateAsync(1, Seed, first: (ulong)i)));
        Assert.That(images.SelectMany(b => b.Values.ToArray()), Is.EqualTo(_expected.Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Ml_net_source([Values(1, 7, 64)] int batch, [Values(1, 3)] int parallelism)
    {
        using var rows = new MLContext().Data.GenerateImages(_model, Count, Seed,
            options: new() { BatchSize = batch, Parallelism = parallelism });
        Assert.That(rows.GetColumn<float[]>("Image").SelectMany(i => i), Is.EqualTo(_expected.Values.ToArray()).Within(Tolerance));
    }

    /// <summary>A row's seed makes image 0 of that seed, as --seeds does.</summary>
    [Test]
    public void Ml_net_column_of_seeds([Values(1, 7, 64)] int batch, [Values(1, 3)] int parallelism)
    {
        var context = new MLContext();
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(i => new SeedRow { Seed = (ulong)i }));
        using var transformer = context.Transforms
            .GenerateImages("Image", _model, "Seed", options: new() { BatchSize = batch, Parallelism = parallelism }).Fit(rows);
        using var generator = ImageGenerator.Load(_model, new() { Device = Device.Cpu, BatchSize = 1, Threads = 1, ParallelBatches = 1 });
        var expected = Enumerable.Range(0, Count).SelectMany(i => generator.Generate(1, (ulong)i).Values.ToArray());
        Assert.That(transformer.Transform(rows).GetColumn<float[]>("Image").SelectMany(i => i), Is.EqualTo(expected).Within(Tolerance));
    }

    /// <summary>The latents of the seed as a column, through the transform for any model.</summary>
    [Test]
    public void Ml_net_any_model([Values(1, 7, 64)] int batch, [Values(1, 3)] int parallelism)
    {
        var context = new MLContext();
        var sampler = new LatentSampler(100);
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(i =>
        {
            var row = new LatentRow();
            sampler.Fill(Seed, (ulong)i, row.Z);
            return row;
        }));
        using var transformer = context.Transforms
            .ApplyOnnxModelBatched("image", "z", _model, new() { BatchSize = batch, Parallelism = parallelism }).Fit(rows);
        Assert.That(transformer.Transform(rows).GetColumn<float[]>("image").SelectMany(i => i),
            Is.EqualTo(_expected.Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Command_line([Values(1, 7, 64)] int batch, [Values(1, 3)] int cores)
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed(cores, "generate", "fashion-dcgan", "--seed", $"{Seed}", "--count", $"{Count}", "--batch", $"{batch}", "--device",
            "cpu",
            "--out", folder["images"]);
        for (var i = 0; i < Count; i++)
            AssertPicture(Path.Combine(folder["images"], $"seed0042-{i:000000}.png"), i);
    }

    // PNG is lossless, but holds bytes: of two values 1e-5 apart one may lie just below and one just above where rounding goes
    // up, so a byte may differ by 1. Where it does, the value is that near to the middle between two bytes.
    private void AssertPicture(string path, int index)
    {
        var found = ImageReader.Read(path, _expected.Height, 1);
        for (var i = 0; i < found.Length; i++)
        {
            var exact = (_expected[index][i] + 1) * 127.5;
            Assert.That(found[i], Is.EqualTo(exact).Within(0.5 + 127.5 * Tolerance), $"pixel {i} of {path}");
        }
    }

    private sealed class SeedRow
    {
        public ulong Seed { get; set; }
    }

    private sealed class LatentRow
    {
        [ColumnName("z"), VectorType(100)]
        public float[] Z { get; set; } = new float[100];
    }
}
