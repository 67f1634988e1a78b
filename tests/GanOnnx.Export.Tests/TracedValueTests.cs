using System.Runtime.CompilerServices;
using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Export.Tests.Fixtures.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>A file has one path for all inputs: what would freeze the example's values into it is refused, by its line.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TracedValueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static readonly int _branch = Line() + 1;
    private static TracedTensor Branch(TracedTensor x) => x.sum([0, 1]).Tensor.item<float>() > -100 ? x * 2 : x * 3;

    private static readonly int _values = Line() + 1;
    private static TracedTensor Values(TracedTensor x) => x * x.Tensor.data<float>().ToArray().Max();

    private static readonly int _around = Line() + 1;
    private static TracedTensor Around(TracedTensor x) => x + x.Tensor.relu();

    private static readonly int _truth = Line() + 1;
    private static TracedTensor Truth(TracedTensor x) => (x.sum([0, 1]) > -100).Tensor.item<bool>() ? x * 2 : x * 3;

    private static readonly int _noise = Line() + 1;
    private static TracedTensor Noise(TracedTensor x) => x + randn(x.shape) * 1e-9;

    private static readonly int _coin = Line() + 3;
    private static TracedTensor Coin(TracedTensor x)
    {
        return rand(1).item<float>() > 2 ? x : x.relu();
    }

    private static readonly int _dropout = Line() + 1;
    private static TracedTensor Dropout(TracedTensor x) => x * functional.dropout(ones([3]), 1e-9, training: true);

    private static TestCaseData[] Reads() =>
    [
        Of(Branch, _branch), Of(Values, _values), Of(Around, _around), Of(Truth, _truth),
    ];

    private static TestCaseData[] Draws() => [Of(Noise, _noise), Of(Coin, _coin), Of(Dropout, _dropout)];

    private static TestCaseData Of(Func<TracedTensor, TracedTensor> forward, int line) =>
        new TestCaseData(forward, line).SetArgDisplayNames(forward.Method.Name);

    [TestCaseSource(nameof(Reads))]
    public void ValueThatIsRead_IsRefused_ByItsLine(Func<TracedTensor, TracedTensor> forward, int line)
    {
        using var module = Sequential(("gate", new Lambda(forward))).Ready();
        Assert.That(Refusal(module), Is.EqualTo(
            $"'gate' reads a value that depends on its input, at TracedValueTests.cs, line {line}. A file has one path for all inputs, "
            + "and what is read would be the example's. Choose between two values with where, or read it with AsConstant if it is the "
            + "same for every input."));
    }

    [TestCaseSource(nameof(Reads))]
    public void ValueThatIsRead_IsThereOutsideAnExport(Func<TracedTensor, TracedTensor> forward, int line)
    {
        using var module = new Lambda(forward).Ready();
        Assert.That(module.call(ones([1, 3])).shape, Is.EqualTo([1L, 3]));
    }

    [TestCaseSource(nameof(Draws))]
    public void RandomNumbers_AreNamedAsSuch_ByTheLine(Func<TracedTensor, TracedTensor> forward, int line)
    {
        using var module = Sequential(("gate", new Lambda(forward))).Ready();
        Assert.That(Refusal(module), Is.EqualTo(
            $"'gate' draws random numbers in its forward, at TracedValueTests.cs, line {line} or before. A file gives the same for the "
            + "same input. Take them as an input, or draw them once, in the constructor."));
    }

    [Test]
    public void RandomNumbers_ThatOnlyChooseABranch_AreNamedAsSuch()
    {
        using var module = Sequential(("gate", new Lambda(x => rand(1).item<float>() > 2 ? x.relu() : x))).Ready();
        Assert.That(Refusal(module), Does.StartWith("'gate' draws random numbers in its forward, at "));
    }

    [Test]
    public void RandomNumbers_OfAModuleWhoseTraceIsGiven_AreNamedAsSuch()
    {
        using var module = Sequential(("noisy", new Noisy())).Ready();
        var options = new OnnxExportOptions
        {
            Traces = new Dictionary<Type,
            ModuleTrace>
            { [typeof(Noisy)] = (_, inputs) => [inputs[0] * 1] }
        };
        Assert.That(Refusal(module, options), Does.StartWith("'noisy' draws random numbers in its forward, at "));
    }

    [Test]
    public void RandomNumbers_OfAnotherGenerator_AreNamedAsSuch()
    {
        var random = new Random(1);
        using var module = new Lambda(x => x * random.NextDouble()).Ready();
        Assert.That(Refusal(module), Does.EndWith("so no file is written. The module's own values are others each time that it runs on "
            + "the same input: it draws random numbers or remembers something."));
    }

    [Test]
    public void Tracing_LeavesTheGeneratorAlone()
    {
        using var module = new Lambda(x => x * 2).Ready();
        manual_seed(5);
        var expected = rand(3).data<float>().ToArray();
        manual_seed(5);
        OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"]);
        Assert.That(rand(3).data<float>().ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void ValueThatTheCallerSaysIsConstant_IsRead()
    {
        using var module = new Lambda(x => x.AsConstant().dtype == float32 ? x * 2 : x * 3).Ready();
        OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"]);
        Assert.That(OnnxFile.Run(_folder["m.onnx"], ones([1, 3])).Single().data<float>().ToArray(), Is.All.EqualTo(2));
    }

    [Test]
    public void ValueOfAConstant_IsRead()
    {
        var scale = nn.Parameter(full([3], 2.0));
        using var module = new Lambda(x =>
        {
            TracedTensor own = scale;
            return own.square().Tensor.sum().item<float>() > 0 ? x * 2 : x * 3;
        }).Ready();
        OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"]);
        Assert.That(OnnxFile.Run(_folder["m.onnx"], ones([1, 3])).Single().data<float>().ToArray(), Is.All.EqualTo(2));
    }

    [TestCase(Precision.Float32)]
    [TestCase(Precision.Float16)]
    public void Where_TakesTheRightSideForEveryInput(Precision precision)
    {
        using var module = new Lambda(x => (x * 2).where(x.sum([1], keepdim: true) > 0, 1 - x)).Ready();
        OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"], new() { Precision = precision });

        var inputs = Modules.Draw([100, 3], 5);
        var sums = inputs.sum([1L], true);
        // Sums that are near 0 may fall on the other side in half precision.
        var clear = sums.abs().gt(0.01).squeeze(1);
        var (actual, expected) = (OnnxFile.Run(_folder["m.onnx"], inputs).Single(), module.call(inputs));
        Assert.That((actual - expected)[clear].abs().max().item<float>(), Is.LessThan(precision == Precision.Float32 ? 1e-6 : 5e-3));
        Assert.That(sums.gt(0).sum().item<long>(), Is.InRange(20, 80), "both sides are taken");
    }

    private static readonly Tensor _constant = tensor(new long[] { 1, 2, 3 }).DetachFromDisposeScope();
    private static readonly Tensor _double = tensor(new[] { 0.5, 1.5, 2.5 }).DetachFromDisposeScope();

    private static readonly (string Name, Func<TracedTensor, TracedTensor> Forward)[] _mixed =
    [
        ("x + 2", x => x + 2), ("2 + x", x => 2 + x), ("x + 0.5", x => x + 0.5), ("0.5f + x", x => 0.5f + x),
        ("x - 2", x => x - 2), ("2 - x", x => 2 - x), ("0.5 - x", x => 0.5 - x), ("x - 2L", x => x - 2L),
        ("x * 3", x => x * 3), ("3 * x", x => 3 * x), ("0.5 * x", x => 0.5 * x),
        ("x / 4", x => x / 4), ("1 / x", x => 1 / x), ("0.5 / x", x => 0.5 / x),
        ("x > 2", x => x > 2), ("2 > x", x => 2 > x), ("x > 2.5", x => x > 2.5), ("x >= 2", x => x >= 2), ("2 >= x", x => 2 >= x),
        ("x < 2", x => x < 2), ("2 < x", x => 2 < x), ("2.5 < x", x => 2.5 < x), ("x <= 2", x => x <= 2), ("2 <= x", x => 2 <= x),
        ("x == 2", x => x == 2), ("2 == x", x => 2 == x), ("x != 2", x => x != 2), ("2 != x", x => 2 != x),
        ("x == y", x => x == _constant), ("x != y", x => x != _constant),
        ("x + y", x => x + _constant), ("y + x", x => _constant + x), ("x - y", x => x - _constant), ("y - x", x => _constant - x),
        ("x * y", x => x * _constant), ("y * x", x => _constant * x), ("x / y", x => x / _constant), ("y / x", x => _constant / x),
        ("x > y", x => x > _constant), ("y > x", x => _constant > x), ("x >= y", x => x >= _constant), ("y >= x", x => _constant >= x),
        ("x < y", x => x < _constant), ("y < x", x => _constant < x), ("x <= y", x => x <= _constant), ("y <= x", x => _constant <= x),
        ("x > double y", x => x > _double), ("double y <= x", x => _double <= x), ("maximum(y)", x => x.maximum(_constant)),
        ("minimum(y)", x => x.minimum(_constant)),
        ("x ** 2", x => x.pow(2)), ("truth * x", x => (x > 2) * x), ("truth.where", x => x.where(x > 2, _constant)),
    ];

    [Test]
    public void Operators_OfNumbersAndTensors_GiveTorchSharpsValues([ValueSource(nameof(MixedNames))] string name, [Values] bool integers)
    {
        var forward = _mixed.Single(m => m.Name == name).Forward;
        using var module = new Lambda(x => forward(x) + 0f).Ready();
        var inputs = tensor(new float[] { 1, 2, 3, 4, 5, 6, 3, 2, 1 }, [3, 3]).to(integers ? int64 : float32);

        OnnxExporter.Export(module, inputs, _folder["m.onnx"]);

        var (actual, expected) = (OnnxFile.Run(_folder["m.onnx"], inputs).Single(), module.call(inputs));
        Assert.That(actual.dtype, Is.EqualTo(expected.dtype));
        Assert.That(actual.to(float64).data<double>().ToArray(), Is.EqualTo(expected.to(float64).data<double>().ToArray()).Within(1e-6));
    }

    private static IEnumerable<string> MixedNames() => _mixed.Select(m => m.Name);

    private static int Line([CallerLineNumber] int line = 0) => line;

    private string Refusal(nn.Module module, OnnxExportOptions? options = null)
    {
        var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(module, [ones([1, 3])], _folder["m.onnx"], options))!;
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
        return error.Message;
    }

    private sealed class Noisy() : Module<Tensor, Tensor>(nameof(Noisy))
    {
        public override Tensor forward(Tensor input) => input + randn(input.shape) * 1e-9;
    }
}
