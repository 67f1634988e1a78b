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

    // Everything that ImageTranslator understands, columns do: one component decides for both.
    private static IEnumerable<TestCaseData> Forms()
    {
        yield return Case("0 to 1", new() { Input = new() { Range = ValueRange.Unit } }, "N", 3, 4, 5);
        yield return Case("0 to 1, fixed batch of 1, open height and width", new() { Input = new() { Range = ValueRange.Unit } }, 1, 3, "H", "W");
        yield return Case("channels last", new() { Input = new() { Range = ValueRange.Unit } }, "N", 4, 5, 3);
        yield return Case("channels last, open height", new() { Input = new() { Range = ValueRange.Unit } }, "N", "H", 5, 3);
        yield return Case("0 to 255, channels last, all open",
            new() { Input = new() { Range = ValueRange.Bytes, Layout = ChannelLayout.Last } }, "N", "H", "W", "C");

        static TestCaseData Case(string name, TranslateImagesOptions options, params object[] axes) =>
            new TestCaseData(options, axes).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Forms))]
    public void Images_of_any_form_are_what_ImageTranslator_makes(TranslateImagesOptions options, object[] axes)
    {
        var path = _folder.Save(ForeignModels.Darker(null, axes));
        var data = _ml.Data.LoadFromEnumerable(Rows(7));
        using var translator = ImageTranslator.Load(path, new() { Device = Device.Cpu, Input = options.Input });
        var expected = translator.Translate(new([.. Rows(7).SelectMany(r => r.Floats)], 7, 3, 4, 5));

        using var floats = _ml.Transforms.TranslateImages("Dark", path, "Floats", options).Fit(data);
        using var bytes = _ml.Transforms.TranslateImages("Dark", path, "Bytes", options with { Pixels = PixelType.Byte }).Fit(data);

        var view = floats.Transform(data);
        Assert.That(view.Schema["Dark"].Type.ToString(), Is.EqualTo("Vector<Single, 3, 4, 5>"));
        Assert.That(view.GetColumn<float[]>("Dark").SelectMany(image => image), Is.EqualTo(expected.Values.ToArray()).Within(1e-5));
        var made = bytes.Transform(data);
        Assert.That(made.Schema["Dark"].Type.ToString(), Is.EqualTo("Vector<Byte, 4, 5, 3>"));
        var (lowest, highest) = options.Input.Range!.Value;
        var dark = Rows(7).SelectMany(r => r.Bytes).Select(b => ((lowest + b / 255f * (highest - lowest)) * 0.5f - 0.5f - lowest)
            / (highest - lowest) * 255);
        Assert.That(made.GetColumn<byte[]>("Dark").SelectMany(image => image),
            Is.EqualTo(dark.Select(value => (byte)Math.Clamp(MathF.Floor(value + 0.5f), 0, 255))).Within(1));
    }

    [Test]
    public void A_range_that_nobody_tells_is_asked_for()
    {
        var path = _folder.Save(ForeignModels.Darker(null, "N", 3, 4, 5));
        Assert.That(() => _ml.Transforms.TranslateImages("Dark", path, "Floats"), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{path}' doesn't say which values of image float32 [N, 3, 4, 5] are black and white. Give them with the option Input.Range: "
            + "-1 to 1, 0 to 1 or 0 to 255."));
    }

    private BatchedOnnxTransformer Fit(IDataView data, string column, TranslateImagesOptions options, object? height = null,
        object? width = null) =>
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
