using GanOnnx.Onnx.Checking;
using Google.Protobuf;

namespace GanOnnx.Onnx.Tests;

/// <summary>Whatever a file holds, reading it gives a model or the one exception that is promised.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Damaged()
    {
        yield return Case("empty", [], "'{0}' has 0 bytes; an ONNX file has 1 to 2147483647, and larger weights beside it. Copy it again.");
        yield return Case("text", "not a model"u8.ToArray(), "'{0}' is no ONNX file, or a damaged one: *");
        yield return Case("without a graph", new ModelProto { IrVersion = 8 }.ToByteArray(),
            "'{0}' is no ONNX file: it has no graph. Give an .onnx file.");
        yield return Case("cut short", Graphs.Convolution().ToByteArray()[..^20], "'{0}' is no ONNX file, or a damaged one: *");
        yield return Case("nested without end", Nested(10_000), "'{0}' is no ONNX file, or a damaged one: *");

        static TestCaseData Case(string name, byte[] content, string expected) =>
            new TestCaseData(content, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Damaged))]
    public void File_ThatIsNoModel_IsRefused(byte[] content, string expected)
    {
        File.WriteAllBytes(_folder["m.onnx"], content);
        var sentence = string.Format(null, expected.TrimEnd('*'), _folder["m.onnx"]);

        foreach (var read in new Func<string, object>[] { OnnxModel.Read, OnnxModel.Check })
            Assert.That(() => read(_folder["m.onnx"]), Throws.TypeOf<OnnxFileException>().With.Message.StartsWith(sentence));
    }

    private static IEnumerable<TestCaseData> Producers()
    {
        var ours = Graphs.Convolution();
        ours.ProducerName = OnnxModel.Producer;
        var theirs = Graphs.Convolution();
        (theirs.ProducerName, theirs.DocString) = ("pytorch", OnnxModel.Producer);
        yield return new TestCaseData(ours.ToByteArray(), true).SetArgDisplayNames("ours");
        yield return new TestCaseData(ours.ToByteArray()[..^20], true).SetArgDisplayNames("ours, cut short");
        yield return new TestCaseData(theirs.ToByteArray(), false).SetArgDisplayNames("of another program");
        yield return new TestCaseData("GanOnnx"u8.ToArray(), false).SetArgDisplayNames("text");
        yield return new TestCaseData(Array.Empty<byte>(), false).SetArgDisplayNames("empty");
    }

    [TestCaseSource(nameof(Producers))]
    public void IsOurs_TellsByTheProducer(byte[] content, bool isOurs)
    {
        File.WriteAllBytes(_folder["m.onnx"], content);

        Assert.That(OnnxModel.IsOurs(_folder["m.onnx"]), Is.EqualTo(isOurs));
    }

    [Test]
    public void IsOurs_OfAFolderOrNothing_IsFalse() =>
        Assert.That((OnnxModel.IsOurs(_folder.Path), OnnxModel.IsOurs(_folder["nothing.onnx"])), Is.EqualTo((false, false)));

    [Test]
    public void Folder_IsRefused() =>
        Assert.That(() => OnnxModel.Read(_folder.Path),
            Throws.TypeOf<OnnxFileException>().With.Message.EqualTo($"'{_folder.Path}' is a folder. Give the .onnx file in it."));

    [Test]
    public void File_ThatIsAbsent_IsNotFound() =>
        Assert.That(() => OnnxModel.Read(_folder["m.onnx"]), Throws.TypeOf<FileNotFoundException>());

    [Test]
    public void File_OfMoreThan2GB_IsRefusedUnread()
    {
        using (var file = File.Create(_folder["m.onnx"]))
            file.SetLength(int.MaxValue + 1L);

        Assert.That(() => OnnxModel.Read(_folder["m.onnx"]),
            Throws.TypeOf<OnnxFileException>().With.Message.Contain("has 2147483648 bytes"));
    }

    /// <summary><c>GANONNX_MUTATIONS</c> tries more; the seed is the number.</summary>
    [Test]
    public void Mutated_files_give_a_model_findings_or_the_promised_exception()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("GANONNX_MUTATIONS"), out var more) ? more : 1500;
        byte[][] originals =
        [
            Graphs.Convolution().ToByteArray(),
            File.ReadAllBytes(Path.Combine(Repository.Root, "models/fashion-stylegan2/model.onnx")) is var model ? SmallParts(model) : [],
        ];
        for (var seed = 0; seed < count; seed++)
        {
            var bytes = Mutated(originals[seed % originals.Length], new Random(seed));
            File.WriteAllBytes(_folder["m.onnx"], bytes);
            try
            {
                _ = OnnxModel.Check(_folder["m.onnx"]);
                _ = OnnxModel.Read(_folder["m.onnx"]).ToString();
            }
            catch (OnnxFileException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"The file of seed {seed} raises {e.GetType().Name}: {e}");
            }
        }
    }

    // A whole model's structure, without the weights that would be most of the bytes.
    private static byte[] SmallParts(byte[] content)
    {
        var model = ModelProto.Parser.ParseFrom(content);
        foreach (var weight in model.Graph.Initializer.Where(w => w.RawData.Length > 64))
            weight.RawData = ByteString.CopyFrom(new byte[64]);
        return model.ToByteArray();
    }

    private static byte[] Mutated(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        for (var i = random.Next(1, 8); i > 0; i--)
            bytes[random.Next(bytes.Length)] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => 0xff,
                _ => (byte)(bytes[random.Next(bytes.Length)] ^ 1 << random.Next(8)),
            };
        return random.Next(4) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
    }

    /// <summary>A graph in a node in a graph in a node, and so on.</summary>
    private static byte[] Nested(int depth)
    {
        // From the inside out: each message is the field of the one around it.
        var parts = new List<byte[]>();
        var length = 0;
        for (var i = 0; i < depth; i++)
            foreach (var field in new byte[] { 6, 5, 1 }) // AttributeProto.g, NodeProto.attribute, GraphProto.node
            {
                using var stream = new MemoryStream();
                var output = new CodedOutputStream(stream);
                output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                output.WriteLength(length);
                output.Flush();
                parts.Add(stream.ToArray());
                length += parts[^1].Length;
            }
        using var all = new MemoryStream();
        var outer = new CodedOutputStream(all, leaveOpen: true);
        outer.WriteTag(7, WireFormat.WireType.LengthDelimited); // ModelProto.graph
        outer.WriteLength(length);
        outer.Flush();
        parts.Reverse();
        foreach (var part in parts)
            all.Write(part);
        return all.ToArray();
    }

    [TestCase(new long[] { }, 1L)]
    [TestCase(new long[] { 2, 0, 3 }, 0L)]
    [TestCase(new[] { long.MaxValue, 0, long.MaxValue }, null)]
    [TestCase(new[] { long.MaxValue, 2 }, null)]
    [TestCase(new[] { 1L << 32, 1L << 32, 1L << 32, 1L << 32 }, null)]
    [TestCase(new long[] { -1, 2 }, null)]
    public void Count_OfAShape_DoesNotOverflow(long[] shape, long? expected) => Assert.That(TensorSize.Count(shape), Is.EqualTo(expected));
}
