using System.IO.Compression;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Tests;

/// <summary>A saved pipeline is ML.NET's own; ours comes back when it is asked for.</summary>
public sealed class SaveLoadTests : IDisposable
{
    private static readonly string[] _digits = ["zero", "one", "two"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Zip => Path.Combine(_folder.Path, "model.zip");

    [Test]
    public void Any_app_loads_what_generates_from_latents()
    {
        var (data, saved) = Latents();
        var stock = _ml.Model.Load(Zip, out var schema);
        Assert.That(schema.Select(c => $"{c}"), Is.EqualTo(data.Schema.Select(c => $"{c}")));
        Assert.That(Types(stock), Has.None.Contains("GanOnnx"));
        Assert.That(stock.Transform(data).GetColumn<float[]>("Image"), Is.EqualTo(saved).Within(1e-5));
    }

    [Test]
    public void LoadBatched_brings_it_back_with_its_options()
    {
        var (data, saved) = Latents();
        using var loaded = (BatchedOnnxTransformer)_ml.Model.LoadBatched(Zip, out _);
        Assert.That((loaded.BatchSize, loaded.Parallelism), Is.EqualTo((5, 3)));
        Assert.That(loaded.Transform(data).GetColumn<float[]>("Image"), Is.EqualTo(saved).Within(1e-5));
        Assert.That(loaded.GetOutputSchema(data.Schema).Last().Type.ToString(), Is.EqualTo("Vector<Single, 3, 16, 16>"));
    }

    [Test]
    public void What_was_loaded_is_saved_again()
    {
        var (data, saved) = Latents();
        using (var loaded = (IDisposable)_ml.Model.LoadBatched(Zip, out var schema))
            _ml.Model.Save((ITransformer)loaded, schema, Zip);
        using var again = (BatchedOnnxTransformer)_ml.Model.LoadBatched(Zip, out _);
        Assert.That(again.Transform(data).GetColumn<float[]>("Image"), Is.EqualTo(saved).Within(1e-5));
        Assert.That(again.BatchSize, Is.EqualTo(5));
    }

    [Test]
    public void A_chain_keeps_its_other_parts_and_their_scopes()
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var data = _ml.Data.LoadFromEnumerable(LatentRow.Create(20));
        var pipeline = _ml.Transforms.CopyColumns("z", "Latent")
            .Append(_ml.Transforms.CopyColumns("Only in training", "Name"), TransformerScope.Training)
            .Append(_ml.Transforms.GenerateImages("Image", path, "z"))
            .Append(_ml.Transforms.CopyColumns("Picture", "Image"));
        using var model = pipeline.Fit(data);
        var expected = model.Transform(data).GetColumn<float[]>("Picture").ToList();
        _ml.Model.Save(model, data.Schema, Zip);

        var stock = _ml.Model.Load(Zip, out _);
        Assert.That(stock.Transform(data).GetColumn<float[]>("Picture"), Is.EqualTo(expected).Within(1e-5));
        using var ours = (TransformerChain<ITransformer>)_ml.Model.LoadBatched(Zip, out _);
        Assert.That(ours.OfType<BatchedOnnxTransformer>().Count(), Is.EqualTo(1));
        Assert.That(ours.Transform(data).GetColumn<float[]>("Picture"), Is.EqualTo(expected).Within(1e-5));
        Assert.That(ours.Transform(data).Schema.GetColumnOrNull("Only in training"), Is.Null);
        Assert.That(ours.Transform(data, TransformerScope.Training).Schema.GetColumnOrNull("Only in training"), Is.Not.Null);
    }

    [Test]
    public void Labels_by_number_are_saved()
    {
        var path = _folder.Save(TestModels.Conditional(_digits, 3));
        var rows = LatentRow.Create(12).Select((r, i) => new LabelledRow { Latent = r.Latent, Label = i % 3 });
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Latent", "Label").Fit(data);
        var expected = transformer.Transform(data).GetColumn<float[]>("Image").ToList();
        _ml.Model.Save(transformer, data.Schema, Zip);
        Assert.That(_ml.Model.Load(Zip, out _).Transform(data).GetColumn<float[]>("Image"), Is.EqualTo(expected).Within(1e-5));
        using var loaded = (BatchedOnnxTransformer)_ml.Model.LoadBatched(Zip, out _);
        Assert.That(loaded.Transform(data).GetColumn<float[]>("Image"), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Translated_images_and_any_model_are_saved()
    {
        var translator = _folder.Save(Tables.Negative(4, 5), "t.onnx");
        var images = _ml.Data.LoadFromEnumerable(TranslateImagesTests.Rows(20));
        RoundTrip(_ml.Transforms.TranslateImages("Negative", translator, "Floats").Fit(images), images, "Negative");
        var table = _ml.Data.LoadFromEnumerable(TableRow.Create(30));
        RoundTrip(_ml.Transforms.ApplyOnnxModelBatched(["looked up"], ["x", "index"], _folder.Save(Tables.TwoOutputs())).Fit(table), table,
            "looked up");
    }

    [Test]
    public void What_ApplyOnnxModel_saved_stays_as_it_is()
    {
        var data = _ml.Data.LoadFromEnumerable(TableRow.Create(3));
        using var stock = _ml.Transforms.ApplyOnnxModel(["double"], ["x", "index"], _folder.Save(Tables.TwoOutputs())).Fit(data);
        _ml.Model.Save(new TransformerChain<ITransformer>(stock), data.Schema, Zip);
        Assert.That(((TransformerChain<ITransformer>)_ml.Model.LoadBatched(Zip, out _)).Single().GetType().Name,
            Is.EqualTo("OnnxTransformer"));
    }

    /// <summary>ML.NET would hand it to ONNX Runtime, which it ends with the whole process.</summary>
    [Test]
    public void A_saved_model_that_would_harm_this_process_is_not_loaded([Values] bool isOurs)
    {
        if (isOurs)
            Latents();
        else
        {
            var table = _ml.Data.LoadFromEnumerable(TableRow.Create(3));
            using var stock = _ml.Transforms.ApplyOnnxModel(["double"], ["x", "index"], _folder.Save(Tables.TwoOutputs())).Fit(table);
            _ml.Model.Save(new TransformerChain<ITransformer>(stock), table.Schema, Zip);
        }
        var bytes = HostileModels.ZeroStride().Model.ToByteArray();
        Replace("OnnxModel", _ => [.. BitConverter.GetBytes(bytes.Length), .. bytes]);

        Assert.That(() => _ml.Model.LoadBatched(Zip, out _), Throws.TypeOf<ModelException>().With.Message.StartsWith($"'{Zip}/")
            .And.Message.Contains("/OnnxModel' isn't loaded, for it could harm this process: ").And.Message.Contains("the strides [0, 2]"));
    }

    [Test]
    public void A_damaged_pipeline_is_refused([Values("cut", "another checksum", "a length that lies", "text")] string damage)
    {
        Latents();
        if (damage == "a length that lies")
            Replace("OnnxModel", model => [.. BitConverter.GetBytes(int.MaxValue), .. model[4..]]);
        var bytes = File.ReadAllBytes(Zip);
        if (damage == "cut")
            bytes = bytes[..^100];
        // In the zip's list of entries, which comes last: a mark, 12 bytes, the checksum.
        if (damage == "another checksum")
            bytes[bytes.AsSpan(0, bytes.AsSpan().LastIndexOf("OnnxModel"u8)).LastIndexOf("PK\u0001\u0002"u8) + 16] ^= 1;
        File.WriteAllBytes(Zip, damage == "text" ? "no pipeline"u8.ToArray() : bytes);

        Assert.That(() => _ml.Model.LoadBatched(Zip, out _),
            Throws.TypeOf<ModelException>().With.Message.EqualTo($"'{Zip}' isn't a whole pipeline of ML.NET. Copy it or save it again."));
    }

    [Test]
    public void What_a_killed_program_leaves_of_a_loaded_model_carries_our_mark()
    {
        Latents();
        string[] There() => [.. Directory.GetDirectories(Path.GetTempPath(), ".ganonnx-*.folder")];
        var before = There();
        string folder;
        using (var loaded = (BatchedOnnxTransformer)_ml.Model.LoadBatched(Zip, out _))
        {
            folder = There().Except(before).Single();
            Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EqualTo(new[] { "model.onnx" }));
            Assert.That(File.Exists(Path.ChangeExtension(folder, ".tmp")), "what says that it is ours, and held while we live");
        }
        Assert.That(Directory.Exists(folder), Is.False);
        Assert.That(File.Exists(Path.ChangeExtension(folder, ".tmp")), Is.False);
    }

    [Test]
    public void Seeds_can_not_be_saved()
    {
        var path = _folder.Save(TestModels.Generator());
        SaveFails(_ml.Transforms.GenerateImages("Image", path, "Seed"), path,
            "ML.NET can't draw latents from seeds. Save a pipeline whose column 'Seed' holds latents");
    }

    [Test]
    public void Labels_by_name_can_not_be_saved()
    {
        var path = _folder.Save(TestModels.Conditional(_digits, 3));
        SaveFails(_ml.Transforms.GenerateImages("Image", path, "Latent", "Class"), path,
            "ML.NET can't look up the classes. Give the label column 'Class' as Int64");
    }

    [Test]
    public void Bytes_made_of_a_float_model_can_not_be_saved()
    {
        var path = _folder.Save(TestModels.Generator());
        SaveFails(_ml.Transforms.GenerateImages("Image", path, "Latent", options: new() { Pixels = PixelType.Byte }), path,
            "ML.NET can't turn image float32 [N, 3, 16, 16] into Byte. Set the option Pixels to what the model makes");
    }

    [Test]
    public void Images_of_another_range_can_not_be_saved()
    {
        var path = _folder.Save(ForeignModels.Generator(0, 1));
        SaveFails(_ml.Transforms.GenerateImages("Image", path, "Latent", options: new() { Format = new() { Range = ValueRange.Unit } }),
            path,
            "ML.NET can't turn out float32 [N, 3, 16, 16] into pixels of -1 to 1, [C, H, W]. Export the model so");
    }

    private void Replace(string entry, Func<byte[], byte[]> change)
    {
        using var zip = ZipFile.Open(Zip, ZipArchiveMode.Update);
        var old = zip.Entries.Single(e => e.FullName.Replace('\\', '/').EndsWith($"/{entry}", StringComparison.Ordinal));
        using var content = new MemoryStream();
        using (var stream = old.Open())
            stream.CopyTo(content);
        var name = old.FullName;
        old.Delete();
        using var changed = zip.CreateEntry(name).Open();
        changed.Write(change(content.ToArray()));
    }

    private (IDataView Data, List<float[]> Images) Latents()
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var data = _ml.Data.LoadFromEnumerable(LatentRow.Create(20));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Latent", options: new() { BatchSize = 5, Parallelism = 3 })
            .Fit(data);
        _ml.Model.Save(transformer, data.Schema, Zip);
        return (data, transformer.Transform(data).GetColumn<float[]>("Image").ToList());
    }

    private void RoundTrip(BatchedOnnxTransformer transformer, IDataView data, string column)
    {
        var expected = transformer.Transform(data).GetColumn<float[]>(column).ToList();
        _ml.Model.Save(transformer, data.Schema, Zip);
        transformer.Dispose();
        Assert.That(_ml.Model.Load(Zip, out _).Transform(data).GetColumn<float[]>(column), Is.EqualTo(expected));
        using var loaded = (BatchedOnnxTransformer)_ml.Model.LoadBatched(Zip, out _);
        Assert.That(loaded.Transform(data).GetColumn<float[]>(column), Is.EqualTo(expected));
    }

    private void SaveFails(BatchedOnnxEstimator estimator, string path, string reason)
    {
        var data = _ml.Data.LoadFromEnumerable([new LabelledRow { Latent = new float[TestModels.LatentSize] }]);
        using var transformer = estimator.Fit(data);
        Assert.That(() => _ml.Model.Save(transformer, data.Schema, Zip),
            Throws.TypeOf<ModelException>().With.Message.EqualTo($"The pipeline with '{path}' can't be saved: {reason}."));
    }

    private static IEnumerable<string> Types(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Types) : [transformer.GetType().FullName!];

    private sealed class LabelledRow
    {
        [VectorType(TestModels.LatentSize)]
        public float[] Latent { get; set; } = [];

        public ulong Seed { get; set; }

        public string Class { get; set; } = "";

        public long Label { get; set; }
    }
}
