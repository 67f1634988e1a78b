using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>MultiheadAttention and the transformers, with an open batch and open sequence lengths.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AttentionTests : IDisposable
{
    private const int Width = 8;

    private static readonly DynamicAxis[] _one = [new("L", 0), new("N", 1)];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static OnnxExportOptions Open(int inputs) =>
        new()
        {
            DynamicAxes = inputs == 1 ? _one
            : [new("L", 0, 0), new("N", 1), .. Enumerable.Range(1, inputs - 1).Select(i => new DynamicAxis("S", 0, i))]
        };

    private static Tensor[] QueryKeyValue(long length, long keys, long batch, int keyWidth, int seed) =>
        [Modules.Draw([length, batch, Width], seed), Modules.Draw([keys, batch, keyWidth], seed + 1),
            Modules.Draw([keys, batch, keyWidth], seed + 2)];

    [Test]
    public void Multihead_EverySetting([Values(1, 2, 4, 8)] int heads, [Values] bool bias, [Values] bool biasOfKeys, [Values] bool zeros,
        [Values(8, 6)] int keyWidth)
    {
        using var module = MultiheadAttention(Width, heads, 0, bias, biasOfKeys, zeros, keyWidth, keyWidth).Ready();

        OnnxExporter.Export(module, QueryKeyValue(3, 4, 2, keyWidth, 1), _folder["m.onnx"], Open(3));

        foreach (var (length, keys, batch) in new[] { (1L, 1L, 1L), (5, 2, 3), (2, 2, 2) })
            SequenceModules.AssertSame(module, _folder["m.onnx"], QueryKeyValue(length, keys, batch, keyWidth, 2));
    }

    [Test]
    public void Multihead_OfAnExampleThatTellsNothing_FindsTheHeads([Values(1, 2, 4, 8)] int heads)
    {
        using var module = MultiheadAttention(Width, heads).Ready();

        // One key: its weight is 1 for any number of heads.
        OnnxExporter.Export(module, QueryKeyValue(1, 1, 1, Width, 1), _folder["m.onnx"], Open(3));

        SequenceModules.AssertSame(module, _folder["m.onnx"], QueryKeyValue(3, 5, 2, Width, 2));
    }

    [Test]
    public void Multihead_OfSmallWeights_FindsTheHeads([Values(1, 2, 4, 8)] int heads)
    {
        using var module = MultiheadAttention(Width, heads).Ready();
        using (no_grad())
            module.state_dict()["in_proj_weight"].mul_(0.01);

        OnnxExporter.Export(module, QueryKeyValue(3, 4, 2, Width, 1), _folder["m.onnx"], Open(3));

        // Large inputs, on which the heads count.
        SequenceModules.AssertSame(module, _folder["m.onnx"], [.. QueryKeyValue(3, 5, 2, Width, 2).Select(x => x * 100)]);
    }

    private sealed class SelfAttention : TracedModule
    {
        private readonly MultiheadAttention _attention = MultiheadAttention(Width, 2);

        public SelfAttention() : base("SelfAttention") => RegisterComponents();

        public override TracedTensor forward(TracedTensor x) => x + _attention.call(x, x, x)[0];
    }

    [Test]
    public void Multihead_InACustomModule()
    {
        using var module = new SelfAttention().Ready();

        OnnxExporter.Export(module, Modules.Draw([3, 2, Width], 1), _folder["m.onnx"], Open(1));

        SequenceModules.AssertSame(module, _folder["m.onnx"], Modules.Draw([6, 4, Width], 2));
    }

    [Test]
    public void EncoderLayer_EverySetting([Values(1, 2, 8)] int heads, [Values] Activations activation, [Values(15, 17, 21)] int opset)
    {
        using var module = TransformerEncoderLayer(Width, heads, 12, 0.1, activation).Ready();
        Export(module, 1, opset);
    }

    [Test]
    public void Encoder_EverySetting([Values(1, 3)] int layers, [Values(2, 4)] int heads, [Values] Activations activation)
    {
        using var layer = TransformerEncoderLayer(Width, heads, 12, 0.1, activation);
        using var module = TransformerEncoder(layer, layers).Ready();
        Export(module, 1);
    }

    [Test]
    public void DecoderLayer_EverySetting([Values(1, 2, 8)] int heads, [Values] Activations activation, [Values(15, 17, 21)] int opset)
    {
        using var module = TransformerDecoderLayer(Width, heads, 12, 0.1, activation).Ready();
        Export(module, 2, opset);
    }

    [Test]
    public void Decoder_EverySetting([Values(1, 3)] int layers, [Values(2, 4)] int heads, [Values] Activations activation)
    {
        using var layer = TransformerDecoderLayer(Width, heads, 12, 0.1, activation);
        using var module = TransformerDecoder(layer, layers).Ready();
        Export(module, 2);
    }

    [Test]
    public void Transformer_EverySetting([Values(1, 2)] int encoders, [Values(1, 2)] int decoders, [Values(2, 4)] int heads,
        [Values] Activations activation)
    {
        using var module = Transformer(Width, heads, encoders, decoders, 12, 0.1, activation).Ready();
        Export(module, 2);
    }

    private void Export(Module module, int inputs, int opset = 17)
    {
        OnnxExporter.Export(module, Given(3, 4, 2, 1), _folder["m.onnx"], Open(inputs) with { Opset = opset });

        foreach (var (length, memory, batch) in new[] { (1L, 1L, 1L), (5, 2, 3) })
            SequenceModules.AssertSame(module, _folder["m.onnx"], Given(length, memory, batch, 2));

        Tensor[] Given(long length, long memory, long batch, int seed) => QueryKeyValue(length, memory, batch, Width, seed)[..inputs];
    }

    [Test]
    public void EncoderLayers_InASequential_KeepTheirNames()
    {
        using var module = Sequential(("block", TransformerEncoderLayer(Width, 2, 12)), ("act", ReLU())).Ready();

        OnnxExporter.Export(module, Modules.Draw([3, 2, Width], 1), _folder["m.onnx"], Open(1));

        SequenceModules.AssertSame(module, _folder["m.onnx"], Modules.Draw([5, 3, Width], 2));
        var graph = OnnxFile.Read(_folder["m.onnx"]).Graph;
        Assert.That(graph.Node.Select(n => n.Name),
            Is.SupersetOf(new[] { "block.self_attn.softmax", "block.norm1.layerNorm", "block.linear2.matMul" }));
        Assert.That(graph.Initializer.Select(i => i.Name), Is.SupersetOf(new[] { "block.linear1.bias", "block.self_attn.q_weight" }));
    }

    [Test]
    public void AModelOfUsualSize_IsWithinTolerance()
    {
        using var layer = TransformerEncoderLayer(256, 8, 1024, activation: Activations.GELU);
        using var module = TransformerEncoder(layer, 4);
        module.eval();

        OnnxExporter.Export(module, Modules.Draw([5, 2, 256], 1), _folder["m.onnx"], Open(1));

        SequenceModules.AssertSame(module, _folder["m.onnx"], Modules.Draw([20, 3, 256], 2));
    }

    private static IEnumerable<TestCaseData> Errors()
    {
        yield return Of("Two axes", TransformerEncoderLayer(Width, 2, 12), [[3, 8]],
            "The module is exported for [L, N, 8] but gets [3, 8]. Give an example of the module's input shape.");
        yield return Of("Other features", MultiheadAttention(Width, 2), [[3, 2, 6], [3, 2, 8], [3, 2, 8]],
            "The module is exported for [L, N, 8] but gets [3, 2, 6]. Give an example of the module's input shape.");
        yield return Of("A query alone", MultiheadAttention(Width, 2), [[3, 2, 8]],
            "The module can't run on [3, 2, 8]: MultiheadAttention takes no 1 tensor.");
        yield return Of("A mask for an encoder", TransformerEncoder(TransformerEncoderLayer(Width, 2, 12), 1), [[3, 2, 8], [3, 3]],
            "The module gets 2 inputs; a TransformerEncoder is exported for the source, without masks.");
        yield return Of("A mask for a decoder layer", TransformerDecoderLayer(Width, 2, 12), [[3, 2, 8], [4, 2, 8], [3, 3]],
            "The module gets 3 inputs; a TransformerDecoderLayer is exported for two sequences, without masks.");

        static TestCaseData Of(string name, Module module, long[][] shapes, string message)
        {
            module.eval();
            return new TestCaseData(module, shapes, message).SetArgDisplayNames(name);
        }
    }

    [TestCaseSource(nameof(Errors))]
    public void WhatCantBeExported_IsSaidInOneSentence(Module module, long[][] shapes, string message)
    {
        using (module)
            Assert.That(() => OnnxExporter.Export(module, [.. shapes.Select(s => zeros(s))], _folder["m.onnx"], new() { DynamicAxes = [] }),
                Throws.TypeOf<ExportException>().With.Message.EqualTo(message));
        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
    }
}
