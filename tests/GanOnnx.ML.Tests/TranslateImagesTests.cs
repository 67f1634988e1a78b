using Microsoft.ML.Data;

namespace GanOnnx.ML.Tests;

public sealed class TranslateImagesTests : IDisposable
{
    private const int Length = 3 * 4 * 5;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Images_are_translated([Values(1, 3, 16)] int batch)
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(40));
        using var transformer = Fit(data, "Floats", new() { BatchSize = batch });
        var made = transformer.Transform(data).GetColumn<float[]>("Negative").ToList();
        Assert.That(made, Is.EqualTo(Rows(40).Select(r => r.Floats.Select(v => -v))));
    }

    [TestCase(4, 5)]
    [TestCase("H", "W")]
    public void The_type_tells_the_size_that_the_model_leaves_open(object height, object width)
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(1));
        using var transformer = Fit(data, "Floats", new(), height, width);
        Assert.That(transformer.GetOutputSchema(data.Schema)["Negative"].Type.ToString(), Is.EqualTo("Vector<Single, 3, 4, 5>"));
    }

    [Test]
    public void Bytes_in_and_out()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(3));
        using var transformer = Fit(data, "Bytes", new() { Pixels = PixelType.Byte }, "H", "W");
        var view = transformer.Transform(data);
        Assert.That(view.Schema["Negative"].Type.ToString(), Is.EqualTo("Vector<Byte, 4, 5, 3>"));
        Assert.That(view.GetColumn<byte[]>("Negative"), Is.EqualTo(Rows(3).Select(r => r.Bytes.Select(v => 255 - v))));
    }

    [Test]
    public void Behind_a_generator()
    {
        var generator = _folder.Save(TestModels.Generator(), "generator.onnx");
        var translator = _folder.Save(Tables.Negative("H", "W"), "translator.onnx");
        var data = _ml.Data.LoadFromEnumerable(LatentRow.Create(30));
        using var model = _ml.Transforms.GenerateImages("Image", generator, "Latent")
            .Append(_ml.Transforms.TranslateImages("Negative", translator, "Image")).Fit(data);
        var view = model.Transform(data);
        Assert.That(view.GetColumn<float[]>("Negative"),
            Is.EqualTo(view.GetColumn<float[]>("Image").Select(image => image.Select(v => -v))).Within(1e-5));
    }

    private BatchedOnnxTransformer Fit(IDataView data, string column, ImageOptions options, object? height = null, object? width = null) =>
        _ml.Transforms.TranslateImages("Negative", _folder.Save(Tables.Negative(height ?? 4, width ?? 5)), column, options).Fit(data);

    internal static IEnumerable<ColouredRow> Rows(int count) => Enumerable.Range(0, count).Select(i => new ColouredRow
    {
        Floats = [.. Enumerable.Range(0, Length).Select(j => (i - j) / 100f)],
        Bytes = [.. Enumerable.Range(0, Length).Select(j => (byte)(i + 4 * j))],
    });

    internal sealed class ColouredRow
    {
        [VectorType(3, 4, 5)]
        public float[] Floats { get; set; } = [];

        [VectorType(4, 5, 3)]
        public byte[] Bytes { get; set; } = [];
    }
}
