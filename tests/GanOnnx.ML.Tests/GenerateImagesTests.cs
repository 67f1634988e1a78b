using Microsoft.ML.Data;

namespace GanOnnx.ML.Tests;

/// <summary>The transform makes what <see cref="ImageGenerator"/> makes; sums in another order differ by less than 1e-5.</summary>
public sealed class GenerateImagesTests : IDisposable
{
    private const float Tolerance = 1e-5f;
    private static readonly string[] _digits = ["zero", "one", "two"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Latents_make_the_librarys_images([Values(1, 3, 16, 64)] int batch, [Values(1, 2, 5)] int parallelism)
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var rows = LatentRow.Create(50);
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Latent",
            options: new() { BatchSize = batch, Parallelism = parallelism }).Fit(data);
        var made = _ml.Data.CreateEnumerable<ImageRow>(transformer.Transform(data), reuseRowObject: false).ToList();
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        var expected = generator.FromLatents(rows.SelectMany(r => r.Latent).ToArray());
        AssertImages(made.Select(r => r.Image), expected);
    }

    [Test]
    public void Seeds_make_the_librarys_images([Values(1, 7, 16)] int batch)
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new SeedRow { Seed = (ulong)(i * 3) }));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", options: new() { BatchSize = batch }).Fit(data);
        var made = transformer.Transform(data).GetColumn<float[]>("Image").ToList();
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        for (var i = 0; i < 20; i++)
            AssertImages([made[i]], generator.Generate(1, seed: (ulong)(i * 3)));
    }

    [TestCase("Class")]
    [TestCase("Label")]
    public void Labels_are_names_or_numbers(string column)
    {
        var path = _folder.Save(TestModels.Conditional(_digits, 3));
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20)
            .Select(i => new SeedRow { Seed = (ulong)i, Class = _digits[i % 3], Label = i % 3 }));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", column).Fit(data);
        var made = transformer.Transform(data).GetColumn<float[]>("Image").ToList();
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        for (var i = 0; i < 20; i++)
            AssertImages([made[i]], generator.Generate(1, (ulong)i, label: i % 3));
    }

    [Test]
    public void Sounds_are_a_column_of_vectors_and_are_saved()
    {
        var path = _folder.Save(TestModels.Sounding(_digits, channels: 2), "sounds.onnx");
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20)
            .Select(i => new SeedRow { Seed = (ulong)i, Class = _digits[i % 3], Label = i % 3 }));
        using var transformer = _ml.Transforms.GenerateSounds("Sound", path, "Seed", "Class", new() { BatchSize = 3 }).Fit(data);
        var made = transformer.Transform(data);
        using var generator = SoundGenerator.Load(path, new() { Device = Device.Cpu });
        Assert.That(((VectorDataViewType)made.Schema["Sound"].Type).Dimensions, Is.EqualTo([2, 32]));
        Assert.That(made.GetColumn<float[]>("Sound").SelectMany(sound => sound), Is.EqualTo(
            Enumerable.Range(0, 20).SelectMany(i => generator.Generate(1, (ulong)i, i % 3).Values.ToArray())).Within(1e-5));

        var single = _folder.Save(TestModels.Sounding([]), "single.onnx");
        var latents = _ml.Data.LoadFromEnumerable(LatentRow.Create(5));
        using var ours = _ml.Transforms.GenerateSounds("Sound", single, "Latent").Fit(latents);
        var saved = Path.Combine(_folder.Path, "sounds.zip");
        _ml.Model.Save(ours, latents.Schema, saved);
        float[][] expected = [.. ours.Transform(latents).GetColumn<float[]>("Sound")];
        Assert.That(_ml.Model.LoadBatched(saved, out _).Transform(latents).GetColumn<float[]>("Sound"), Is.EqualTo(expected).Within(1e-5));
        Assert.That(_ml.Model.Load(saved, out _).Transform(latents).GetColumn<float[]>("Sound"), Is.EqualTo(expected).Within(1e-5), "ML.NET alone");
    }

    [Test]
    public void Clips_are_a_column_of_vectors()
    {
        var path = _folder.Save(TestModels.Moving(_digits, channels: 3), "clips.onnx");
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20)
            .Select(i => new SeedRow { Seed = (ulong)i, Class = _digits[i % 3], Label = i % 3 }));
        using var transformer = _ml.Transforms.GenerateClips("Clip", path, "Seed", "Class", new() { BatchSize = 3 }).Fit(data);
        var made = transformer.Transform(data);
        using var generator = VideoGenerator.Load(path, new() { Device = Device.Cpu });
        Assert.That(((VectorDataViewType)made.Schema["Clip"].Type).Dimensions, Is.EqualTo([4, 3, 3, 4]));
        Assert.That(made.GetColumn<float[]>("Clip").SelectMany(clip => clip), Is.EqualTo(
            Enumerable.Range(0, 20).SelectMany(i => generator.Generate(1, (ulong)i, i % 3).Values.ToArray())).Within(1e-5));

        var saved = Path.Combine(_folder.Path, "clips.zip");
        Assert.That(() => _ml.Model.Save(transformer, data.Schema, saved), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"The pipeline with '{path}' can't be saved: a clip's latent has two inputs, and ML.NET gives an input a column of its own."));
        var image = _folder.Save(TestModels.Generator(TestModels.Metadata), "image.onnx");
        Assert.That(() => _ml.Transforms.GenerateClips("Clip", image, "Seed").Fit(data), Throws.TypeOf<ModelException>().With.Message.Contains("make clips"));
    }

    [Test]
    public void Models_of_images_and_sounds_make_their_own_columns()
    {
        var (sounds, images) = (_folder.Save(TestModels.Sounding([]), "s.onnx"), _folder.Save(TestModels.Generator(TestModels.Metadata), "i.onnx"));
        var data = _ml.Data.LoadFromEnumerable([new SeedRow()]);
        Assert.That(() => _ml.Transforms.GenerateImages("Image", sounds, "Seed").Fit(data), Throws.TypeOf<ModelException>().With.Message.Contains("make sounds"));
        Assert.That(() => _ml.Transforms.GenerateSounds("Sound", images, "Seed").Fit(data), Throws.TypeOf<ModelException>().With.Message.Contains("make sounds"));
    }

    [Test]
    public void Prompts_are_a_column_of_text()
    {
        var path = _folder.Save(TestModels.Coloured("red", "green"));
        GenerateImagesOptions options = new() { PromptColumnName = "Class", TextEncoder = new ColourEncoder(), BatchSize = 3 };
        string[] prompts = ["a blue one", "", "green and blue", "red", " "];
        var data = _ml.Data.LoadFromEnumerable(prompts.Select((prompt, i) => new SeedRow { Seed = (ulong)i, Class = prompt }));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", options: options).Fit(data);
        var made = transformer.Transform(data).GetColumn<float[]>("Image").ToList();

        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        float[] Drawn(ulong seed) => generator.Generate(1, seed).Values.ToArray();
        Assert.That(made, Is.EqualTo(new float[][] { [-1, -1, 1], Drawn(1), [-1, 1, 1], [1, -1, -1], Drawn(4) }));
    }

    [Test]
    public void Prompts_that_cant_be_are_refused()
    {
        var (path, other) = (_folder.Save(TestModels.Coloured("red")), _folder.Save(TestModels.Generator(), "other.onnx"));
        var data = _ml.Data.LoadFromEnumerable([new SeedRow { Class = "blue" }]);
        var latents = _ml.Data.LoadFromEnumerable(LatentRow.Create(1));
        GenerateImagesOptions Of(string column) => new() { PromptColumnName = column, TextEncoder = new ColourEncoder() };

        Assert.That(() => _ml.Transforms.GenerateImages("Image", other, "Seed", options: Of("Class")).Fit(data), Throws.TypeOf<ModelException>()
            .With.Message.EqualTo($"'{other}' takes no prompts. Leave the column 'Class' out."));
        Assert.That(() => _ml.Transforms.GenerateImages("Image", path, "Seed", options: Of("Label")).Fit(data), Throws.TypeOf<ModelException>()
            .With.Message.StartsWith("The prompts in 'Label' are of type "));
        Assert.That(() => _ml.Transforms.GenerateImages("Image", path, "Seed", options: Of("Nothing")).Fit(data), Throws.TypeOf<ModelException>()
            .With.Message.StartsWith("There is no column 'Nothing'."));
        using var unencoded = _ml.Transforms.GenerateImages("Image", path, "Seed", options: Of("Class") with { TextEncoder = null }).Fit(data);
        Assert.That(() => unencoded.Transform(data).GetColumn<float[]>("Image").ToList(), Throws.InstanceOf<Exception>()
            .With.Message.Contains("takes prompts by the encoder colours, which isn't there"));
    }

    [TestCase(false, false, false)]
    [TestCase(true, true, false)]
    [TestCase(false, false, true)]
    public void Models_of_others_are_understood_with_their_format(bool last, bool bgr, bool flat)
    {
        var ours = _folder.Save(TestModels.Generator(), "ours.onnx");
        var theirs = _folder.Save(ForeignModels.Generator(0, 255, last, bgr, flat), "theirs.onnx");
        var format = new PixelFormat
        {
            Range = ValueRange.Bytes,
            Channels = bgr ? ChannelOrder.Bgr : null,
            Shape = flat ? new ImageShape(3, 16, 16) : null,
        };
        var data = _ml.Data.LoadFromEnumerable(LatentRow.Create(20));
        using var expected = _ml.Transforms.GenerateImages("Image", ours, "Latent").Fit(data);
        using var transformer = _ml.Transforms.GenerateImages("Image", theirs, "Latent", options: new() { Format = format }).Fit(data);
        // 1e-5 of 0 … 255 is a little more than 1e-5 of −1 … 1, for their rounding is coarser.
        Assert.That(transformer.Transform(data).GetColumn<float[]>("Image"),
            Is.EqualTo(expected.Transform(data).GetColumn<float[]>("Image")).Within(2e-5));
    }

    [Test]
    public void Seeds_draw_their_labels_where_none_are_given()
    {
        var path = _folder.Save(TestModels.LabelAsPixel(_digits));
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new SeedRow { Seed = (ulong)i }));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed").Fit(data);
        Assert.That(transformer.Transform(data).GetColumn<float[]>("Image").Select(image => (int)image[0]),
            Is.EqualTo(Enumerable.Range(0, 20).Select(i => LatentSampler.Label((ulong)i, 0, 3))));
    }

    [Test]
    public void Truncation_is_the_options()
    {
        var path = _folder.Save(TestModels.Truncated());
        var data = _ml.Data.LoadFromEnumerable([new SeedRow { Seed = 4 }]);
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", options: new() { Truncation = 0.5f }).Fit(data);
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        AssertImages(transformer.Transform(data).GetColumn<float[]>("Image"), generator.Generate(1, seed: 4, truncation: 0.5f));
    }

    [Test]
    public void A_model_that_mixes_styles_makes_images_of_one_style()
    {
        var path = _folder.Save(TestModels.Styled(_digits));
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new SeedRow { Seed = (ulong)i, Label = i % 3 }));
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", "Label", new() { Truncation = 0.5f, BatchSize = 7 })
            .Fit(data);
        using var source = _ml.Data.GenerateImages(path, 20, seed: 5, options: new() { Truncation = 0.5f });
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });

        var made = transformer.Transform(data).GetColumn<float[]>("Image").ToList();
        for (var i = 0; i < made.Count; i++)
            AssertImages([made[i]], generator.Generate(1, (ulong)i, i % 3, truncation: 0.5f));
        AssertImages(source.GetColumn<float[]>("Image"), generator.Generate(20, seed: 5, truncation: 0.5f));
    }

    [Test]
    public void Bytes_are_those_of_image_files()
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var data = _ml.Data.LoadFromEnumerable([new SeedRow { Seed = 9 }]);
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", options: new() { Pixels = PixelType.Byte }).Fit(data);
        var made = _ml.Data.CreateEnumerable<ByteImageRow>(transformer.Transform(data), reuseRowObject: false).Single().Image;
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        var expected = new byte[made.Length];
        generator.Generate(1, seed: 9).CopyBytesTo(0, expected);
        Assert.That(made, Is.EqualTo(expected));
    }

    [Test]
    public void Bytes_that_a_model_makes_are_those_of_image_files([Values] bool last, [Values] bool bgr)
    {
        var path = _folder.Save(ForeignModels.Generator(0, 255, last, bgr, bytes: true));
        var format = new PixelFormat { Channels = bgr ? ChannelOrder.Bgr : null };
        var data = _ml.Data.LoadFromEnumerable([new SeedRow { Seed = 9 }, new SeedRow { Seed = 4 }]);
        using var bytes = _ml.Transforms.GenerateImages("Image", path, "Seed", options: new() { Pixels = PixelType.Byte, Format = format })
            .Fit(data);
        using var floats = _ml.Transforms.GenerateImages("Image", path, "Seed", options: new() { Format = format }).Fit(data);
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu, Pixels = format });
        ImageBatch[] expected = [generator.Generate(1, seed: 9), generator.Generate(1, seed: 4)];

        // Rounding may go the other way where the graph's sums are ordered differently in a batch of two.
        Assert.That(bytes.Transform(data).GetColumn<byte[]>("Image").SelectMany(image => image),
            Is.EqualTo(expected.SelectMany(Bytes)).Within(1));
        Assert.That(floats.Transform(data).GetColumn<float[]>("Image").SelectMany(image => image),
            Is.EqualTo(expected.SelectMany(image => image.Values.ToArray())).Within(2.1f / 255));

        static byte[] Bytes(ImageBatch image)
        {
            var bytes = new byte[768];
            image.CopyBytesTo(0, bytes);
            return bytes;
        }
    }

    [TestCase(PixelType.Single)]
    [TestCase(PixelType.Byte)]
    public void Values_that_are_no_numbers_fail_their_row(PixelType pixels)
    {
        // The logarithm of the label: class 0 makes minus infinity.
        var builder = TestModels.LabelAsPixel(_digits);
        builder.Model.Graph.Output.Clear();
        builder.Node("Log", ["image"], "log").Output("log", GanOnnx.Onnx.TensorProto.Types.DataType.Float, "N", 1, 1, 1);
        var path = _folder.Save(builder);
        var data = _ml.Data.LoadFromEnumerable([new SeedRow { Label = 1 }, new SeedRow { Label = 0 }]);
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", "Label", new() { Pixels = pixels }).Fit(data);
        var view = transformer.Transform(data);
        Assert.That(() => pixels == PixelType.Byte ? view.GetColumn<byte[]>("Image").Count() : view.GetColumn<float[]>("Image").Count(),
            Throws.TypeOf<ModelException>().With.Message.StartsWith(
                $"Row 1: '{path}' made an image with values that are no numbers (NaN) or infinite."));
    }

    [TestCase(PixelType.Single, "Vector<Single, 3, 16, 16>")]
    [TestCase(PixelType.Byte, "Vector<Byte, 16, 16, 3>")]
    public void The_column_is_typed_with_its_dimensions(PixelType pixels, string type)
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var data = _ml.Data.LoadFromEnumerable([new SeedRow()]);
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed", options: new() { Pixels = pixels }).Fit(data);
        Assert.That(transformer.GetOutputSchema(data.Schema)["Image"].Type.ToString(), Is.EqualTo(type));
    }

    [Test]
    public void A_size_that_only_shows_in_a_run_is_in_the_type()
    {
        var path = _folder.Save(TestModels.OpenHeight());
        var data = _ml.Data.LoadFromEnumerable([new SeedRow()]);
        using var transformer = _ml.Transforms.GenerateImages("Image", path, "Seed").Fit(data);
        Assert.That(transformer.GetOutputSchema(data.Schema)["Image"].Type.ToString(), Is.EqualTo("Vector<Single, 3, 16, 16>"));
    }

    [Test]
    public void An_input_column_of_the_same_name_is_hidden()
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        var data = _ml.Data.LoadFromEnumerable([new SeedRow { Seed = 3 }]);
        using var transformer = _ml.Transforms.GenerateImages("Seed", path, "Seed").Fit(data);
        var view = transformer.Transform(data);
        using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        AssertImages(view.GetColumn<float[]>("Seed"), generator.Generate(1, seed: 3));
        Assert.That(view.Schema.Count(c => c.IsHidden), Is.EqualTo(1));
    }

    internal static void AssertImages(IEnumerable<float[]> made, ImageBatch expected)
    {
        var all = made.ToList();
        Assert.That(all, Has.Count.EqualTo(expected.Count));
        Assert.That(all.SelectMany(image => image), Is.EqualTo(expected.Values.ToArray()).Within(Tolerance));
    }
}
