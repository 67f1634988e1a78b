using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>RNN, LSTM, GRU and their cells, with an open batch and an open sequence length.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RecurrentTests : IDisposable
{
    private const int Inputs = 3, Hidden = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    public enum Kind { RnnTanh, RnnRelu, Lstm, Gru }

    private static Module Create(Kind kind, long layers = 1, bool bias = true, bool batchFirst = false, bool bidirectional = false) =>
        Modules.Ready<Module>(kind switch
        {
            Kind.RnnTanh => RNN(Inputs, Hidden, layers, NonLinearities.Tanh, bias, batchFirst, 0, bidirectional),
            Kind.RnnRelu => RNN(Inputs, Hidden, layers, NonLinearities.ReLU, bias, batchFirst, 0, bidirectional),
            Kind.Lstm => LSTM(Inputs, Hidden, layers, bias, batchFirst, 0, bidirectional),
            _ => GRU(Inputs, Hidden, layers, bias, batchFirst, 0, bidirectional),
        });

    private static OnnxExportOptions Open(bool batchFirst, params DynamicAxis[] more) =>
        new() { DynamicAxes = [new("T", batchFirst ? 1 : 0, 0), new("N", batchFirst ? 0 : 1, 0), .. more] };

    private static Tensor Sequence(long length, long batch, bool batchFirst, int seed = 1) =>
        Modules.Draw(batchFirst ? [batch, length, Inputs] : [length, batch, Inputs], seed);

    [Test]
    public void EverySetting_WithOpenAxes([Values] Kind kind, [Values(1, 2)] int layers, [Values] bool bias, [Values] bool batchFirst,
        [Values] bool bidirectional)
    {
        using var module = Create(kind, layers, bias, batchFirst, bidirectional);

        OnnxExporter.Export(module, Sequence(3, 2, batchFirst), _folder["m.onnx"], Open(batchFirst));

        foreach (var (length, batch) in new[] { (1L, 1L), (5, 3), (3, 3) })
            SequenceModules.AssertSame(module, _folder["m.onnx"], Sequence(length, batch, batchFirst, seed: 2));
    }

    [Test]
    public void FirstStates_AreInputs([Values] Kind kind, [Values(1, 2)] int layers, [Values] bool batchFirst, [Values] bool bidirectional)
    {
        using var module = Create(kind, layers, batchFirst: batchFirst, bidirectional: bidirectional);
        var states = kind == Kind.Lstm ? 2 : 1;

        OnnxExporter.Export(module, Given(3, 2, 1), _folder["m.onnx"],
            Open(batchFirst, [.. Enumerable.Range(1, states).Select(i => new DynamicAxis("N", 1, i))]));

        foreach (var (length, batch) in new[] { (1L, 1L), (4, 3) })
            SequenceModules.AssertSame(module, _folder["m.onnx"], Given(length, batch, 2));

        Tensor[] Given(long length, long batch, int seed) =>
        [
            Sequence(length, batch, batchFirst, seed),
            .. Enumerable.Range(1, states).Select(i => Modules.Draw([layers * (bidirectional ? 2 : 1), batch, Hidden], seed + i)),
        ];
    }

    [Test]
    public void EveryOpset([Values] Kind kind, [Values(15, 17, 21)] int opset)
    {
        using var module = Create(kind, 2, bidirectional: true);

        OnnxExporter.Export(module, Sequence(3, 2, false), _folder["m.onnx"], Open(false) with { Opset = opset });

        Assert.That(OnnxFile.Read(_folder["m.onnx"]).OpsetImport.Single().Version, Is.EqualTo(opset));
        SequenceModules.AssertSame(module, _folder["m.onnx"], Sequence(5, 3, false));
    }

    [Test]
    public void ABatchAsLongAsTheSequence_IsNotMistakenForIt([Values] Kind kind, [Values] bool batchFirst)
    {
        using var module = Create(kind, batchFirst: batchFirst);

        OnnxExporter.Export(module, Sequence(3, 3, batchFirst), _folder["m.onnx"], new() { DynamicAxes = [] });

        SequenceModules.AssertSame(module, _folder["m.onnx"], Sequence(3, 3, batchFirst, seed: 2));
    }

    [Test]
    public void DropoutBetweenLayers_DropsNothing()
    {
        using var module = LSTM(Inputs, Hidden, 2, dropout: 0.5).Ready();

        OnnxExporter.Export(module, Sequence(3, 2, false), _folder["m.onnx"], Open(false));

        SequenceModules.AssertSame(module, _folder["m.onnx"], Sequence(4, 3, false));
    }

    [TestCase(1e-6)]
    [TestCase(0)]
    public void AnRnn_OfWeightsNearZero_IsExported(double scale)
    {
        using var module = Create(Kind.RnnRelu, 2);
        using (no_grad())
            foreach (var parameter in module.parameters())
                parameter.mul_(scale);

        OnnxExporter.Export(module, Sequence(3, 2, false), _folder["m.onnx"], Open(false));

        SequenceModules.AssertSame(module, _folder["m.onnx"], Sequence(4, 3, false));
    }

    [Test]
    public void ManyFeatures_StayWithinTolerance([Values(Kind.RnnTanh, Kind.Lstm, Kind.Gru)] Kind kind)
    {
        using var module = (kind switch { Kind.Lstm => (Module)LSTM(64, 96), Kind.Gru => GRU(64, 96), _ => RNN(64, 96) });
        module.eval();

        OnnxExporter.Export(module, Modules.Draw([3, 2, 64], 1), _folder["m.onnx"], Open(false));

        SequenceModules.AssertSame(module, _folder["m.onnx"], Modules.Draw([10, 3, 64], 2));
    }

    [Test]
    public void Cells([Values] Kind kind, [Values] bool bias) => ExportCell(kind, bias, states: kind == Kind.Lstm ? 2 : 1);

    // TorchSharp's LSTMCell can't be called without its states.
    [Test]
    public void Cells_WithoutStates([Values(Kind.RnnTanh, Kind.RnnRelu, Kind.Gru)] Kind kind, [Values] bool bias) =>
        ExportCell(kind, bias, states: 0);

    private void ExportCell(Kind kind, bool bias, int states)
    {
        using var module = Modules.Ready<Module>(kind switch
        {
            Kind.RnnTanh => RNNCell(Inputs, Hidden, NonLinearities.Tanh, bias),
            Kind.RnnRelu => RNNCell(Inputs, Hidden, NonLinearities.ReLU, bias),
            Kind.Lstm => LSTMCell(Inputs, Hidden, bias),
            _ => GRUCell(Inputs, Hidden, bias),
        });

        OnnxExporter.Export(module, Given(2, 1), _folder["m.onnx"]);

        foreach (var batch in new[] { 1, 5 })
            SequenceModules.AssertSame(module, _folder["m.onnx"], Given(batch, 2));

        Tensor[] Given(long batch, int seed) =>
            [Modules.Draw([batch, Inputs], seed), .. Enumerable.Range(1, states).Select(i => Modules.Draw([batch, Hidden], seed + i))];
    }

    private sealed class Classifier : TracedModule
    {
        private readonly LSTM _lstm;
        private readonly Linear _head = Linear(2 * Hidden, 5);
        private readonly bool _batchFirst;

        public Classifier(bool batchFirst) : base("Classifier")
        {
            (_lstm, _batchFirst) = (LSTM(Inputs, Hidden, 2, batchFirst: batchFirst, bidirectional: true), batchFirst);
            RegisterComponents();
        }

        // The output after the last step.
        public override TracedTensor forward(TracedTensor x) => _head.call(_lstm.call(x)[0].select(_batchFirst ? 1 : 0, -1));
    }

    [Test]
    public void AClassifier_OfSequencesOfAnyLength([Values] bool batchFirst)
    {
        using var module = new Classifier(batchFirst).Ready();

        OnnxExporter.Export(module, Sequence(3, 2, batchFirst), _folder["m.onnx"], Open(batchFirst));

        foreach (var (length, batch) in new[] { (1L, 1L), (7, 4) })
            SequenceModules.AssertSame(module, _folder["m.onnx"], Sequence(length, batch, batchFirst, seed: 2));
        Assert.That(OnnxFile.Read(_folder["m.onnx"]).Graph.Node.Select(n => n.Name)
            .Where(n => n.StartsWith("_lstm", StringComparison.Ordinal)), Is.Not.Empty);
    }

    private sealed class Decoder : TracedModule
    {
        private readonly LSTMCell _cell = LSTMCell(Inputs, Inputs);

        public Decoder() : base("Decoder") => RegisterComponents();

        // Three steps, each on the one before.
        public override TracedTensor forward(TracedTensor x)
        {
            IReadOnlyList<TracedTensor> state = [x, x];
            for (var i = 0; i < 3; i++)
                state = _cell.call(state[0], state[0], state[1]);
            return state[0];
        }
    }

    [Test]
    public void ACellThatIsCalledSeveralTimes_KeepsItsState()
    {
        using var module = new Decoder().Ready();

        OnnxExporter.Export(module, Modules.Draw([2, Inputs], 1), _folder["m.onnx"]);

        SequenceModules.AssertSame(module, _folder["m.onnx"], Modules.Draw([5, Inputs], 2));
    }

    [Test]
    public void Exporting_LeavesTheRandomStateAlone()
    {
        using var module = Create(Kind.RnnRelu);
        manual_seed(1);
        var expected = rand(3).data<float>().ToArray();
        manual_seed(1);

        OnnxExporter.Export(module, Sequence(3, 2, false), _folder["m.onnx"], Open(false));

        Assert.That(rand(3).data<float>().ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void AStateOfAnotherSize_IsRefusedInLibtorchsWords()
    {
        using var module = Create(Kind.Gru);
        Assert.That(() => OnnxExporter.Export(module, [zeros(5, 2, 3), zeros(1, 2, 5)], _folder["m.onnx"], new() { DynamicAxes = [] }),
            Throws.TypeOf<ExportException>().With.Message.StartsWith("The module can't run on [5, 2, 3], [1, 2, 5]: "));
    }

    private static IEnumerable<TestCaseData> Errors()
    {
        yield return Of("Two axes", Create(Kind.Lstm), [[5, 3]],
            "The module is exported for [T, N, 3] but gets [5, 3]. Give an example of the module's input shape.");
        yield return Of("Two axes, batch first", Create(Kind.Gru, batchFirst: true), [[5, 3]],
            "The module is exported for [N, T, 3] but gets [5, 3]. Give an example of the module's input shape.");
        yield return Of("Other features", Create(Kind.RnnTanh), [[5, 2, 4]],
            "The module is exported for [T, N, 3] but gets [5, 2, 4]. Give an example of the module's input shape.");
        yield return Of("One axis for a cell", GRUCell(3, 4).Ready(), [[3]],
            "The module is exported for [N, 3] but gets [3]. Give an example of the module's input shape.");
        yield return Of("One state of two", Create(Kind.Lstm), [[5, 2, 3], [1, 2, 4]],
            "The module can't run on [5, 2, 3], [1, 2, 4]: LSTM takes no 2 tensors.");

        static TestCaseData Of(string name, Module module, long[][] shapes, string message) =>
            new TestCaseData(module, shapes, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Errors))]
    public void WhatCantRun_IsSaidInOneSentence(Module module, long[][] shapes, string message)
    {
        using (module)
            Assert.That(() => OnnxExporter.Export(module, [.. shapes.Select(s => zeros(s))], _folder["m.onnx"], new() { DynamicAxes = [] }),
                Throws.TypeOf<ExportException>().With.Message.EqualTo(message));
        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
    }
}
