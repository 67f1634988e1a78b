// readme
using GanOnnx.ML;
using Microsoft.ML;
using Microsoft.ML.Data;
// readme ends

namespace GanOnnx.ML.Tests;

/// <summary>The C# of the library's README is this file's: it compiles and runs.</summary>
public sealed class ReadmeTests
{
    private string _before = "";
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void GoWhereTheModelsAre()
    {
        _folder = new TemporaryFolder();
        _before = Environment.CurrentDirectory;
        Directory.CreateSymbolicLink(_folder["models"], Path.Combine(Repository.Root, "models"));
        Environment.CurrentDirectory = _folder.Path;
    }

    [TearDown]
    public void GoBack()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    [Test]
    public void Images_as_data_as_a_column_and_any_model()
    {
        // readme
        var context = new MLContext();

        // Images as data: a seed's images, made when they are read.
        using GeneratedImages garments = context.Data.GenerateImages("models/fashion-dcgan", count: 1_000_000, seed: 42);
        IDataView hundred = context.Data.TakeRows(context.Data.ShuffleRows(garments, seed: 1), 100);

        // An image for each row, of the row's seed.
        IDataView rows = context.Data.LoadFromEnumerable([new Row { Seed = 7 }, new Row { Seed = 8 }]);
        using var generator = context.Transforms.GenerateImages("Image", "models/fashion-dcgan", "Seed").Fit(rows);
        float[][] images = [.. generator.Transform(rows).GetColumn<float[]>("Image")];

        // What ApplyOnnxModel does, in batches: columns are named as the model's inputs and outputs.
        IDataView latents = context.Data.LoadFromEnumerable([new Latent(), new Latent()]);
        using var model = context.Transforms.ApplyOnnxModelBatched("image", "z", "models/fashion-dcgan").Fit(latents);
        float[][] same = [.. model.Transform(latents).GetColumn<float[]>("image")];
        // readme ends

        Assert.That(hundred.GetColumn<ulong>("Index").Distinct().Count(), Is.EqualTo(100));
        Assert.That(images.Select(i => i.Length), Is.EqualTo([1024, 1024]));
        // 1e-5: the same latent at another place of a batch.
        Assert.That(same[0], Is.EqualTo(same[1]).Within(1e-5));
    }

    // readme
    internal sealed class Row
    {
        public ulong Seed { get; set; }
    }

    internal sealed class Latent
    {
        [ColumnName("z"), VectorType(100)]
        public float[] Z { get; set; } = new float[100];
    }
    // readme ends

    [Test]
    public void Save_and_load()
    {
        var context = new MLContext();
        var latents = context.Data.LoadFromEnumerable([new Latent(), new Latent()]);
        using var model = context.Transforms.ApplyOnnxModelBatched("image", "z", "models/fashion-dcgan").Fit(latents);
        // readme
        context.Model.Save(model, latents.Schema, "model.zip");
        ITransformer stock = context.Model.Load("model.zip", out _);
        ITransformer batched = context.Model.LoadBatched("model.zip", out _);
        // readme ends
        using var loaded = (BatchedOnnxTransformer)batched;
        Assert.That(loaded.Transform(latents).GetColumn<float[]>("image"),
            Is.EqualTo(stock.Transform(latents).GetColumn<float[]>("image")).Within(1e-5));
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested() =>
        ReadmeCode.AssertTested("inference/GanOnnx.ML/README.md", "tests/GanOnnx.ML.Tests/ReadmeTests.cs");
}
