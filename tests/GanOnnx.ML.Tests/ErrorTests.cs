using GanOnnx.Onnx;
using Google.Protobuf;
using Microsoft.ML.Data;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.ML.Tests;

/// <summary>Messages are compared whole; {0} stands for the file's path.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Columns, found when fitting

    [Test]
    public void Generate_MissingColumn() =>
        GenerateFails("Latnt", null, "There is no column 'Latnt'. The columns are Latent, Short, Open, Seed, Text, Key, Class, "
            + "Label, Ratio.");

    [Test]
    public void Generate_MissingLabelColumn() =>
        GenerateFails("Latent", "Clss",
            "There is no column 'Clss'. The columns are Latent, Short, Open, Seed, Text, Key, Class, Label, Ratio.");

    [Test]
    public void Generate_WrongLatentSize() =>
        GenerateFails("Short", null, "The column 'Short' is Vector<Single, 23>; 24 values are expected for a latent of '{0}'.");

    [TestCase("Text", "String")]
    [TestCase("Ratio", "Single")]
    [TestCase("Class", "vectors of String")]
    public void Generate_WrongInputType(string column, string found) =>
        GenerateFails(column, null, $"The column '{column}' holds {found}; latents for '{{0}}', vectors of Single, or seeds, whole "
            + "numbers, are expected.");

    [Test]
    public void Generate_LabelForAnUnconditionalModel() =>
        GenerateFails("Latent", "Label", "'{0}' is unconditional: it takes no label. Leave the label column 'Label' out.");

    [Test]
    public void Generate_LatentsWithoutLabels() =>
        GenerateFails("Latent", null, "'{0}' is conditional. Give a label column.", TestModels.Conditional(["zero", "one"], 2));

    [Test]
    public void Generate_SeedsWithoutLabelsNorClasses() =>
        GenerateFails("Seed", null, "'{0}' is conditional but doesn't say which classes it has. Give a label column, or the classes in "
            + "the options.",
            TestModels.Conditional([], 2));

    [TestCase("Ratio", "Single", "")]
    [TestCase("Latent", "Vector<Single, 24>", "")]
    [TestCase("Key", "Key<UInt32, 0-9>", " Take the column from before MapValueToKey.")]
    public void Generate_WrongLabelType(string column, string found, string advice) =>
        GenerateFails("Seed", column, $"The label column '{column}' is {found}; a class's name (String) or its number (an integer) is "
            + $"expected.{advice}",
            TestModels.Conditional(["zero", "one"], 2));

    [Test]
    public void InAChain_TheSchemaIsCheckedBeforeAnythingIsFitted()
    {
        var path = _folder.Save(TestModels.Generator());
        var pipeline = _ml.Transforms.CopyColumns("Copy", "Latent").Append(_ml.Transforms.GenerateImages("Image", path, "Latnt"));
        Fails(path, () => pipeline.Fit(Data()),
            "There is no column 'Latnt'. The columns are Latent, Short, Open, Seed, Text, Key, Class, Label, Ratio, Copy.");
    }

    // Options and arguments

    [TestCase(0)]
    [TestCase(4097)]
    public void Options_BatchSize(int value) =>
        Fails("", () => _ml.Transforms.GenerateImages("Image", Generator(), "Latent", options: new() { BatchSize = value }),
            $"The option BatchSize is {value}; 1 to 4096 is expected.");

    [Test]
    public void Options_Parallelism() =>
        Fails("", () => _ml.Transforms.ApplyOnnxModelBatched("image", "z", Generator(), new() { Parallelism = 0 }),
            "The option Parallelism is 0; at least 1 is expected.");

    [Test]
    public void Options_GpuDeviceId() =>
        Fails("", () => _ml.Transforms.TranslateImages("Image", Generator(), "Latent", new() { GpuDeviceId = -1 }),
            "The option GpuDeviceId is -1; at least 0 is expected.");

    [Test]
    public void Options_TruncationIsNaN() =>
        Fails("", () => _ml.Transforms.GenerateImages("Image", Generator(), "Latent", options: new() { Truncation = float.NaN }),
            "The truncation is NaN; -2 to 2 is expected: 0 is the average image, 1 no truncation.");

    [Test]
    public void Options_TruncationForAModelWithout() =>
        Fails(Generator(), () => _ml.Transforms.GenerateImages("Image", Generator(), "Latent", options: new() { Truncation = 0.5f }),
            "'{0}' takes no truncation. Leave the truncation out.");

    [TestCase(0)]
    [TestCase(-5)]
    public void Source_Count(long count) =>
        Fails("", () => _ml.Data.GenerateImages(Generator(), count), $"{count} images can't be generated. Ask for at least 1.");

    [Test]
    public void Source_UnknownLabel()
    {
        var path = _folder.Save(TestModels.Conditional(["zero", "one"], 2));
        Fails(path, () => _ml.Data.GenerateImages(path, 3, labels: ["two"]),
            "'{0}' has no class 'two'. Its classes are 0 zero, 1 one; give a name or a number.");
    }

    [Test]
    public void Source_LabelForAnUnconditionalModel() =>
        Fails(Generator(), () => _ml.Data.GenerateImages(Generator(), 3, labels: ["two"]),
            "'{0}' is unconditional: it takes no label. Leave the label out.");

    [Test]
    public void Source_NobodyKnowsTheClasses()
    {
        var path = _folder.Save(TestModels.Conditional([], 2));
        Fails(path, () => _ml.Data.GenerateImages(path, 3),
            "'{0}' is conditional but doesn't say which classes it has. Give labels, or the classes in the options.");
    }

    // The file

    [Test]
    public void AnyModel_MissingFile()
    {
        const string Message = "There is no file 'nowhere.onnx'. Give an .onnx file or a folder with model.onnx.";
        Fails("", () => _ml.Transforms.GenerateImages("Image", "nowhere.onnx", "Latent"), Message);
        Fails("", () => _ml.Data.GenerateImages("nowhere.onnx", 1), Message);
        Fails("", () => _ml.Transforms.TranslateImages("Image", "nowhere.onnx", "Latent"), Message);
        Fails("", () => _ml.Transforms.ApplyOnnxModelBatched("image", "z", "nowhere.onnx"), Message);
    }

    [Test]
    public void AnyModel_EmptyFile()
    {
        var path = _folder.Save([]);
        const string Message = "'{0}' is empty. Copy or export the model again.";
        Fails(path, () => _ml.Transforms.GenerateImages("Image", path, "Latent"), Message);
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("image", "z", path), Message);
    }

    [Test]
    public void AnyModel_TruncatedFile()
    {
        var path = _folder.Save(TestModels.Generator().Model.ToByteArray()[..5000]);
        Fails(path, () => _ml.Transforms.GenerateImages("Image", path, "Latent"),
            "'{0}' begins like an ONNX model but is cut short or damaged after 5000 bytes. Copy or export it again.");
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("image", "z", path),
            "'{0}' begins like an ONNX model but is cut short or damaged after 5000 bytes. Copy or export it again.");
    }

    [Test]
    public void AnyModel_AFileOfAnotherKind()
    {
        var path = _folder.Save("PK\u0003\u0004 an archive"u8.ToArray());
        const string Message = "'{0}' is not an ONNX model. Give a file that was exported to ONNX.";
        Fails(path, () => _ml.Transforms.GenerateImages("Image", path, "Latent"), Message);
        Fails(path, () => _ml.Transforms.TranslateImages("Image", path, "Latent"), Message);
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("image", "z", path), Message);
    }

    [Test]
    public void AnyModel_AFolderWithoutModel()
    {
        var bare = Directory.CreateDirectory(Path.Combine(_folder.Path, "bare")).FullName;
        const string Message = "The folder '{0}' has no model.onnx. Put one there or give the .onnx file itself.";
        Fails(bare, () => _ml.Transforms.GenerateImages("Image", bare, "Latent"), Message);
        Fails(bare, () => _ml.Transforms.ApplyOnnxModelBatched("image", "z", bare), Message);
    }

    [Test]
    public void Apply_UnknownOperator()
    {
        var path = _folder.Save(new ModelBuilder().Input("x", DataType.Float, "N", 2).Node("Swirl", ["x"], "y")
            .Output("y", DataType.Float, "N", 2));
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("y", "x", path),
            "'{0}' uses the operator Swirl of the domain ai.onnx, which ONNX Runtime doesn't have. Export the model with standard ONNX "
                + "operators only.");
    }

    // Tensors

    [Test]
    public void Apply_NoSuchOutput() =>
        Fails(Generator(), () => _ml.Transforms.ApplyOnnxModelBatched("picture", "z", Generator()),
            "'{0}' has no output 'picture'. Its outputs are image Single [N, 3, 16, 16].");

    [Test]
    public void Apply_NoSuchInput()
    {
        Fails(Generator(), () => _ml.Transforms.ApplyOnnxModelBatched(["image"], ["z", "w"], Generator()),
            "'{0}' has no input 'w'. Its inputs are z Single [N, 24].");
    }

    [Test]
    public void Apply_InputNotGiven()
    {
        var path = _folder.Save(Tables.TwoOutputs());
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("double", "x", path),
            "'{0}' needs a column for its input 'index'. Add it to the input columns.");
    }

    [Test]
    public void Apply_TensorTypeThatColumnsDoNotHave()
    {
        var path = _folder.Save(new ModelBuilder().Input("x", DataType.Float16, "N", 2).Node("Neg", ["x"], "y")
            .Output("y", DataType.Float16, "N", 2));
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("y", "x", path),
            "'{0}' has 'x' of type float16, which ML.NET's columns can't hold in batches. Numbers and booleans are supported; cast it "
                + "in the graph.");
    }

    [Test]
    public void Apply_WrongColumnType() =>
        Fails(Negated(2), () => _ml.Transforms.ApplyOnnxModelBatched("y", "Seed", Negated(2)).Fit(Data()),
            "The column 'Seed' holds UInt64; Single is expected for the input Seed Single [N, 2] of '{0}'.");

    [Test]
    public void Apply_WrongColumnSize()
    {
        var path = Negated(2, "Latent");
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("y", "Latent", path).Fit(Data()),
            "The column 'Latent' is Vector<Single, 24>; 2 values are expected for the input Latent Single [N, 2] of '{0}'.");
    }

    [Test]
    public void Apply_AxesThatNobodyKnows()
    {
        var path = _folder.Save(new ModelBuilder().Input("Latent", DataType.Float, "N", "H", "W").Node("Neg", ["Latent"], "y")
            .Output("y", DataType.Float, "N", "H", "W"));
        Fails(path, () => _ml.Transforms.ApplyOnnxModelBatched("y", "Latent", path).Fit(Data()),
            "'{0}' leaves several axes of its input Latent Single [N, ?, ?] open, and the column 'Latent' of type Vector<Single, 24> "
                + "doesn't tell them. "
            + "Give the column's type its dimensions.");
    }

    [Test]
    public void Translate_NoImageToImageModel() =>
        Fails(Generator(), () => _ml.Transforms.TranslateImages("Image", Generator(), "Latent"),
            "'{0}' has flat images, z float32 [N, 24]. Give the shape of one with the option Input.Shape, as 3 × 64 × 64.");

    [Test]
    public void Translate_AModelToGenerate()
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        Fails(path, () => _ml.Transforms.TranslateImages("Image", path, "Latent"),
            "'{0}' is a model to generate; one to translate or upscale is expected. Choose another model.");
    }

    [Test]
    public void Translate_WrongColumnType()
    {
        var path = _folder.Save(Tables.Negative(4, 5));
        Fails(path, () => _ml.Transforms.TranslateImages("Image", path, "Seed").Fit(Data()),
            "The column 'Seed' holds UInt64; Single or Byte is expected for the input image Single [N, 3, 4, 5] of '{0}'.");
    }

    [Test]
    public void Translate_WrongSize()
    {
        var path = _folder.Save(Tables.Negative(4, 5));
        Fails(path, () => _ml.Transforms.TranslateImages("Image", path, "Latent").Fit(Data()),
            "The column 'Latent' is Vector<Single, 24>; 60 values are expected for the input image Single [N, 3, 4, 5] of '{0}'.");
    }

    [Test]
    public void Generate_RangeNobodyTells_IsAskedForByTheNameOfTheOption()
    {
        var path = _folder.Save(ForeignModels.Generator(0));
        const string Message = "'{0}' doesn't say which values of out float32 [N, 3, 16, 16] are black and white. "
            + "Give them with the option Format.Range: -1 to 1, 0 to 1 or 0 to 255.";
        Fails(path, () => _ml.Transforms.GenerateImages("Image", path, "Latent"), Message);
        Fails(path, () => _ml.Data.GenerateImages(path, 3), Message);
    }

    [Test]
    public void Generate_FlatImages_AreAskedTheShapeOf()
    {
        var path = _folder.Save(ForeignModels.Generator(flat: true));
        Fails(path, () => _ml.Transforms.GenerateImages("Image", path, "Latent"),
            "'{0}' has flat images, out float32 [N, 768]. Give the shape of one with the option Format.Shape, as 3 × 64 × 64.");
    }

    [Test]
    public void PredictionEngine_OfRowsWithoutTheColumn()
    {
        var transformer = _ml.Transforms.GenerateImages("Image", Generator(), "Latent").Fit(Data());
        Fails("", () => _ml.Model.CreatePredictionEngine<Labelled, ImageRow>(transformer),
            "There is no column 'Latent'. The columns are Label.");
        transformer.Dispose();
    }

    [Test]
    public void Source_ClosedWhileItIsRead()
    {
        var path = Generator();
        var data = _ml.Data.GenerateImages(path, 3);
        data.Dispose();
        Assert.That(() => data.GetColumn<float[]>("Image").Count(), Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(
            $"The model '{path}' is closed: its transformer or data were disposed. A prediction engine does that unless "
                + "OwnsTransformer is false."));
    }

    private string Generator() => _folder.Save(TestModels.Generator());

    private string Negated(int size, string column = "Seed") =>
        _folder.Save(new ModelBuilder().Input(column, DataType.Float, "N", size).Node("Neg", [column], "y")
            .Output("y", DataType.Float, "N", size));

    private IDataView Data() => _ml.Data.LoadFromEnumerable([new Row()]);

    private void GenerateFails(string column, string? label, string message, ModelBuilder? model = null)
    {
        var path = _folder.Save(model ?? TestModels.Generator());
        var estimator = _ml.Transforms.GenerateImages("Image", path, column, label);
        Fails(path, () => estimator.Fit(Data()), message);
    }

    private static void Fails(string path, Action act, string message) =>
        Assert.That(act, Throws.TypeOf<ModelException>().With.Message.EqualTo(message.Replace("{0}", path)));

    private sealed class Labelled
    {
        public long Label { get; set; }
    }

    private sealed class Row
    {
        [VectorType(24)]
        public float[] Latent { get; set; } = new float[24];

        [VectorType(23)]
        public float[] Short { get; set; } = new float[23];

        public float[] Open { get; set; } = [];

        public ulong Seed { get; set; }

        public string Text { get; set; } = "";

        [KeyType(10)]
        public uint Key { get; set; }

        public string[] Class { get; set; } = [];

        public long Label { get; set; }

        public float Ratio { get; set; }
    }
}
