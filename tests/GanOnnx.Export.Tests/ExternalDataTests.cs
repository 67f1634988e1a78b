using System.Security.Cryptography;
using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Onnx;
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
    private static Module<Tensor, Tensor> Network() =>
        Sequential(("wide", Linear(100, 50)), ("act", Tanh()), ("back", Linear(50, 100))).Ready();

    /// <summary>The second file's name.</summary>
    private string Data => Files.Single(f => f.EndsWith(".data", StringComparison.Ordinal));

    private string[] Files => [.. Directory.GetFileSystemEntries(_folder.Path).Select(f => Path.GetFileName(f)!)
        .Order(StringComparer.Ordinal)];

    [Test]
    public void LargeWeights_AreInTheSecondFile_PageByPage()
    {
        var module = Network();

        var result = OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external);

        Assert.That(Files, Is.EqualTo(new[] { Data, "m.onnx" }));
        Assert.That(Data, Is.EqualTo($"m-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder[Data])))[..16]}.data"));
        Assert.That(result.FileSize, Is.EqualTo(Files.Sum(f => new FileInfo(_folder[f]).Length)));
        var weights = OnnxFile.Read(_folder["m.onnx"]).Graph.Initializer;
        Assert.That(weights.Select(w => (w.Name, w.RawData.Length, Text(w))), Is.EquivalentTo(new[]
        {
            ("wide.weight", 0, $"location {Data}, offset 0, length 20000"), ("wide.bias", 200, ""),
            ("back.weight", 0, $"location {Data}, offset 20480, length 20000"), ("back.bias", 400, ""),
        }));
        Assert.That(File.ReadAllBytes(_folder[Data])[20480..],
            Is.EqualTo(((TorchSharp.Modules.Linear)module.children().Last()).weight.bytes.ToArray()));
    }

    private static string Text(TensorProto weight) => string.Join(", ", weight.ExternalData.Select(e => $"{e.Key} {e.Value}"));

    [TestCase(Precision.Float32, 1e-5)]
    [TestCase(Precision.Float16, 1e-2)]
    public void Model_OfTwoFiles_GivesTheModulesOutput(Precision precision, double tolerance)
    {
        using var noGrad = no_grad();
        var module = Network();
        OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external with { Precision = precision });
        Assert.That(Files, Is.EqualTo(new[] { Data, "m.onnx" }));

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

        foreach (var name in new[] { "m.onnx", Data })
            Assert.That(File.ReadAllBytes(Path.Combine(_folder["again"], name)), Is.EqualTo(File.ReadAllBytes(_folder[name])));
    }

    [Test]
    public void Export_OverAnOlderPair_ReplacesBoth()
    {
        var module = Network();
        OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external);
        var older = Data;
        using (no_grad())
            ((TorchSharp.Modules.Linear)module.children().Last()).weight.mul_(2);

        OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external);

        Assert.That(Files, Is.EqualTo(new[] { Data, "m.onnx" }).And.None.EqualTo(older));
        Assert.That(new FileInfo(_folder[Data]).Length, Is.EqualTo(20480 + 20000));
    }

    /// <summary>What a killed export leaves is the older model beside newer data, or the newer beside older: each has its own
    /// weights.</summary>
    [Test]
    public void OlderModel_BesideNewerData_StillHasItsOwnWeights()
    {
        using var noGrad = no_grad();
        var (older, newer, input) = (Network(), Network(), Modules.Draw([3, 100], 1));
        ((TorchSharp.Modules.Linear)newer.children().Last()).weight.mul_(-2);
        OnnxExporter.Export(older, zeros([1, 100]), _folder["m.onnx"], _external);
        File.Copy(_folder["m.onnx"], _folder["older.onnx"]);

        OnnxExporter.Export(newer, zeros([1, 100]), _folder["m.onnx"], _external);

        foreach (var (name, module) in new[] { ("older.onnx", older), ("m.onnx", newer) })
            Assert.That((OnnxFile.Run(_folder[name], input).Single() - module.call(input)).abs().max().item<float>(), Is.LessThan(1e-5),
                name);
    }

    [Test]
    public void Export_OverFilesOfOthers_LeavesTheirData()
    {
        File.WriteAllText(_folder["m.onnx"], "older");
        File.WriteAllText(_folder["m.onnx.data"], "older data");

        OnnxExporter.Export(Network(), zeros([1, 100]), _folder["m.onnx"], _external);

        Assert.That(File.ReadAllText(_folder["m.onnx.data"]), Is.EqualTo("older data"));
        Assert.That(OnnxFile.Run(_folder["m.onnx"], zeros([1, 100])).Single().shape, Is.EqualTo(new long[] { 1, 100 }));
    }

    /// <summary>Names that an export took for its own until version 0.2.</summary>
    [Test]
    public void Export_BesideFilesWithTemporaryNames_LeavesThem([Values(false, true)] bool external)
    {
        Directory.CreateDirectory(_folder["m.onnx.tmp"]);
        File.WriteAllText(_folder["m.onnx.tmp/mine"], "mine");
        File.WriteAllText(_folder["n.onnx.tmp"], "mine");
        var options = external ? _external : new();

        OnnxExporter.Export(Network(), zeros([1, 100]), _folder["m.onnx"], options);
        OnnxExporter.Export(Network(), zeros([1, 100]), _folder["n.onnx"], options);

        Assert.That((File.ReadAllText(_folder["m.onnx.tmp/mine"]), File.ReadAllText(_folder["n.onnx.tmp"])), Is.EqualTo(("mine", "mine")));
        Assert.That(Files.Where(f => !f.EndsWith(".data", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "m.onnx", "m.onnx.tmp", "n.onnx", "n.onnx.tmp" }));
    }

    [Test]
    public void Export_ThatIsRefused_LeavesWhatWasThere()
    {
        File.WriteAllText(_folder["m.onnx"], "older");
        File.WriteAllText(_folder["m.onnx.data"], "older data");

        Assert.That(() => OnnxExporter.Export(Network(), Modules.Draw([1, 100], 1), _folder["m.onnx"],
            _external with { Tolerance = 1e-12 }),
            Throws.TypeOf<ExportException>().With.Message.Contain("differs from the module's"));

        Assert.That(Files, Is.EqualTo(new[] { "m.onnx", "m.onnx.data" }));
        Assert.That((File.ReadAllText(_folder["m.onnx"]), File.ReadAllText(_folder["m.onnx.data"])), Is.EqualTo(("older", "older data")));
    }

    [Test]
    public void Export_WhereTheSecondFileCannotBe_LeavesNone()
    {
        var module = Network();
        Directory.CreateDirectory(_folder["name"]);
        OnnxExporter.Export(module, zeros([1, 100]), _folder["name/m.onnx"], _external);
        var data = Path.GetFileName(Directory.GetFiles(_folder["name"], "*.data").Single());
        Directory.CreateDirectory(_folder[data]);

        Assert.That(() => OnnxExporter.Export(module, zeros([1, 100]), _folder["m.onnx"], _external),
            Throws.TypeOf<ExportException>().With.Message.StartsWith($"'{_folder["m.onnx"]}' can't be written: "));

        Assert.That(Files, Is.EqualTo(new[] { data, "name" }));
    }

    [TestCase(-1)]
    [TestCase(2_000_000_000)]
    public void Threshold_OutsideItsRange_IsRefused(long threshold) =>
        Assert.That(() => OnnxExporter.Export(Network(), zeros([1, 100]), _folder["m.onnx"], new() { ExternalDataThreshold = threshold }),
            Throws.TypeOf<ExportException>().With.Message.EqualTo(
                $"The threshold for external data is {threshold}; 0 to 1900000000 bytes are needed."));
}
