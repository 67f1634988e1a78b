using GanOnnx.Onnx.Editing;
using Google.Protobuf;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Tests;

/// <summary>What is found in files of strangers, and that good ones have no findings.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<string> Findings(Action<ModelProto> change)
    {
        var model = Graphs.Convolution();
        change(model);
        return OnnxModel.Check(model.Save(_folder["m.onnx"]));
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Case("a value of nothing", m => m.Graph.Node[1].Input[0] = "q",
            "'relu1' (Relu) in the graph 'g' takes 'q', which nothing makes.");
        yield return Case("a value made later", m =>
        {
            var (conv, relu) = (m.Graph.Node[0], m.Graph.Node[1]);
            m.Graph.Node.Clear();
            m.Graph.Node.Add([relu, conv]);
        }, "'relu1' (Relu) in the graph 'g' takes 'c', which is made only later.");
        yield return Case("a value made twice", m => m.Graph.Node.Add(Graphs.Node("Abs", ["x"], "c")),
            "'abs1' (Abs) in the graph 'g' makes 'c', which is there already.");
        yield return Case("an output of nothing", m => m.Graph.Output[0].Name = "z", "The graph 'g' gives 'z', which nothing makes.");
        yield return Case("a node without a name", m =>
        {
            m.Graph.Node[1].ClearName();
            m.Graph.Node[1].Input[0] = "q";
        }, "the Relu that gives 'y' in the graph 'g' takes 'q', which nothing makes.");
        yield return Case("no operator set", m => m.OpsetImport.Clear(),
            "Nodes use operators of the domain '', whose operator set isn't told.");
        yield return Case("an operator set of the future", m => m.OpsetImport[0].Version = 99,
            "The operator set is 99; there are 1 to 26.");
        yield return Case("an operator set told twice", m => m.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 17 }),
            "The operator set of the domain '' is told 2 times; once is needed.");
        yield return Case("operators of nobody", m => m.Graph.Node[1].Domain = "who",
            "Nodes use operators of the domain 'who', whose operator set isn't told.");
        yield return Case("a weight with a negative axis", m => m.Graph.Initializer[0].Dims[0] = -3,
            "The weight 'w' has an axis of -3 values; 0 or more are needed.");
        yield return Case("a weight whose size overflows", m => m.Graph.Initializer[0].Dims[0] = long.MaxValue,
            "The weight 'w' has [9223372036854775807, 1, 3, 3], which is more values than can be counted.");
        yield return Case("a weight with too few bytes", m => m.Graph.Initializer[0].Dims[0] = 4,
            "The weight 'w' has 108 bytes, but its shape needs 144.");
        yield return Case("an input with a negative axis", m => m.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = -7,
            "The input 'x' has an axis of -7 values; 0 or more are needed.");
        yield return Case("an output of absurd size", m => m.Graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue = 1L << 40,
            "The output 'y' has [1, 1099511627776, 8, 8], which is more than 2147483647 values.");
        yield return Case("negative pads", m => m.Graph.Node[0].Attribute.Add(Attributes.Attribute("pads", [0L, -1, 0, 0])),
            "'conv1' (Conv) has the pads [0, -1, 0, 0]; each is 0 or more.");
        yield return Case("no groups", m => m.Graph.Node[0].Attribute.Add(Attributes.Attribute("group", 0)),
            "'conv1' (Conv) has 0 groups; 1 or more are needed.");
        yield return Case("control characters", m => m.Graph.Node[1].Input[0] = "\u001b[31mred",
            "'relu1' (Relu) in the graph 'g' takes '\\u001b[31mred', which nothing makes.");
        yield return Case("a fault within a branch",
            m => m.Graph.Node.Add(Graphs.Node("If", ["x"], "i", Branch("then_branch", Graphs.Node("Relu", ["c"], "b"), "b"),
            Branch("else_branch", Graphs.Node("Relu", ["q"], "b"), "b"))),
            "'relu1' (Relu) in the graph 'else_branch' takes 'q', which nothing makes.");

        static TestCaseData Case(string name, Action<ModelProto> change, params string[] expected) =>
            new TestCaseData(change, expected).SetArgDisplayNames(name);
    }

    private static AttributeProto Branch(string name, NodeProto node, string output) => new()
    {
        Name = name,
        Type = AttributeProto.Types.AttributeType.Graph,
        G = new() { Name = name, Node = { node }, Output = { Graphs.Value(output, 1) } },
    };

    [TestCaseSource(nameof(Faults))]
    public void Check_OfAFault_SaysIt(Delegate change, string[] expected) =>
        Assert.That(Findings((Action<ModelProto>)change), Is.EqualTo(expected));

    [Test]
    public void Check_OfAGoodModel_FindsNothing() => Assert.That(Findings(_ => { }), Is.Empty);

    [Test]
    public void Check_OfShippedModels_FindsNothing(
        [Values("fashion-dcgan", "fashion-cgan", "fashion-stylegan2", "fashion-wgan-gp")] string name) =>
        Assert.That(OnnxModel.Check(Path.Combine(Repository.Root, "models", name, "model.onnx")), Is.Empty);

    // In ONNX Runtime 1.29 such a ConvTranspose ends the process.
    [Test]
    public void Check_OfAZeroStride_FindsIt(
        [Values("Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "QLinearConv")] string type,
        [Values("strides", "dilations", "kernel_shape")] string attribute) =>
        Assert.That(Findings(m =>
        {
            m.Graph.Node[0].OpType = type;
            m.Graph.Node[0].Set(attribute, [1, 0]);
        }), Is.EqualTo(new[] { $"'conv1' ({type}) has the {attribute} [1, 0]; each is 1 or more." }));

    [Test]
    public void Check_OfAFunctionThatCallsItself_FindsIt() =>
        Assert.That(Findings(m => AddFunctions(m, ("a", ["b"]), ("b", ["a"]))), Is.EqualTo(new[]
        {
            "The function 'a' calls itself, at once or through others, or others more than 500 deep.",
            "The function 'b' calls itself, at once or through others, or others more than 500 deep.",
        }));

    [Test]
    public void Check_OfFunctionsThatDouble_FindsThem()
    {
        // 2^24 nodes of 24 functions.
        var functions = Enumerable.Range(0, 24).Select(i => ($"f{i}", i == 0 ? new[] { "Relu", "Relu" } : [$"f{i - 1}", $"f{i - 1}"]))
            .ToArray();

        Assert.That(Findings(m => AddFunctions(m, functions)).First(),
            Is.EqualTo("The function 'f19' becomes more than 1000000 nodes when the functions it calls are put in."));
    }

    [Test]
    public void Check_OfAChainOfFunctions_DoesNotRunOutOfStack()
    {
        const int count = 100_000;
        var functions = Enumerable.Range(0, count).Select(i => ($"f{i}", i == count - 1 ? new[] { "Relu" } : [$"f{i + 1}"])).ToArray();

        Assert.That(Findings(m => AddFunctions(m, functions)), Has.Count.EqualTo(100));
    }

    private static void AddFunctions(ModelProto model, params (string Name, string[] Calls)[] functions)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "f", Version = 1 });
        foreach (var (name, calls) in functions)
            model.Functions.Add(new FunctionProto
            {
                Domain = "f",
                Name = name,
                Input = { "v" },
                Output = { $"v{calls.Length}" },
                Node =
                {
                    calls.Select((called, i) => new NodeProto
                    {
                        OpType = called, Domain = called == "Relu" ? "" : "f", Input = { i == 0 ? "v" : $"v{i}" }, Output = { $"v{i + 1}" },
                    }),
                },
            });
    }

    private static IEnumerable<TestCaseData> External()
    {
        yield return Case("outside the folder", "../d.data", 0, 16384,
            "'{0}' keeps the weight 'w' in '../d.data', which isn't in the model's folder. Export it again, or don't use it.");
        yield return Case("at a place of its own", "/etc/passwd", 0, 16384,
            "'{0}' keeps the weight 'w' in '/etc/passwd', which isn't in the model's folder. Export it again, or don't use it.");
        yield return Case("on a drive", "C:d.data", 0, 16384,
            "'{0}' keeps the weight 'w' in 'C:d.data', which isn't in the model's folder. Export it again, or don't use it.");
        yield return Case("with backslashes", "a\\..\\..\\d.data", 0, 16384,
            "'{0}' keeps the weight 'w' in 'a\\..\\..\\d.data', which isn't in the model's folder. Export it again, or don't use it.");
        yield return Case("through a link", "link.data", 0, 16384,
            "'{0}' keeps the weight 'w' in 'link.data', which isn't in the model's folder. Export it again, or don't use it.");
        yield return Case("nowhere", "", 0, 16384, "'{0}' keeps the weight 'w' in another file and doesn't say in which. Export it again.");
        yield return Case("absent", "absent.data", 0, 16384,
            "'{0}' keeps the weight 'w' in '{1}absent.data', which isn't there. Copy it, too.");
        yield return Case("past the end", "d.data", 4096, 16384,
            "'{0}' keeps the weight 'w' in bytes 4096 to 20480 of '{1}d.data', which has 16384. Copy it again.");
        yield return Case("overflowing", "d.data", long.MaxValue, long.MaxValue,
            "'{0}' keeps the weight 'w' in bytes 9223372036854775807 to 18446744073709551614 of '{1}d.data', which has 16384. "
            + "Copy it again.");
        yield return Case("of another length", "d.data", 0, 100,
            "'{0}' keeps the weight 'w' in 100 bytes of '{1}d.data', but its shape needs 16384. Export it again.");
        yield return Case("at a negative place", "d.data", -1, 16384,
            "'{0}' keeps the weight 'w' in another file at the offset '-1', which is no number of bytes. Export it again.");

        static TestCaseData Case(string name, string location, long offset, long length, string expected) =>
            new TestCaseData(location, offset, length, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(External))]
    public void ExternalData_ThatIsNotThere_IsFoundAndNotRead(string location, long offset, long length, string expected)
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere["d.data"], new byte[16384]);
        File.CreateSymbolicLink(_folder["link.data"], elsewhere["d.data"]);
        File.WriteAllBytes(_folder["d.data"], new byte[16384]);
        var path = ExternalModel(location, offset, length).Save(_folder["m.onnx"]);
        var sentence = string.Format(null, expected, path, _folder.Path + Path.DirectorySeparatorChar);

        Assert.That(OnnxModel.Check(path), Is.EqualTo(new[] { sentence }));
        Assert.That(() => OnnxModel.Read(path), Throws.TypeOf<OnnxFileException>().With.Message.EqualTo(sentence));
    }

    // As huggingface_hub keeps what it downloads.
    [Test]
    public void ExternalData_BesideAModelThatIsALinkItself_IsRead()
    {
        var (blobs, snapshot) = (Directory.CreateDirectory(_folder["blobs"]).FullName,
            Directory.CreateDirectory(_folder["snapshot"]).FullName);
        File.WriteAllBytes(Path.Combine(blobs, "1"), new byte[16384]);
        ExternalModel("m.data", 0, 16384).Save(Path.Combine(blobs, "2"));
        File.CreateSymbolicLink(Path.Combine(snapshot, "m.data"), "../blobs/1");
        var path = File.CreateSymbolicLink(Path.Combine(snapshot, "m.onnx"), "../blobs/2").FullName;

        Assert.That(OnnxModel.Check(path), Is.Empty);
        Assert.That(OnnxModel.Read(path).Proto.Graph.Initializer[0].RawData, Has.Length.EqualTo(16384));
    }

    private static ModelProto ExternalModel(string location, long offset, long length)
    {
        var model = Graphs.Product();
        var weight = model.Graph.Initializer[0];
        weight.ClearRawData();
        weight.DataLocation = DataLocation.External;
        foreach (var (key, value) in new[] { ("location", location), ("offset", $"{offset}"), ("length", $"{length}") })
            weight.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }
}
