using GanOnnx.Export.Onnx;
using GanOnnx.Export.Tests.Fixtures;
using Google.Protobuf;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Models whose weights lie in a second file.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ExternalDataTests : IDisposable
{
    private static readonly OnnxExportOptions _external = new() { ExternalDataThreshold = 1000 };

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    // Weights of 20,000, 200, 20,000 and 400 bytes.
    private static Module<Tensor, Tensor> Network() => Sequential(("wide", Linear(100, 50)), ("act", Tanh()), ("back", Linear(50, 100))).Ready();

    private string[] Files => [.. Directory.GetFileSystemEntries(_folder.Path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Test]
    public void LargeWeights_AreInTheSecondFile_PageByPage()
    {
        var module = Network();

        var result = OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external);

        Assert.That(Files, Is.EqualTo(new[] { "m.onnx", "m.onnx.data" }));
        Assert.That(result.FileSize, Is.EqualTo(Files.Sum(f => new FileInfo(_folder[f]).Length)));
        var weights = OnnxFile.Read(_folder["m.onnx"]).Graph.Initializer;
        Assert.That(weights.Select(w => (w.Name, w.RawData.Length, Text(w))), Is.EquivalentTo(new[]
        {
            ("wide.weight", 0, "location m.onnx.data, offset 0, length 20000"), ("wide.bias", 200, ""),
            ("back.weight", 0, "location m.onnx.data, offset 20480, length 20000"), ("back.bias", 400, ""),
        }));
        Assert.That(File.ReadAllBytes(_folder["m.onnx.data"])[20480..], Is.EqualTo(((TorchSharp.Modules.Linear)module.children().Last()).weight.bytes.ToArray()));
    }

    private static string Text(TensorProto weight) => string.Join(", ", weight.ExternalData.Select(e => $"{e.Key} {e.Value}"));

    [TestCase(Precision.Float32, 1e-5)]
    [TestCase(Precision.Float16, 1e-2)]
    public void Model_OfTwoFiles_GivesTheModulesOutput(Precision precision, double tolerance)
    {
        using var noGrad = no_grad();
        var module = Network();
        OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external with { Precision = precision });
        Assert.That(Files, Is.EqualTo(new[] { "m.onnx", "m.onnx.data" }));

        var input = Modules.Draw([3, 100], 1);
        var (expected, actual) = (module.call(input), OnnxFile.Run(_folder["m.onnx"], input).Single());

        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(tolerance * expected.abs().max().item<float>()));
    }

    [Test]
    public void Weights_UpToTheThreshold_StayInTheFile()
    {
        OnnxExporter.Export(Network(), zeros([1, 100]), _folder["m.onnx"], new() { ExternalDataThreshold = 40_600 });

        Assert.That(Files, Is.EqualTo(new[] { "m.onnx" }));
    }

    [Test]
    public void Model_OfTwoFiles_HasTheSameBytesTwice()
    {
        var module = Network();
        Directory.CreateDirectory(_folder["again"]);

        OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external);
        OnnxExporter.Export(module, zeros([3, 100]), Path.Combine(_folder["again"], "m.onnx"), _external);

        foreach (var name in new[] { "m.onnx", "m.onnx.data" })
            Assert.That(File.ReadAllBytes(Path.Combine(_folder["again"], name)), Is.EqualTo(File.ReadAllBytes(_folder[name])));
    }

    [Test]
    public void Export_OverAnOlderPair_ReplacesBoth()
    {
        File.WriteAllText(_folder["m.onnx"], "older");
        File.WriteAllText(_folder["m.onnx.data"], new string('x', 100_000));

        OnnxExporter.Export(Network(), zeros([1, 100]), _folder["m.onnx"], _external);

        Assert.That(Files, Is.EqualTo(new[] { "m.onnx", "m.onnx.data" }));
        Assert.That(new FileInfo(_folder["m.onnx.data"]).Length, Is.EqualTo(20480 + 20000));
    }

    [Test]
    public void Export_ThatIsRefused_LeavesWhatWasThere()
    {
        File.WriteAllText(_folder["m.onnx"], "older");
        File.WriteAllText(_folder["m.onnx.data"], "older data");

        Assert.That(() => OnnxExporter.Export(Network(), Modules.Draw([1, 100], 1), _folder["m.onnx"], _external with { Tolerance = 1e-12 }),
            Throws.TypeOf<ExportException>().With.Message.Contain("differs from the module's"));

        Assert.That(Files, Is.EqualTo(new[] { "m.onnx", "m.onnx.data" }));
        Assert.That((File.ReadAllText(_folder["m.onnx"]), File.ReadAllText(_folder["m.onnx.data"])), Is.EqualTo(("older", "older data")));
    }

    [Test]
    public void Export_WhereTheSecondFileCannotBe_LeavesNone()
    {
        Directory.CreateDirectory(_folder["m.onnx.data"]);

        Assert.That(() => OnnxExporter.Export(Network(), zeros([1, 100]), _folder["m.onnx"], _external),
            Throws.TypeOf<ExportException>().With.Message.StartsWith($"'{_folder["m.onnx"]}' can't be written: "));

        Assert.That(Files, Is.EqualTo(new[] { "m.onnx.data" }));
    }

    [TestCase(-1)]
    [TestCase(2_000_000_000)]
    public void Threshold_OutsideItsRange_IsRefused(long threshold) =>
        Assert.That(() => OnnxExporter.Export(Network(), zeros([1, 100]), _folder["m.onnx"], new() { ExternalDataThreshold = threshold }),
            Throws.TypeOf<ExportException>().With.Message.EqualTo($"The threshold for external data is {threshold}; 0 to 1900000000 bytes are needed."));
}
