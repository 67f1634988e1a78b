using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Quantization.Tests;

/// <summary>Files that become files.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ModelQuantizerTests : IDisposable
{
    private static readonly QuantizationOptions _quick = new() { CalibrationImages = 32, VerifiedImages = 32 };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Made => Path.Combine(_folder.Path, "int8.onnx");

    [Test]
    public void A_generator_makes_nearly_the_same_images()
    {
        var model = _folder.Save(TestModels.Generator(TestModels.Metadata));

        var result = ModelQuantizer.Quantize(model, Made, _quick);

        Assert.That((result.Figures.Layers, result.Figures.LayersInAll, result.Figures.Images), Is.EqualTo((1, 3, 32)));
        Assert.That(result.Layers.Select(layer => (layer.Name, layer.IsInteger)), Is.EqualTo([("a2", true)]));
        using var before = ImageGenerator.Load(model);
        using var after = ImageGenerator.Load(Made);
        var (expected, actual) = (before.Generate(64, seed: 5), after.Generate(64, seed: 5));
        var error = Enumerable.Range(0, expected.Values.Length).Average(i => Math.Pow(expected.Values[i] - actual.Values[i], 2));
        Assert.That(10 * Math.Log10(4 / error), Is.EqualTo(result.Figures.Psnr).Within(1), "of other images");
        Assert.That(result.Figures.Psnr, Is.GreaterThan(38));
        Assert.That(result.FileSize, Is.EqualTo(new FileInfo(Made).Length));
    }

    [Test]
    public void The_file_says_what_it_was_and_what_it_lost()
    {
        var model = _folder.Save(TestModels.Conditional(["a", "b"], 2));

        var result = ModelQuantizer.Quantize(model, Made, _quick);

        using var before = ImageGenerator.Load(model);
        using var after = ImageGenerator.Load(Made);
        var metadata = after.Model.Metadata!;
        Assert.That(metadata with { Quantization = null, Classes = [] }, Is.EqualTo(before.Model.Metadata! with { Classes = [] }));
        Assert.That(metadata.Classes, Is.EqualTo(["a", "b"]));
        Assert.That(metadata.Quantization, Is.EqualTo(result.Figures));
        Assert.That(metadata.Quantization!.Of, Is.EqualTo(before.Model.Sha256));
        Assert.That(Described(after.Model.Inputs), Is.EqualTo(Described(before.Model.Inputs)));
        Assert.That(Described(after.Model.Outputs), Is.EqualTo(Described(before.Model.Outputs)));

        static IEnumerable<string> Described(IEnumerable<TensorDescription> tensors) => tensors.Select(tensor => tensor.ToString());
    }

    [Test]
    public void Twice_gives_the_same_bytes()
    {
        var model = _folder.Save(TestModels.Generator(TestModels.Metadata));
        ModelQuantizer.Quantize(model, Made, _quick);
        var first = File.ReadAllBytes(Made);

        ModelQuantizer.Quantize(model, Made, _quick);

        Assert.That(File.ReadAllBytes(Made), Is.EqualTo(first));
    }

    [TestCase(ActivationRanges.LeastError)]
    [TestCase(ActivationRanges.MinMax)]
    [TestCase(ActivationRanges.Percentile)]
    public void Every_rule_for_ranges_holds(ActivationRanges ranges) =>
        Assert.That(ModelQuantizer.Quantize(_folder.Save(TestModels.Generator(TestModels.Metadata)), Made, _quick with { Ranges = ranges })
            .Figures.Psnr, Is.GreaterThan(38));

    [Test]
    public void What_loses_too_much_gives_no_file_and_says_which_layers_cost_most()
    {
        var model = _folder.Save(TestModels.Generator(TestModels.Metadata));

        Assert.That(() => ModelQuantizer.Quantize(model, Made, _quick with { MinPsnr = 90, ModelName = "mine" }),
            Throws.TypeOf<QuantizationException>().With.Message.Match(@"^'mine' isn't quantized: even with a single layer in int8 its images are \d\d\.\d dB from "
                + @"those in float32, and 90 dB are asked for\. The layers that cost most, each alone: a2 \d\d\.\d dB\.$"));
        Assert.That(Made, Does.Not.Exist);
    }

    [Test]
    public void Layers_that_lose_most_stay_in_float32()
    {
        // The first layer's values are a thousand times as large for one channel as for the others.
        var weights = Runner.Values([32, 24, 3, 3], 1).Select((value, i) => i < 24 * 9 ? 3000 * value : value).ToArray();
        var model = new ModelBuilder().Input("z", DataType.Float, "N", 24).Metadata(TestModels.Metadata)
            .Integers("place", -1, 24, 1, 1).Node("Reshape", ["z", "place"], "p").Floats("scales", 1, 1, 8, 8)
            .Node("Resize", ["p", "", "scales"], "x").With(Runner.Constant("w1", [32, 24, 3, 3], weights))
            .Node("Conv", ["x", "w1"], "wild", ModelBuilder.Ints("pads", 1, 1, 1, 1))
            .Node("Sigmoid", ["wild"], "s").Weights("w2", [32, 32, 3, 3], 0.1f, 2)
            .Node("Conv", ["s", "w2"], "tame", ModelBuilder.Ints("pads", 1, 1, 1, 1))
            .Weights("w3", [3, 32, 1, 1], 0.3f, 3).Node("Conv", ["tame", "w3"], "c").Node("Tanh", ["c"], "image")
            .Output("image", DataType.Float, "N", 3, 8, 8);

        var result = ModelQuantizer.Quantize(_folder.Save(model), Made, _quick with { MinPsnr = 45 });

        Assert.That(result.Layers.Select(layer => (layer.Name, layer.IsInteger)), Is.EqualTo([("wild", false), ("tame", true)]));
        Assert.That(result.Layers[0].Psnr, Is.LessThan(result.Layers[1].Psnr));
    }

    [Test]
    public void Normalization_of_others_becomes_part_of_the_layer_before_it()
    {
        var model = TestModels.Generator(TestModels.Metadata);
        var relu = model.Model.Graph.Node.First(node => node.Input[0] == "a2");
        relu.Input[0] = "n2";
        model.Weights("scale", [16], 1, 8).Weights("shift", [16], 1, 9).Weights("mean", [16], 1, 10)
            .With(Runner.Constant("variance", [16], [.. Enumerable.Range(1, 16).Select(i => i * 0.1f)]));
        model.Model.Graph.Node.Insert(model.Model.Graph.Node.IndexOf(relu), new NodeProto
        {
            OpType = "BatchNormalization",
            Input = { "a2", "scale", "shift", "mean", "variance" },
            Output = { "n2" },
        });

        var result = ModelQuantizer.Quantize(_folder.Save(model), Made, _quick);

        Assert.That(result.Figures.Psnr, Is.GreaterThan(38));
        Assert.That(OnnxModel.Read(Made).Proto.Count("BatchNormalization"), Is.Zero);
    }

    [Test]
    public void Bytes_come_out_where_they_are_asked_for()
    {
        ModelQuantizer.Quantize(_folder.Save(TestModels.Generator(TestModels.Metadata)), Made, _quick with { ByteImages = true });

        using var generator = ImageGenerator.Load(Made);
        Assert.That(generator.Model.Outputs.Single().ToString(), Does.Contain("uint8"));
        Assert.That(generator.Model.Metadata!.Pixels, Is.EqualTo(new PixelDescription { Lowest = 0, Highest = 255, Channels = "rgb" }));
    }

    [Test]
    public void A_model_from_image_to_image_takes_any_size_in_the_same_tiles()
    {
        using var pictures = Pictures();
        var model = _folder.Save(Translator());

        var result = ModelQuantizer.Quantize(model, Made, _quick with { Data = pictures.Path });

        Assert.That((result.Figures.Layers, result.Figures.Images), Is.EqualTo((2, 20)));
        using var before = ImageTranslator.Load(model);
        using var after = ImageTranslator.Load(Made);
        Assert.That(after.Loaded.Field, Is.EqualTo(before.Loaded.Field).And.Not.Null);
        foreach (var size in (int[])[8, 24, 50])
        {
            var image = new ImageBatch(Runner.Values([3L * size * size], 1), 1, 3, size, size);
            var (expected, actual) = (before.Translate(image), after.Translate(image));
            Assert.That((actual.Height, actual.Width), Is.EqualTo((expected.Height, expected.Width)));
            Assert.That(actual.Values.ToArray(), Is.EqualTo(expected.Values.ToArray()).Within(0.1f));
        }
    }

    [Test]
    public void A_model_from_image_to_image_needs_pictures()
    {
        var model = _folder.Save(Translator());

        Assert.That(() => ModelQuantizer.Quantize(model, Made, _quick with { ModelName = "m" }), Throws.TypeOf<QuantizationException>().With.Message
            .EqualTo("'m' makes images of images, so pictures as they will go in are needed to measure the ranges of its values: say which."));
        using var few = Pictures(count: 5);
        Assert.That(() => ModelQuantizer.Quantize(model, Made, _quick with { Data = few.Path }),
            Throws.TypeOf<QuantizationException>().With.Message.EqualTo($"'{few.Path}' has 5 pictures; 32 are needed at least, to measure with one half and to verify with the other."));
    }

    [Test]
    public void Old_operators_are_refused()
    {
        var model = TestModels.Generator(TestModels.Metadata);
        model.Model.OpsetImport[0].Version = 9;

        Assert.That(() => ModelQuantizer.Quantize(_folder.Save(model), Made, _quick with { ModelName = "m" }),
            Throws.TypeOf<QuantizationException>().With.Message.EqualTo("'m' is written for operator set 9; int8 needs 11 or a later one. Export it anew, or "
                + "convert it with onnx.version_converter of Python's onnx."));
    }

    [Test]
    public void A_model_without_convolutions_is_refused() =>
        Assert.That(() => ModelQuantizer.Quantize(_folder.Save(ForeignModels.Tiny()), Made, _quick with { ModelName = "m" }),
            Throws.TypeOf<QuantizationException>().With.Message.StartsWith("'m' has no convolution that int8 would make faster: "));

    [Test]
    public void Options_out_of_range_are_refused()
    {
        var model = _folder.Save(TestModels.Generator(TestModels.Metadata));

        Assert.That(() => ModelQuantizer.Quantize(model, Made, new() { VerifiedImages = 1 }),
            Throws.TypeOf<QuantizationException>().With.Message.EqualTo("VerifiedImages is 1; 16 images are needed at least."));
        Assert.That(() => ModelQuantizer.Quantize(model, Made, new() { MinPsnr = double.NaN }),
            Throws.TypeOf<QuantizationException>().With.Message.StartsWith("MinPsnr is NaN; "));
    }

    [Test]
    public void The_distance_to_real_images_is_told()
    {
        using var pictures = Pictures(size: 16);

        var figures = ModelQuantizer.Quantize(_folder.Save(TestModels.Generator(TestModels.Metadata)), Made,
            _quick with { Data = pictures.Path, DataImages = 40 }).Figures;

        Assert.That(figures.FloatDistanceToData, Is.GreaterThan(1));
        Assert.That(figures.DistanceToData, Is.EqualTo(figures.FloatDistanceToData).Within(2).Percent);
        Assert.That(figures.Distance, Is.LessThan(figures.FloatDistanceToData!.Value / 10));
    }

    [Test]
    public void Cancelled_it_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();

        Assert.That(() => ModelQuantizer.Quantize(_folder.Save(TestModels.Generator(TestModels.Metadata)), Made, _quick,
            (stage, _, _) =>
            {
                if (stage == QuantizationStage.Verifying)
                    stop.Cancel();
            }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
    }

    private static ModelBuilder Translator() => new ModelBuilder().Input("image", DataType.Float, "N", 3, "H", "W")
        .Metadata(new() { Task = ModelTask.Translate, Pixels = new() { Channels = "rgb" } })
        .Weights("w1", [16, 3, 4, 4], 0.3f, 1).Node("Conv", ["image", "w1"], "a", ModelBuilder.Ints("strides", 2, 2),
            ModelBuilder.Ints("pads", 1, 1, 1, 1)).Node("LeakyRelu", ["a"], "b")
        .Weights("w2", [16, 16, 4, 4], 0.1f, 2).Node("ConvTranspose", ["b", "w2"], "c", ModelBuilder.Ints("strides", 2, 2),
            ModelBuilder.Ints("pads", 1, 1, 1, 1)).Node("Relu", ["c"], "d")
        .Weights("w3", [3, 16, 3, 3], 0.3f, 3).Node("Conv", ["d", "w3"], "e", ModelBuilder.Ints("pads", 1, 1, 1, 1))
        .Node("Tanh", ["e"], "made").Output("made", DataType.Float, "N", 3, "H", "W");

    private static TemporaryFolder Pictures(int count = 40, int size = 64)
    {
        var folder = new TemporaryFolder();
        for (var i = 0; i < count; i++)
        {
            var random = new Random(i);
            using var image = Image.LoadPixelData<Rgb24>([.. Enumerable.Range(0, size * size)
                .Select(_ => new Rgb24((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)))], size, size);
            ImageFile.Save(image, folder[$"{i:00}.png"]);
        }
        return folder;
    }
}
