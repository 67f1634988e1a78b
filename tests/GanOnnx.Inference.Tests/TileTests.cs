using GanOnnx.Tests.Shared.Models;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Inference.Tests;

/// <summary>Pictures of any size: in tiles that give what the whole gives, or that are blended.</summary>
public sealed class TileTests : IDisposable
{
    private static readonly ImageTranslatorOptions OnCpu =
        new() { Device = Device.Cpu, Threads = 1, ParallelBatches = 2, Input = new() { Range = ValueRange.Signed } };
    private static readonly TileOptions Whole = new() { Whole = long.MaxValue };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Networks()
    {
        yield return Case("residual, pixel shuffle", Open().Convolution("image", "a", 3, 8).Then("Relu", "a", "b").Convolution("b", "c", 8, 8)
            .Node("Add", ["a", "c"], "d").Convolution("d", "e", 8, 12).Then("DepthToSpace", "e", "f", ModelBuilder.Int("blocksize", 2))
            .Convolution("f", "out", 3, 3), 2, 1);
        yield return Case("down and up", Open().Convolution("image", "a", 3, 4, 4, 2).Convolution("a", "b", 4, 6, 4, 2)
            .Transposed("b", "c", 6, 4).Node("Concat", ["c", "a"], "d", ModelBuilder.Int("axis", 1)).Transposed("d", "out", 8, 3), 1, 1);
        yield return Case("halved", Open().Convolution("image", "a", 3, 4, 5, 1).Convolution("a", "out", 4, 3, 3, 2), 1, 2);
        yield return Case("mirrored borders, spread windows", Open().Integers("pads", 0, 0, 4, 4, 0, 0, 4, 4)
            .Node("Pad", ["image", "pads"], "a", ModelBuilder.Text("mode", "reflect")).Weights("w", [3, 3, 5, 5], 0.3f, 3)
            .Node("Conv", ["a", "w"], "out", ModelBuilder.Ints("dilations", 2, 2)), 1, 1);
        yield return Case("interpolated", Open().Convolution("image", "a", 3, 4).Floats("scales", 1, 1, 2, 2)
            .Node("Resize", ["a", "", "scales"], "b", ModelBuilder.Text("mode", "linear")).Convolution("b", "out", 4, 3), 2, 1);
        yield return Case("interpolated by cubes", Open().Floats("scales", 1, 1, 4, 4)
            .Node("Resize", ["image", "", "scales"], "b", ModelBuilder.Text("mode", "cubic")).Convolution("b", "out", 3, 3), 4, 1);
        yield return Case("larger, then smaller", Open().Floats("up", 1, 1, 2, 2).Node("Resize", ["image", "", "up"], "a",
                ModelBuilder.Text("mode", "nearest"), ModelBuilder.Text("coordinate_transformation_mode", "asymmetric"),
                ModelBuilder.Text("nearest_mode", "floor"))
            .Convolution("a", "b", 3, 4).Node("MaxPool", ["b"], "c", ModelBuilder.Ints("kernel_shape", 2, 2), ModelBuilder.Ints("strides", 2, 2))
            .Convolution("c", "out", 4, 3), 1, 1);
        yield return Case("cut after a transposed convolution", Open().Weights("w", [3, 3, 4, 4], 0.3f, 4)
            .Node("ConvTranspose", ["image", "w"], "a", ModelBuilder.Ints("strides", 2, 2))
            .Integers("from", 1, 1).Integers("till", -1, -1).Integers("axes", 2, 3).Node("Slice", ["a", "from", "till", "axes"], "b")
            .Convolution("b", "out", 3, 3), 2, 1);
        yield return Case("padded alike", Open().Weights("w", [3, 3, 4, 4], 0.3f, 5)
            .Node("Conv", ["image", "w"], "out", ModelBuilder.Text("auto_pad", "SAME_UPPER")), 1, 1);
        yield return Case("channels last", new ModelBuilder().Input("image", DataType.Float, "N", "H", "W", 3)
            .Then("Transpose", "image", "x", ModelBuilder.Ints("perm", 0, 3, 1, 2)).Convolution("x", "y", 3, 3)
            .Then("Transpose", "y", "out", ModelBuilder.Ints("perm", 0, 2, 3, 1)).Output("out", DataType.Float, "N", "H", "W", 3), 1, 1,
            isDone: true);

        static TestCaseData Case(string name, ModelBuilder model, int up, int down, bool isDone = false) =>
            new TestCaseData(isDone ? model : model.Output("out", DataType.Float, "N", 3, "H2", "W2"), up, down).SetArgDisplayNames(name);
    }

    private static ModelBuilder Open() => new ModelBuilder().Input("image", DataType.Float, "N", 3, "H", "W");

    [TestCaseSource(nameof(Networks))]
    public void TranslateAny_in_tiles_gives_what_the_whole_gives(object model, int up, int down)
    {
        using var translator = ImageTranslator.Load(_folder.Save((ModelBuilder)model), OnCpu);
        foreach (var (height, width, size) in new[] { (48, 64, 8), (61, 47, 12), (9, 100, 16), (100, 9, 8) })
        {
            var image = Images(2, 3, height, width);
            var whole = translator.TranslateAny(image, Whole);
            var options = new TileOptions { Whole = 0, Size = size };
            var plan = translator.PlanFor(3, height, width, options);
            var tiles = translator.TranslateAny(image, options);

            Assert.That((whole.Height, whole.Width), Is.EqualTo(((height * up + down - 1) / down, (width * up + down - 1) / down)), $"{height} × {width}");
            Assert.That((tiles.Height, tiles.Width, plan.IsExact), Is.EqualTo((whole.Height, whole.Width, true)));
            if (Math.Min(height, width) > 40)
                Assert.That(plan.Tiles, Is.GreaterThan(4));
            Assert.That(tiles.Values.ToArray(), Is.EqualTo(whole.Values.ToArray()).Within(1e-5f), $"{height} × {width}, {plan}");
        }
    }

    // As long as there are channels.
    [TestCase(3, 3)]
    [TestCase(4, 1)]
    [TestCase(1, 3)]
    public void TranslateAny_doesnt_take_a_height_for_the_channels(int height, int width)
    {
        foreach (var (channels, model) in new (int, ModelBuilder)[]
        {
            (3, (ModelBuilder)Networks().Last().Arguments[0]!), (4, ForeignModels.Upscaler("N", 4, "H", "W")), (1, ForeignModels.Upscaler("N", 1, "H", "W")),
        })
        {
            using var translator = ImageTranslator.Load(_folder.Save(model), OnCpu);
            var made = translator.TranslateAny(Images(1, channels, height, width));
            Assert.That((made.Channels, made.Height % height, made.Width % width), Is.EqualTo((channels, 0, 0)));
        }
    }

    [TestCase(1, 1)]
    [TestCase(1, 100)]
    [TestCase(5, 5)]
    [TestCase(400, 3)]
    public void TranslateAny_takes_pictures_of_hardly_any_width(int height, int width)
    {
        using var translator = ImageTranslator.Load(_folder.Save((ModelBuilder)Networks().ElementAt(1).Arguments[0]!), OnCpu);
        var whole = translator.TranslateAny(Images(1, 3, height, width), Whole);
        var tiles = translator.TranslateAny(Images(1, 3, height, width), new() { Whole = 0, Size = 8 });
        Assert.That((whole.Height, whole.Width), Is.EqualTo((height, width)));
        Assert.That(tiles.Values.ToArray(), Is.EqualTo(whole.Values.ToArray()).Within(1e-5f));
    }

    [Test]
    public void TranslateAny_of_what_the_model_takes_gives_what_Translate_gives()
    {
        using var translator = ImageTranslator.Load(_folder.Save((ModelBuilder)Networks().First().Arguments[0]!), OnCpu);
        var images = Images(3, 3, 20, 30);
        Assert.That(translator.TranslateAny(images).Values.ToArray(), Is.EqualTo(translator.Translate(images).Values.ToArray()));
    }

    [TestCase(5, 7, 1)]
    [TestCase(16, 16, 1)]
    [TestCase(17, 16, 2)]
    [TestCase(100, 37, 10 * 4)] // 16 wide, 10 from one to the next at most
    public void TranslateAny_of_a_model_of_a_fixed_size_blends(int height, int width, int tiles)
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(null, "N", 3, 16, 16)), OnCpu);
        var image = Images(1, 3, height, width);
        var plan = translator.PlanFor(3, height, width);
        Assert.That((plan.Tiles, plan.IsExact), Is.EqualTo((tiles, (height, width) == (16, 16))));
        // What each pixel becomes depends on itself alone, so blending doesn't show.
        Assert.That(translator.TranslateAny(image).Values.ToArray(),
            Is.EqualTo(image.Values.ToArray().Select(value => value / 2 - 0.5f)).Within(1e-5f));
    }

    [Test]
    public void TranslateAny_blends_where_a_pixel_depends_on_the_whole_picture()
    {
        var model = Open().Convolution("image", "a", 3, 4, 4, 2).Floats("scale", 1, 1, 1, 1).Floats("bias", 0, 0, 0, 0)
            .Node("InstanceNormalization", ["a", "scale", "bias"], "b").Transposed("b", "out", 4, 3).Output("out", DataType.Float, "N", 3, "H", "W");
        using var translator = ImageTranslator.Load(_folder.Save(model), OnCpu);
        var plan = translator.PlanFor(3, 401, 200, new() { Whole = 0, Size = 64 });
        Assert.That((plan.IsExact, plan.TileHeight, plan.TileWidth, plan.Height, plan.Width), Is.EqualTo((false, 128, 128, 401, 200)));

        // Whole, it takes lengths that it can't halve.
        var whole = translator.TranslateAny(Images(1, 3, 41, 27));
        Assert.That((whole.Height, whole.Width), Is.EqualTo((41, 27)));

        var tiles = translator.TranslateAny(Images(1, 3, 401, 200), new() { Whole = 0, Size = 64 });
        var same = translator.TranslateAny(Images(1, 3, 401, 200), Whole);
        var difference = tiles.Values.ToArray().Zip(same.Values.ToArray(), (a, b) => Math.Abs(a - b)).Average();
        Assert.That(difference, Is.LessThan(0.05), "noise is alike everywhere, so tiles normalize nearly as the whole does");
    }

    // What people, and an attack, made to look local.
    private static IEnumerable<TestCaseData> NotLocal()
    {
        yield return Case("a map over the picture", Open().Weights("map", [1, 1, 64, 200], 1, 1).Node("Add", ["image", "map"], "out"));
        yield return Case("the mean of all", Open().Node("GlobalAveragePool", ["image"], "mean").Node("Sub", ["image", "mean"], "out"));
        yield return Case("the mean of columns", Open().Node("ReduceMean", ["image"], "mean", ModelBuilder.Ints("axes", 2))
            .Node("Sub", ["image", "mean"], "out"));
        yield return Case("the mean of images", Open().Node("ReduceMean", ["image"], "mean", ModelBuilder.Ints("axes", 0))
            .Node("Sub", ["image", "mean"], "out"));
        yield return Case("the mean over no axes", Open().Integers("axes").Node("ReduceSum", ["image", "axes"], "sum")
            .Scalar("small", 1e-3f).Node("Mul", ["sum", "small"], "part").Node("Sub", ["image", "part"], "out"));
        yield return Case("by the picture's size", Open().Node("Shape", ["image"], "shape").Node("Cast", ["shape"], "number", ModelBuilder.Int("to", 1))
            .Integers("zero", 3).Node("Gather", ["number", "zero"], "width").Scalar("small", 1e-3f).Node("Mul", ["width", "small"], "part")
            .Node("Mul", ["image", "part"], "out"));
        yield return Case("ends that meet", Open().Floats("up", 1, 1, 2, 2).Node("Resize", ["image", "", "up"], "out", ModelBuilder.Text("mode", "linear"),
            ModelBuilder.Text("coordinate_transformation_mode", "align_corners")));
        yield return Case("softmax over a row", Open().Node("Softmax", ["image"], "out", ModelBuilder.Int("axis", 3)));
        yield return Case("softmax over images", Open().Node("Softmax", ["image"], "out", ModelBuilder.Int("axis", 0)));
        yield return Case("its first row", Open().Integers("zero", 0).Integers("one", 1).Integers("two", 2)
            .Node("Slice", ["image", "zero", "one", "two"], "row").Node("Mul", ["image", "row"], "out"));
        yield return Case("rows and columns exchanged", Open().Node("Transpose", ["image"], "out", ModelBuilder.Ints("perm", 0, 1, 3, 2)));
        yield return Case("around the other side", Open().Integers("pads", 0, 0, 2, 2, 0, 0, 2, 2)
            .Node("Pad", ["image", "pads"], "a", ModelBuilder.Text("mode", "reflect")).Node("LRN", ["a"], "b", ModelBuilder.Int("size", 3))
            .Then("Transpose", "b", "c", ModelBuilder.Ints("perm", 0, 2, 3, 1)).Node("LRN", ["c"], "d", ModelBuilder.Int("size", 3))
            .Then("Transpose", "d", "e", ModelBuilder.Ints("perm", 0, 3, 1, 2)).Weights("w", [3, 3, 5, 5], 0.3f, 3).Node("Conv", ["e", "w"], "out"));
        yield return Case("layers normalized over all", Open().Then("Transpose", "image", "a", ModelBuilder.Ints("perm", 0, 2, 3, 1))
            .Scalar("one", 1).Node("LayerNormalization", ["a", "one"], "b", ModelBuilder.Int("axis", 1))
            .Then("Transpose", "b", "out", ModelBuilder.Ints("perm", 0, 3, 1, 2)));
        yield return Case("lengths that it halves and a half", Open().Convolution("image", "a", 3, 3, 5, 1).Weights("w", [3, 3, 4, 4], 0.3f, 6)
            .Node("Conv", ["a", "w"], "b").Weights("v", [3, 3, 3, 3], 0.3f, 7)
            .Node("Conv", ["b", "v"], "c", ModelBuilder.Ints("strides", 4, 4), ModelBuilder.Text("auto_pad", "SAME_UPPER"))
            .Floats("up", 1, 1, 4, 4).Node("Resize", ["c", "", "up"], "out", ModelBuilder.Text("mode", "nearest")));

        static TestCaseData Case(string name, ModelBuilder model) =>
            new TestCaseData(model.Output("out", DataType.Float, "N", 3, "H2", "W2")).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(NotLocal))]
    public void What_isnt_local_isnt_taken_for_it(object model)
    {
        using var translator = ImageTranslator.Load(_folder.Save((ModelBuilder)model), OnCpu);
        Assert.That(IsExact(translator), Is.False);

        static bool IsExact(ImageTranslator translator)
        {
            try
            {
                return translator.PlanFor(3, 64, 200, new() { Whole = 0, Size = 16 }).IsExact;
            }
            catch (ModelException)
            {
                return false; // it takes no other size, or gives one that tiles don't add up to
            }
        }
    }

    // What is cut off at the end is missing in a tile, and not in the whole.
    private static IEnumerable<TestCaseData> CutAndFilled()
    {
        var end = new[] { "image", "from", "till", "axes" };
        yield return Case("the end", Open().Integers("from", 0, 0).Integers("till", -4, -4).Integers("axes", 2, 3).Node("Slice", end, "a")
            .Integers("pads", 0, 0, 0, 0, 0, 0, 4, 4).Node("Pad", ["a", "pads"], "out"));
        yield return Case("both ends", Open().Integers("from", 3, 3).Integers("till", -3, -3).Integers("axes", 2, 3).Node("Slice", end, "a")
            .Integers("pads", 0, 0, 3, 3, 0, 0, 3, 3).Node("Pad", ["a", "pads"], "out", ModelBuilder.Text("mode", "reflect")));
        yield return Case("less than nothing added", Open().Integers("less", 0, 0, 0, 0, 0, 0, -4, -4).Node("Pad", ["image", "less"], "a")
            .Integers("more", 0, 0, 0, 0, 0, 0, 4, 4).Node("Pad", ["a", "more"], "out", ModelBuilder.Text("mode", "edge")));
        yield return Case("the end of a transposed convolution", Open().Weights("w", [3, 3, 4, 4], 0.3f, 8)
            .Node("ConvTranspose", ["image", "w"], "a", ModelBuilder.Ints("strides", 2, 2), ModelBuilder.Ints("pads", 0, 0, 8, 8))
            .Integers("pads", 0, 0, 0, 0, 0, 0, 6, 6).Node("Pad", ["a", "pads"], "b").Convolution("b", "out", 3, 3));

        static TestCaseData Case(string name, ModelBuilder model) =>
            new TestCaseData(model.Output("out", DataType.Float, "N", 3, "H2", "W2")).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(CutAndFilled))]
    public void What_is_cut_off_and_filled_up_is_as_in_the_whole(object model)
    {
        using var translator = ImageTranslator.Load(_folder.Save((ModelBuilder)model), OnCpu);
        var (image, options) = (Images(1, 3, 64, 200), new TileOptions { Whole = 0, Size = 8 });
        Assert.That(translator.PlanFor(3, 64, 200, options) is { IsExact: true, Tiles: > 16 });
        Assert.That(translator.TranslateAny(image, options).Values.ToArray(), Is.EqualTo(translator.TranslateAny(image,
            Whole).Values.ToArray()).Within(1e-5f));
    }

    [Test]
    public void A_scale_that_isnt_one_drifts_and_isnt_taken_for_it()
    {
        var model = Open().Floats("half", 1, 1, 0.50002f, 0.50002f).Node("Resize", ["image", "", "half"], "out", ModelBuilder.Text("mode", "linear"),
            ModelBuilder.Text("coordinate_transformation_mode", "asymmetric")).Output("out", DataType.Float, "N", 3, "H2", "W2");
        using var translator = ImageTranslator.Load(_folder.Save(model), OnCpu);
        Assert.That(translator.PlanFor(3, 16, 2048, new() { Whole = 0, Size = 16 }).IsExact, Is.False);
    }

    [Test]
    public void A_result_that_isnt_evenly_larger_is_refused_in_tiles_and_given_whole()
    {
        var model = Open().Weights("w", [3, 3, 3, 3], 0.3f, 1).Node("Conv", ["image", "w"], "out").Output("out", DataType.Float, "N", 3, "H2", "W2");
        using var translator = ImageTranslator.Load(_folder.Save(model), OnCpu);
        var whole = translator.TranslateAny(Images(1, 3, 50, 40));
        Assert.That((whole.Height, whole.Width), Is.EqualTo((48, 38)));
        Assert.That(() => translator.TranslateAny(Images(1, 3, 50, 40), new() { Whole = 0, Size = 16 }),
            Throws.TypeOf<ModelException>().With.Message.Contains("can't be put together from tiles"));
    }

    [Test]
    public void Options_out_of_range_are_refused()
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(null, "N", 3, "H", "W")), OnCpu);
        foreach (var options in new TileOptions[] { new() { Size = 7 }, new() { Size = 20_000 }, new() { Overlap = -1 },
            new() { Overlap = 20_000 } })
            Assert.That(() => translator.PlanFor(3, 10, 10, options), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => translator.PlanFor(3, 0, 10), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => translator.TranslateAny(new ImageBatch([], 0, 3, 4, 4)), Throws.TypeOf<ModelException>());
    }

    [Test]
    public void Progress_is_told_tile_by_tile_and_cancelling_ends_it()
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(null, "N", 3, "H", "W")), OnCpu);
        var options = new TileOptions { Whole = 0, Size = 256 };
        List<(int, int)> told = [];
        translator.TranslateAny(Images(1, 3, 768, 512), options, (done, total) => told.Add((done, total)));
        Assert.That(told, Is.EqualTo(new[] { (2, 6), (4, 6), (6, 6) }));

        using var stop = new CancellationTokenSource();
        Assert.That(() => translator.TranslateAny(Images(1, 3, 768, 512), options, (_, _) => stop.Cancel(), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static ImageBatch Images(int count, int channels, int height, int width)
    {
        var pixels = new float[count * channels * height * width];
        new RandomStream(1, 999).FillUniform((ulong)count, pixels);
        return new(pixels, count, channels, height, width);
    }
}

file static class Layers
{
    private static int _seed;

    public static ModelBuilder Then(this ModelBuilder model, string op, string from, string to, params Onnx.AttributeProto[] attributes) =>
        model.Node(op, [from], to, attributes);

    public static ModelBuilder Convolution(this ModelBuilder model, string from, string to, int channels, int made, int kernel = 3,
        int stride = 1)
    {
        var pad = kernel == 4 ? 1 : kernel / 2;
        return model.Weights($"w-{to}", [made, channels, kernel, kernel], 0.3f, ++_seed)
            .Node("Conv", [from, $"w-{to}"], to, ModelBuilder.Ints("pads", pad, pad, pad, pad), ModelBuilder.Ints("strides", stride, stride));
    }

    public static ModelBuilder Transposed(this ModelBuilder model, string from, string to, int channels, int made) =>
        model.Weights($"w-{to}", [channels, made, 4, 4], 0.3f, ++_seed)
            .Node("ConvTranspose", [from, $"w-{to}"], to, ModelBuilder.Ints("pads", 1, 1, 1, 1), ModelBuilder.Ints("strides", 2, 2));
}
