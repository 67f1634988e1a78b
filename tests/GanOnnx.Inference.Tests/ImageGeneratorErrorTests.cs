using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Inference.Tests;

/// <summary>Messages are compared whole; {0} stands for the file's path.</summary>
public sealed class ImageGeneratorErrorTests : IDisposable
{
    private const string Inputs = "Inputs z float32 or float16 [N, Z], [N, Z, 1, 1] or [N, L, W], z_content [N, Z] with z_motion "
        + "[N, T, M], label int64 or int32 [N] or "
        + "[N, 1] or one-hot [N, K], truncation float32 [N], [N, 1] or one number, "
        + "truncation_cutoff int64 [N], [N, 1] or one number, and style_mix float32 [N, Z] with style_mix_from float32 [N] are supported; export the generator alone.";

    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1 };
    private static readonly string[] Digits = ["zero", "one", "two"];

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_MissingFile() =>
        LoadFails("nowhere.onnx", "There is no file 'nowhere.onnx'. Give an .onnx file or a folder with model.onnx.");

    [Test]
    public void Load_FolderWithoutModel()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "bare")).FullName;
        LoadFails(folder, "The folder '{0}' has no model.onnx. Put one there or give the .onnx file itself.");
    }

    [Test]
    public void Load_EmptyFile() =>
        LoadFails(_folder.Save([]), "'{0}' is empty. Copy or export the model again.");

    [Test]
    public void Load_TruncatedFile() =>
        LoadFails(_folder.Save(TestModels.Generator().Model.ToByteArray()[..5000]),
            "'{0}' begins like an ONNX model but is cut short or damaged after 5000 bytes. Copy or export it again.");

    [Test]
    public void Load_SomethingElse() =>
        LoadFails(_folder.Save("<html>404</html>"u8.ToArray()), "'{0}' is not an ONNX model. Give a file that was exported to ONNX.");

    [TestCase("PK\u0003\u0004 an archive")]
    [TestCase("\u001f\u008b packed")]
    [TestCase("\u0089PNG\r\n")]
    public void Load_AFileOfAnotherKind(string start) =>
        LoadFails(_folder.Save(System.Text.Encoding.Latin1.GetBytes(start)),
            "'{0}' is not an ONNX model. Give a file that was exported to ONNX.");

    [TestCase(1)]
    [TestCase(300)]
    [TestCase(85_413)]
    public void Load_CutAnywhere(int length) =>
        LoadFails(_folder.Save(TestModels.Generator().Model.ToByteArray()[..length]),
            $"'{{0}}' begins like an ONNX model but is cut short or damaged after {length} bytes. Copy or export it again.");

    [Test]
    public void Load_LaterOpset()
    {
        var builder = TestModels.Generator();
        builder.Model.OpsetImport[0].Version = 99;
        LoadFailsLike(_folder.Save(builder),
            @"^'{0}' uses opset 99 of ai\.onnx; this ONNX Runtime knows up to \d+\. Export the model with an older opset\.$");
    }

    [Test]
    public void Load_LaterFormat()
    {
        var builder = TestModels.Generator();
        builder.Model.IrVersion = 99;
        LoadFailsLike(_folder.Save(builder),
            @"^'{0}' has version 99 of the ONNX format \(IR\); this ONNX Runtime reads up to \d+\. Export the model for an older one\.$");
    }

    [Test]
    public void Load_NoOpset()
    {
        var builder = TestModels.Generator();
        builder.Model.OpsetImport.Clear();
        LoadFails(_folder.Save(builder),
            "ONNX Runtime can't load '{0}': Missing opset in the model. All ModelProtos MUST have at least one entry "
            + "that specifies which version of the ONNX OperatorSet is being imported. Export the model again.");
    }

    [Test]
    public void Load_WeightsOfAnotherLength()
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Initializer.Single(t => t.Name == "w2").RawData = ByteString.CopyFrom(new byte[8]);
        LoadFails(_folder.Save(builder),
            "'{0}' isn't loaded, for it could harm this process: The weight 'w2' has 8 bytes, but its shape needs 32768. "
            + "Export it again, or don't use it.");
    }

    [Test]
    public void Load_ExternalWeightsThatAreMissing() =>
        LoadFails(_folder.Save(External("weights.data")),
            $"'{{0}}' keeps the weight 'w2' in '{Path.Combine(_folder.Path, "weights.data")}', which isn't there. Copy it, too.");

    [Test]
    public void Load_ExternalWeightsThatAreCutShort()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "short.data"), new byte[10]);
        LoadFails(_folder.Save(External("short.data")),
            $"'{{0}}' keeps the weight 'w2' in 10 bytes of '{Path.Combine(_folder.Path, "short.data")}', but its shape needs 32768. "
                + "Export it again.");
    }

    [Test]
    public void Load_GitLfsPointer() =>
        LoadFails(_folder.Save("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"u8.ToArray()),
            "'{0}' is a Git LFS pointer, not the model itself. Fetch it with: git lfs pull");

    [TestCase("acme.nets", "Swirl", "acme.nets")]
    [TestCase("", "Swirl", "ai.onnx")]
    [TestCase("com.microsoft", "Swirl", "com.microsoft")]
    public void Load_UnknownOperator(string domain, string op, string named)
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Node[^1].OpType = op;
        builder.Model.Graph.Node[^1].Domain = domain;
        if (domain.Length > 0)
            builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        LoadFails(_folder.Save(builder),
            $"'{{0}}' uses the operator {op} of the domain {named}, which ONNX Runtime doesn't have. Export the model with standard ONNX "
                + "operators only.");
    }

    [Test]
    public void Load_BrokenGraph()
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Node[^1].Input[0] = "nothing";
        LoadFails(_folder.Save(builder),
            "ONNX Runtime can't load '{0}': Invalid model. Node input 'nothing' is not a graph input, initializer, "
            + "or output of a previous node. Export the model again.");
    }

    /// <summary>Which a loop over batches would never come to the end with.</summary>
    [Test]
    public void Load_AFixedBatchOfNothing() =>
        LoadFails(Passing(("z", DataType.Float, [0, 8])), "'{0}' takes batches of no images: z float32 [0, 8], image float32 [0, 3, 8, 8]. "
            + "The first axis is the batch; export them with it open.");

    /// <summary>One operator over all of it takes longer than any time limit, which acts between operators.</summary>
    [Test]
    public void Load_AnAbsurdFixedBatch() =>
        LoadFails(Passing(("z", DataType.Float, [100_000, 8])), "'{0}' takes batches of exactly 100000 images: "
            + "z float32 [100000, 8], image float32 [100000, 3, 8, 8]. At most 65536 are possible; export it with the first axis open.");

    [Test]
    public void Load_TheLargestFixedBatch()
    {
        var path = Passing(("z", DataType.Float, [65_536, 8]));
        using var generator = ImageGenerator.Load(path, OnCpu with { Pixels = new() { Range = ValueRange.Signed } });
        Assert.That(generator.Model.Inputs[0].Axes[0].Length, Is.EqualTo(65_536));
    }

    [Test]
    public void Load_AFixedBatchThatDoesNotFitMemory() =>
        LoadFails(Passing(("z", DataType.Float, [60_000, 20_000])),
            "A batch of 60000 of '{0}' takes 4.8 GB; at most 2.1 GB is possible. Export it with the first axis open.",
            OnCpu with { Pixels = new() { Range = ValueRange.Signed } });

    [Test]
    public void Load_SeveralFixedBatches() =>
        LoadFails(Passing(("z", DataType.Float, [2, 8]), ("label", DataType.Int64, [1])),
            "'{0}' has first axes of different lengths: z float32 [2, 8], label int64 [1], image float32 [2, 3, 8, 8]. "
            + "The first axis is the batch; export them with the same.");

    [Test]
    public void Load_BatchSizeOfAFixedBatch() =>
        LoadFails(_folder.Save(ForeignModels.Generator(batch: 4)),
            "'{0}' takes batches of exactly 4; the option BatchSize is 16. Leave it out.",
            OnCpu with { BatchSize = 16 });

    [Test]
    public void Load_ImageInput() =>
        LoadFails(Passing(("photo", DataType.Float, ["N", 3, 8, 8])),
            $"'{{0}}' has no latent input, only photo float32 [N, 3, 8, 8]. {Inputs}");

    [Test]
    public void Load_LatentOfAnotherType() =>
        LoadFails(Passing(("z", DataType.Double, ["N", 8])), $"'{{0}}' has no latent input, only z float64 [N, 8]. {Inputs}");

    [Test]
    public void Load_InputNobodyKnows() =>
        LoadFails(Passing(("z", DataType.Float, ["N", 8]), ("mask", DataType.Bool, ["N", 4])),
            $"'{{0}}' has an input that can't be filled: mask bool [N, 4]. {Inputs}");

    [Test]
    public void Load_TwoLatents() =>
        LoadFails(Passing(("a", DataType.Float, ["N", 8]), ("b", DataType.Float, ["N", 4])),
            "'{0}' has several inputs that could be the latent: a float32 [N, 8], b float32 [N, 4]. Give it just one.");

    [Test]
    public void Load_OpenLatentSize() =>
        LoadFails(Passing(("z", DataType.Float, ["N", "Z"])),
            "'{0}' doesn't say how long its latent z float32 [N, Z] is. Export it with a fixed second axis.");

    [Test]
    public void Load_OutputOfAnotherType()
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Output.Clear();
        builder.Node("Cast", ["image"], "doubles", ModelBuilder.Int("to", (long)DataType.Double))
            .Output("doubles", DataType.Double, "N", 3, 16, 16);
        LoadFails(_folder.Save(builder), "'{0}' has no image output, only doubles float64 [N, 3, 16, 16]. "
            + "An output image float32 [N, C, H, W] with 1, 3 or 4 channels is expected; export it so.");
    }

    [Test]
    public void Load_OutputOfTwoChannels()
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Output.Clear();
        builder.Integers("from", 0).Integers("till", 2).Integers("axis", 1).Node("Slice", ["image", "from", "till", "axis"], "part")
            .Output("part", DataType.Float, "N", 2, 16, 16);
        LoadFails(_folder.Save(builder), "'{0}' has no image output, only part float32 [N, 2, 16, 16]. "
            + "An output image float32 [N, C, H, W] with 1, 3 or 4 channels is expected; export it so.");
    }

    [Test]
    public void Load_LatentSizeAgainstMetadata() =>
        LoadFails(_folder.Save(TestModels.Generator(TestModels.Metadata with { Latent = new(LatentDistribution.Normal, 99) })),
            "'{0}' contradicts itself: its metadata says the latent has 99 values, its graph has z float32 [N, 24]. Export the "
                + "model again.");

    [Test]
    public void Load_ClassesWithoutLabelInput() =>
        LoadFails(_folder.Save(TestModels.Generator(TestModels.Metadata with { Classes = Digits })),
            "'{0}' contradicts itself: its metadata says there are 3 classes, its graph has no input label int64 [N]. Export the "
                + "model again.");

    [Test]
    public void Load_MoreClassesThanTheGraphKnows() =>
        LoadFails(_folder.Save(TestModels.Conditional(Digits, rows: 2)),
            "'{0}' is said to have 3 classes but fails for label 2: the operator Gather says indices element out of data bounds, "
            + "idx=2 must be within the inclusive range [-2,1]. Correct the classes, or export the model again.");

    [Test]
    public void Load_ChannelsAgainstMetadata() =>
        LoadFails(_folder.Save(TestModels.Generator(TestModels.Metadata with { Pixels = new() { Channels = "grey" } })),
            "'{0}' contradicts itself: its metadata says the channels are grey, its graph makes image float32 [N, 3, 16, 16]. Export the "
                + "model again.");

    [Test]
    public void Load_OtherTask() =>
        LoadFails(_folder.Save(TestModels.Generator(TestModels.Metadata with { Task = ModelTask.Upscale })),
            "'{0}' is a model to upscale; one to generate is expected. Choose another model.");

    [Test]
    public void Load_MetadataOfALaterSchema()
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        builder.Model.MetadataProps[0].Value = "7";
        LoadFails(_folder.Save(builder),
            "'{0}': The model's metadata has gan.schema '7'; this version reads schema 1. Use a newer version, or export the model "
                + "with this one.");
    }

    [TestCase("BatchSize", 0, "The option BatchSize is 0; at least 1 is expected.")]
    [TestCase("BatchSize", 4097, "The option BatchSize is 4097; at most 4096 is expected.")]
    [TestCase("Threads", -2, "The option Threads is -2; at least 1 is expected.")]
    [TestCase("ParallelBatches", 0, "The option ParallelBatches is 0; at least 1 is expected.")]
    [TestCase("ReadAhead", 0, "The option ReadAhead is 0; at least 1 is expected.")]
    [TestCase("DeviceMemoryLimit", 0, "The option DeviceMemoryLimit is 0; at least 1 is expected.")]
    [TestCase("QueueLimit", 0, "The option QueueLimit is 0; at least 1 is expected.")]
    [TestCase("MaxQueueDelay", -1, "The option MaxQueueDelay is -00:00:01; 0 to 00:01:00 is expected.")]
    [TestCase("MaxQueueDelay", 61, "The option MaxQueueDelay is 00:01:01; 0 to 00:01:00 is expected.")]
    public void Load_WrongOption(string option, int value, string message) =>
        LoadFails(_folder.Save(TestModels.Generator()), message, option switch
        {
            "BatchSize" => new() { BatchSize = value },
            "Threads" => new() { Threads = value },
            "ParallelBatches" => new() { ParallelBatches = value },
            "ReadAhead" => new() { ReadAhead = value },
            "DeviceMemoryLimit" => new() { DeviceMemoryLimit = value },
            "QueueLimit" => new() { QueueLimit = value },
            _ => new() { MaxQueueDelay = TimeSpan.FromSeconds(value) },
        });

    [TestCase(0, "0 images can't be generated. Ask for at least 1.")]
    [TestCase(-5, "-5 images can't be generated. Ask for at least 1.")]
    [TestCase(int.MaxValue, "2147483647 images of 768 values don't fit one array. Ask for at most 2796202, or stream them.")]
    public void Generate_WrongCount(int count, string message) => Fails(TestModels.Generator(), message, g => g.Generate(count));

    [Test]
    public void Generate_LabelForAnUnconditionalModel() =>
        Fails(TestModels.Generator(), "'{0}' is unconditional: it takes no label. Leave the label out.", g => g.Generate(1, label: 0));

    [Test]
    public void FindLabel_UnconditionalModel() =>
        Fails(TestModels.Generator(), "'{0}' is unconditional: it takes no label. Leave the label out.", g => g.Model.FindLabel("cat"));

    [Test]
    public void FindLabel_UnknownName() =>
        Fails(TestModels.Conditional(Digits, 3), "'{0}' has no class 'cat'. Its classes are 0 zero, 1 one, 2 two; give a name or a number.",
            g => g.Model.FindLabel("cat"));

    [Test]
    public void FindLabel_ManyClasses()
    {
        var classes = Enumerable.Range(0, 25).Select(i => $"c{i}").ToArray();
        Fails(TestModels.Conditional(classes, 25),
            $"'{{0}}' has no class 'cat'. Its classes are {string.Join(", ", classes.Take(20).Select((c, i) => $"{i} {c}"))}, and 5 "
                + "more; give a name or a number.",
            g => g.Model.FindLabel("cat"));
    }

    [TestCase(3)]
    [TestCase(-1)]
    public void Generate_LabelOutOfRange(int label)
    {
        var message = $"'{{0}}' has no class {label}. Its classes are 0 zero, 1 one, 2 two; give a name or a number.";
        Fails(TestModels.Conditional(Digits, 3), message, g => g.Generate(1, label: label));
        Fails(TestModels.Conditional(Digits, 3), message, g => g.Model.FindLabel(label.ToString()));
        Fails(TestModels.Conditional(Digits, 3), message, g => g.Stream([new(0, Label: label)]).ToList());
        Fails(TestModels.Conditional(Digits, 3), message, g => g.FromLatents(new float[TestModels.LatentSize], new[] { label }));
    }

    [Test]
    public void Generate_NoLabelAndNobodyKnowsTheClasses() =>
        Fails(TestModels.Conditional([], 3),
            "'{0}' is conditional but doesn't say which classes it has. Give a label, or say the classes when it is loaded.",
            g => g.Generate(1));

    [Test]
    public void Generate_LabelTheForeignGraphDoesNotKnow() =>
        Fails(TestModels.Conditional([], 3),
            "ONNX Runtime failed to run '{0}': the operator Gather says indices element out of data bounds, "
            + "idx=3 must be within the inclusive range [-3,2].",
            g => g.Generate(1, label: 3));

    [Test]
    public void Generate_TruncationForAModelWithout() =>
        Fails(TestModels.Generator(), "'{0}' takes no truncation. Leave the truncation out.", g => g.Generate(1, truncation: 0.7f));

    [Test]
    public void Stream_TruncationOfASampleForAModelWithout() =>
        Fails(TestModels.Generator(), "'{0}' takes no truncation. Leave the truncation out.",
            g => g.Stream([new(0), new(1, Truncation: 1)]).ToList());

    [Test]
    public void Stream_TruncationOfASampleThatIsNoNumber() =>
        Fails(TestModels.Truncated(), "The truncation is Infinity; -2 to 2 is expected: 0 is the average image, 1 no truncation.",
            g => g.Stream([new(0), new(1, Truncation: float.PositiveInfinity)]).ToList());

    [Test]
    public void Generate_TruncationThatIsNoNumber() =>
        Fails(TestModels.Truncated(), "The truncation is NaN; -2 to 2 is expected: 0 is the average image, 1 no truncation.", g => g.Generate(1, truncation: float.NaN));

    [TestCase(0)]
    [TestCase(25)]
    public void FromLatents_WrongLength(int length) =>
        Fails(TestModels.Generator(), $"{length} latent values were given to '{{0}}'; a multiple of 24, one latent or more, is expected.",
            g => g.FromLatents(new float[length]));

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void FromLatents_NoNumbers(float value)
    {
        var latents = new float[48];
        latents[30] = value;
        Fails(TestModels.Generator(), "The latents given to '{0}' hold values that are no numbers (NaN) or infinite. Give finite ones.",
            g => g.FromLatents(latents));
    }

    [Test]
    public void Generate_ImagesThatAreNoNumbers()
    {
        const string Message = "'{0}' made an image with values that are no numbers (NaN) or infinite. Check its weights; where "
            + "it computes "
            + "in float16, export it in float32.";
        Fails(NotANumber(), Message, g => g.Generate(3));
        Fails(NotANumber(), Message, g => g.GenerateAsync(3).GetAwaiter().GetResult());
        Fails(NotANumber(), Message, g => g.Stream([new(0)]).ToList());
    }

    [Test]
    public void FromLatents_TooFewLabels() =>
        Fails(TestModels.Conditional(Digits, 3), "1 labels were given to '{0}' with 2 latents. Give one for each.",
            g => g.FromLatents(new float[48], new[] { 1 }));

    private static ModelBuilder External(string file)
    {
        var builder = TestModels.Generator();
        var weights = builder.Model.Graph.Initializer.Single(t => t.Name == "w2");
        (weights.RawData, weights.DataLocation) = (ByteString.Empty, DataLocation.External);
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = file });
        return builder;
    }

    // The logarithm of what is never positive.
    private static ModelBuilder NotANumber()
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        builder.Model.Graph.Output.Clear();
        return builder.Node("Abs", ["image"], "size").Node("Neg", ["size"], "negative").Node("Log", ["negative"], "none")
            .Output("none", DataType.Float, "N", 3, 16, 16);
    }

    // Black images, as many as the first input has rows; for graphs that are refused before they run.
    private string Passing(params (string Name, DataType Type, object[] Dimensions)[] inputs)
    {
        var builder = new ModelBuilder();
        foreach (var (name, type, dimensions) in inputs)
            builder.Input(name, type, dimensions);
        builder.Node("Shape", [inputs[0].Name], "N", ModelBuilder.Int("end", 1)).Integers("chw", 3, 8, 8)
            .Node("Concat", ["N", "chw"], "nchw", ModelBuilder.Int("axis", 0)).Node("ConstantOfShape", ["nchw"], "image")
            .Output("image", DataType.Float, "N", 3, 8, 8);
        return _folder.Save(builder);
    }

    private void Fails(ModelBuilder builder, string message, Action<ImageGenerator> act)
    {
        var path = _folder.Save(builder);
        using var generator = ImageGenerator.Load(path, OnCpu);
        Assert.That(() => act(generator), Throws.TypeOf<ModelException>().With.Message.EqualTo(message.Replace("{0}", path)));
    }

    // Which version of ONNX Runtime is at hand decides some numbers.
    private static void LoadFailsLike(string path, string pattern) =>
        Assert.That(() => ImageGenerator.Load(path, OnCpu).Dispose(),
            Throws.TypeOf<ModelException>().With.Message.Matches(
                pattern.Replace("{0}", System.Text.RegularExpressions.Regex.Escape(path))));

    private static void LoadFails(string path, string message, ImageGeneratorOptions? options = null) =>
        Assert.That(() => ImageGenerator.Load(path, options ?? OnCpu).Dispose(),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(message.Replace("{0}", path)));
}
