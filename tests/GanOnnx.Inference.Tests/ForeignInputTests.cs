using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Inference.Tests;

/// <summary>What generators of others take and give: the images are those of ours, whatever types and shapes their tensors have.</summary>
public sealed class ForeignInputTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1 };
    private static readonly string[] Names = ["zero", "one", "two"];

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Labels()
    {
        yield return Case("int32", DataType.Int32, "label", "N");
        yield return Case("int64 [N, 1]", DataType.Int64, "label", "N", 1);
        yield return Case("int32 [N, 1]", DataType.Int32, "y", "N", 1);
        yield return Case("one-hot float32", DataType.Float, "c", "N", 3);
        yield return Case("one-hot float16", DataType.Float16, "class_labels", "N", 3);
        yield return Case("one-hot int64", DataType.Int64, "anything", "N", 3);

        static TestCaseData Case(string name, DataType type, string input, params object[] axes) =>
            new TestCaseData(type, input, axes).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Labels))]
    public void Generate_ALabelOfAnyForm_GivesTheImagesOfTheClass(object type, string name, object[] axes)
    {
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Conditional(Names, 3), "ours.onnx"), OnCpu);
        using var foreign = ImageGenerator.Load(_folder.Save(Conditional((DataType)type, name, axes)), OnCpu with { Classes = Names });

        Assert.That(foreign.Model.Classes, Is.EqualTo(Names));
        foreach (var label in (int?[])[null, 0, 2])
            Assert.That(foreign.Generate(20, seed: 3, label: label).Values.ToArray(),
                Is.EqualTo(ours.Generate(20, seed: 3, label: label).Values.ToArray()).Within(Tolerance));
        Assert.That(() => foreign.Generate(1, label: 3), Throws.TypeOf<ModelException>());
    }

    [Test]
    public void Load_OneHotLabelsWithoutNames_AreCalledByTheirNumbers()
    {
        using var generator = ImageGenerator.Load(_folder.Save(Conditional(DataType.Float, "c", ["N", 3])), OnCpu);

        Assert.That(generator.Model.Classes, Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That(generator.Generate(4).Count, Is.EqualTo(4), "labels are drawn");
    }

    [Test]
    public void Load_OneHotLabelsOfAnotherNumberThanTheClasses_AreRefused()
    {
        var path = _folder.Save(Conditional(DataType.Float, "c", ["N", 3]));
        Assert.That(() => ImageGenerator.Load(path, OnCpu with { Classes = ["cat", "dog"] }), Throws.TypeOf<ModelException>()
            .With.Message.EqualTo($"'{path}' contradicts itself: its metadata says there are 2 classes, its graph has c float32 [N, 3]. "
                + "Export the model again."));
    }

    [TestCase("scalar")]
    [TestCase("one number", 1)]
    [TestCase("a column", "N", 1)]
    public void Generate_ATruncationOfAnyForm_TruncatesEachImageByItsOwn(string name, params object[] axes)
    {
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Truncated(), "ours.onnx"), OnCpu);
        var builder = TestModels.Truncated();
        builder.Model.Graph.Input.RemoveAt(1);
        builder.Model.Graph.Input.Add(new ModelBuilder().Input("truncation", DataType.Float, axes).Model.Graph.Input[0]);
        using var foreign = ImageGenerator.Load(_folder.Save(builder), OnCpu);
        Sample[] samples = [.. Enumerable.Range(0, 9).Select(i => new Sample(4, (ulong)i, Truncation: i / 8f))];

        Assert.That(foreign.BatchSize, Is.EqualTo(axes.Length == 2 ? 16 : 1), name);
        Assert.That(foreign.Stream(samples).SelectMany(batch => batch.Values.ToArray()),
            Is.EqualTo(ours.Stream(samples).SelectMany(batch => batch.Values.ToArray())).Within(Tolerance));
    }

    [Test]
    public async Task GenerateAsync_OneTruncationForARun_IsNotSharedByCallers()
    {
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Truncated(), "ours.onnx"), OnCpu);
        var builder = TestModels.Truncated();
        builder.Model.Graph.Input[1] = new ModelBuilder().Input("truncation", DataType.Float).Model.Graph.Input[0];
        using var foreign = ImageGenerator.Load(_folder.Save(builder), OnCpu);

        var requests = Enumerable.Range(0, 8).Select(i => foreign.GenerateAsync(2, seed: 1, truncation: i / 8f)).ToArray();

        for (var i = 0; i < requests.Length; i++)
            Assert.That((await requests[i]).Values.ToArray(),
                Is.EqualTo(ours.Generate(2, seed: 1, truncation: i / 8f).Values.ToArray()).Within(Tolerance));
    }

    [TestCase("scalar")]
    [TestCase("each its own", "N")]
    public void Generate_ATruncationCutoff_IsTheLayerFromWhichOnNothingIsTruncated(string name, params object[] axes)
    {
        // Its image shows the cutoff: z sums to nothing beside it.
        var builder = new ModelBuilder().Input("z", DataType.Float, "N", TestModels.LatentSize).Input("truncation_cutoff", DataType.Int64, axes)
            .Integers("axis", 1).Node("ReduceSum", ["z", "axis"], "sum").Node("Sub", ["sum", "sum"], "zero")
            .Integers("column", -1, 1).Node("Reshape", ["truncation_cutoff", "column"], "cutoffs")
            .Node("Cast", ["cutoffs"], "numbers", ModelBuilder.Int("to", (long)DataType.Float)).Node("Add", ["zero", "numbers"], "pixel")
            .Integers("nchw", -1, 1, 1, 1).Node("Reshape", ["pixel", "nchw"], "image").Output("image", DataType.Float, "N", 1, 1, 1)
            .Metadata(TestModels.Metadata with { Pixels = new() { Channels = "grey" } });
        using var generator = ImageGenerator.Load(_folder.Save(builder), OnCpu);
        var images = generator.Stream([new(1), new(1, TruncationCutoff: 3), new(1, TruncationCutoff: 7)]);

        Assert.That(images.SelectMany(batch => batch.Values.ToArray()), Is.EqualTo(new float[] { 1024, 3, 7 }), name);
        var model = generator.Model;
        Assert.That(model.Takes, Is.EqualTo(new[] { "truncationCutoff" }));
        var asked = model.Ask(new Sample(1), "truncationCutoff", "5");
        Assert.That(generator.Generate(1, asked).Values[0], Is.EqualTo(5));
        Assert.That(model.AskedBy(asked), Is.EqualTo(new[] { KeyValuePair.Create("truncationCutoff", "5") }));
        Assert.That(() => model.Ask(new Sample(1), "truncationCutoff", "-1"), Throws.TypeOf<ModelException>()
            .With.Message.EqualTo("The truncation cutoff is -1; a layer, 0 or more, is expected."));
    }

    [TestCase(-2.1f)]
    [TestCase(50)]
    [TestCase(float.NaN)]
    public void Generate_ATruncationThatHarms_IsRefused(float truncation)
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Truncated()), OnCpu);
        Assert.That(() => generator.Generate(1, truncation: truncation), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            FormattableString.Invariant($"The truncation is {truncation}; -2 to 2 is expected: 0 is the average image, 1 no truncation.")));
    }

    [Test]
    public void Generate_Float16InAndOut_GivesTheSameImages()
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Input[0] = new ModelBuilder().Input("z", DataType.Float16, "N", TestModels.LatentSize).Model.Graph.Input[0];
        builder.Model.Graph.Node.Insert(0, new NodeProto
        {
            OpType = "Cast",
            Input = { "z" },
            Output = { "z32" },
            Attribute = { ModelBuilder.Int("to", (long)DataType.Float) }
        });
        builder.Model.Graph.Node[1].Input[0] = "z32";
        builder.Model.Graph.Output.Clear();
        builder.Node("Cast", ["image"], "half", ModelBuilder.Int("to", (long)DataType.Float16))
            .Output("half", DataType.Float16, "N", 3, 16, 16);
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "ours.onnx"), OnCpu);
        using var foreign = ImageGenerator.Load(_folder.Save(builder), OnCpu);

        // Ten bits of the latents and of the images.
        Assert.That(foreign.Generate(20, seed: 3).Values.ToArray(), Is.EqualTo(ours.Generate(20, seed: 3).Values.ToArray()).Within(1e-2f));
        var latents = new float[TestModels.LatentSize];
        latents.AsSpan().Fill(0.5f);
        Assert.That(foreign.FromLatents(latents).Values.ToArray(), Is.EqualTo(ours.FromLatents(latents).Values.ToArray()).Within(1e-2f));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Generate_FourChannels_AreTransparency(bool last)
    {
        // The colours of the small generator, and red once more as transparency.
        var builder = TestModels.Generator();
        builder.Model.Graph.Output.Clear();
        builder.Integers("order", 0, 1, 2, 0).Node("Gather", ["image", "order"], "rgba", ModelBuilder.Int("axis", 1));
        if (last)
            builder.Node("Transpose", ["rgba"], "last", ModelBuilder.Ints("perm", 0, 2, 3, 1)).Output("last", DataType.Float, "N", 16, 16, 4);
        else
            builder.Output("rgba", DataType.Float, "N", 4, 16, 16);
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "ours.onnx"), OnCpu);
        using var foreign = ImageGenerator.Load(_folder.Save(builder), OnCpu);
        using var bgra = ImageGenerator.Load(_folder.Save(builder), OnCpu with { Pixels = new() { Channels = ChannelOrder.Bgr } });

        var (images, expected, swapped) = (foreign.Generate(3), ours.Generate(3), bgra.Generate(3));

        Assert.That((images.Channels, images.Height, images.Width), Is.EqualTo((4, 16, 16)));
        for (var i = 0; i < 3; i++)
        {
            var (red, green, blue) = (expected[i][..256].ToArray(), expected[i][256..512].ToArray(), expected[i][512..].ToArray());
            Assert.That(images[i].ToArray(), Is.EqualTo([.. red, .. green, .. blue, .. red]).Within(Tolerance));
            Assert.That(swapped[i].ToArray(), Is.EqualTo([.. blue, .. green, .. red, .. red]).Within(Tolerance));
        }
    }

    [Test]
    public void Generate_ALatentForEachLayer_IsOneOfAllTheirValues()
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Input[0] = new ModelBuilder().Input("ws", DataType.Float, "N", 4, 6).Model.Graph.Input[0];
        builder.Model.Graph.Node[0].Input[0] = "ws";
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "ours.onnx"), OnCpu);
        using var foreign = ImageGenerator.Load(_folder.Save(builder), OnCpu);

        Assert.That(foreign.Model.LatentSize, Is.EqualTo(24));
        Assert.That(foreign.Generate(20, seed: 3).Values.ToArray(),
            Is.EqualTo(ours.Generate(20, seed: 3).Values.ToArray()).Within(Tolerance));
    }

    [TestCase(24, 6)]
    [TestCase(100, 1)]
    public void Load_ASequence_IsNotDrawnAsAPicture(int length, int width)
    {
        var path = _folder.Save(Sequence(length, width));
        Assert.That(() => ImageGenerator.Load(path, OnCpu), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{path}' has steps float32 [N, {length}, {width}], which may be a sequence. If it is an image, give its shape with the option "
            + "Pixels.Shape, as 1 × 64 × 64."));
    }

    [Test]
    public void Load_AnImageThatMayBeASequence_IsUnderstoodByItsShape()
    {
        using var generator = ImageGenerator.Load(_folder.Save(Sequence(24, 6)), OnCpu with { Pixels = new() { Shape = new(1, 24, 6) } });
        Assert.That((generator.Generate(2).Height, generator.Generate(2).Width), Is.EqualTo((24, 6)));
    }

    private static ModelBuilder Sequence(int length, int width) => new ModelBuilder()
        .Input("z", DataType.Float, "N", length * width).Node("Tanh", ["z"], "t").Integers("shape", -1, length, width).Node("Reshape", ["t", "shape"], "steps")
        .Output("steps", DataType.Float, "N", length, width);

    // The label in another form becomes the number that the test model takes.
    private static ModelBuilder Conditional(DataType type, string name, object[] axes)
    {
        var builder = TestModels.Conditional(Names, 3);
        builder.Model.MetadataProps.Clear();
        builder.Model.Graph.Input.RemoveAt(1);
        builder.Input(name, type, axes).Integers("flat", -1);
        var nodes = axes.Length == 2 && axes[1] is 3
            ? new ModelBuilder().Node("ArgMax", [name], "number", ModelBuilder.Int("axis", 1), ModelBuilder.Int("keepdims", 0))
            : new ModelBuilder().Node("Cast", [name], "long", ModelBuilder.Int("to", (long)DataType.Int64))
                .Node("Reshape", ["long", "flat"], "number");
        var gather = builder.Model.Graph.Node.Single(n => n.OpType == "Gather");
        gather.Input[1] = "number";
        for (var i = 0; i < nodes.Model.Graph.Node.Count; i++)
            builder.Model.Graph.Node.Insert(i, nodes.Model.Graph.Node[i]);
        return builder;
    }
}
