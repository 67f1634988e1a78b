using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>The modules that libtorch runs itself: all that C# knows of them are their parameters.</summary>
public sealed class OpaqueModuleTests
{
    private const string Attention = "in_proj_weight:12x4 in_proj_bias:12 out_proj.weight:4x4 out_proj.bias:4";
    private const string Encoder =
        "self_attn.in_proj_weight:12x4 self_attn.in_proj_bias:12 self_attn.out_proj.weight:4x4 self_attn.out_proj.bias:4 " +
        "linear1.weight:6x4 linear1.bias:6 linear2.weight:4x6 linear2.bias:4 norm1.weight:4 norm1.bias:4 norm2.weight:4 norm2.bias:4";

    private static IEnumerable<TestCaseData> Parameters()
    {
        yield return Of("RNN", () => RNN(4, 3), "weight_ih_l0:3x4 weight_hh_l0:3x3 bias_ih_l0:3 bias_hh_l0:3");
        yield return Of("GRU of two layers, without bias", () => GRU(4, 3, 2, bias: false), "weight_ih_l0:9x4 weight_hh_l0:9x3 weight_ih_l1:9x3 weight_hh_l1:9x3");
        yield return Of("LSTM both ways", () => LSTM(4, 3, bidirectional: true),
            "weight_ih_l0:12x4 weight_hh_l0:12x3 bias_ih_l0:12 bias_hh_l0:12 " +
            "weight_ih_l0_reverse:12x4 weight_hh_l0_reverse:12x3 bias_ih_l0_reverse:12 bias_hh_l0_reverse:12");
        yield return Of("RNNCell", () => RNNCell(4, 3), "weight_ih:3x4 weight_hh:3x3 bias_ih:3 bias_hh:3");
        yield return Of("GRUCell", () => GRUCell(4, 3, bias: false), "weight_ih:9x4 weight_hh:9x3");
        yield return Of("LSTMCell", () => LSTMCell(4, 3), "weight_ih:12x4 weight_hh:12x3 bias_ih:12 bias_hh:12");
        yield return Of("MultiheadAttention", () => MultiheadAttention(4, 2), Attention);
        yield return Of("MultiheadAttention of other sizes", () => MultiheadAttention(4, 2, bias: false, add_bias_kv: true, kdim: 3, vdim: 5),
            "q_proj_weight:4x4 k_proj_weight:4x3 v_proj_weight:4x5 bias_k:1x1x4 bias_v:1x1x4 out_proj.weight:4x4");
        yield return Of("TransformerEncoderLayer", () => TransformerEncoderLayer(4, 2, 6), Encoder);
        yield return Of("TransformerEncoder", () => TransformerEncoder(TransformerEncoderLayer(4, 2, 6), 1), "layers.0." + Encoder.Replace(" ", " layers.0.", StringComparison.Ordinal));
        yield return Of("Embedding", () => Embedding(5, 3), "weight:5x3");
        yield return Of("EmbeddingBag", () => EmbeddingBag(5, 3), "weight:5x3");

        static TestCaseData Of(string name, Func<Module> create, string parameters) => new TestCaseData(create, parameters).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Parameters))]
    public void NamedParameters_AreTheNativeModulesOwn_AndItHasNoChildren(Func<Module> create, string parameters)
    {
        using var module = create();

        Assert.That(module.named_parameters().Select(p => $"{p.name}:{string.Join('x', p.parameter.shape)}"), Is.EquivalentTo(parameters.Split(' ')));
        Assert.That(module.state_dict().Keys, Is.EqualTo(module.named_parameters().Select(p => p.name)));
        Assert.That(module.named_children().ToArray(), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Types() =>
        new[] { typeof(RNN), typeof(GRU), typeof(LSTM), typeof(MultiheadAttention), typeof(TransformerEncoderLayer), typeof(TransformerEncoder), typeof(TransformerDecoder), typeof(Transformer) }
            .Select(type => new TestCaseData(type));

    [TestCaseSource(nameof(Types))]
    public void Type_TellsNoneOfItsSettings(Type type) =>
        Assert.That(type.GetProperties().Where(p => p.DeclaringType == type), Is.Empty);

    [Test]
    public void Parameters_BelongToTheScopeTheModuleIsMadeIn()
    {
        LSTM module;
        using (NewDisposeScope())
        {
            module = LSTM(2, 2);
            Assert.That(module.named_parameters().Count(), Is.EqualTo(4));
        }

        Assert.That(module.named_parameters(), Is.Empty, "the wrappers are gone");
        Assert.That(Values.Of(module.call(ones([3, 1, 2])).Item1), Has.Length.EqualTo(6), "the module is not");
        module.Dispose();
    }

    [Test]
    public void Embedding_FromPretrained_LooksUpItsWeightAndListsAnother()
    {
        using var scope = NewDisposeScope();
        using var module = Embedding_from_pretrained(Values.Wave([4, 3]));

        Assert.That(Values.Of(module.weight!), Is.EqualTo(Values.Of(Values.Wave([4, 3]))));
        Assert.That(Values.Of(module.call(tensor(new long[] { 2 }))), Is.EqualTo(Values.Of(Values.Wave([4, 3]))[6..9]));
        Assert.That(Values.Of(module.named_parameters().Single().parameter), Is.Not.EqualTo(Values.Of(module.weight!)));
    }

    [Test]
    public void Cells_GiveTheirWeights()
    {
        using var scope = NewDisposeScope();
        using var module = GRUCell(4, 3);

        Assert.That(Values.Of(module.bias_hh!), Is.EqualTo(Values.Of(module.named_parameters().Single(p => p.name == "bias_hh").parameter)));
    }

    [Test]
    public void Rnn_GivesTheWeightsOfALayer()
    {
        using var scope = NewDisposeScope();
        using var module = RNN(4, 3, 2);

        Assert.That(Values.Of(module.get_weight_hh(1)!), Is.EqualTo(Values.Of(module.named_parameters().Single(p => p.name == "weight_hh_l1").parameter)));
    }

    [Test]
    public void Attention_WithoutNeedOfWeights_GivesAnEmptyTensor()
    {
        using var scope = NewDisposeScope();
        using var module = MultiheadAttention(4, 2);
        var input = Values.Wave([3, 2, 4]);

        Assert.That(module.call(input, input, input, need_weights: false).Item2.IsInvalid, Is.True);
    }

    /// <summary>libtorch's C++ adds the mask as it is, where Python's PyTorch takes True for −∞.</summary>
    [Test]
    public void Attention_MaskOfTruthValues_IsAdded()
    {
        using var scope = NewDisposeScope();
        using var module = MultiheadAttention(4, 2);
        var input = Values.Wave([3, 2, 4]);
        var mask = ones(3, 3).triu(1);

        Assert.That(Values.Of(module.call(input, input, input, attn_mask: mask.@bool()).Item1),
            Is.EqualTo(Values.Of(module.call(input, input, input, attn_mask: mask).Item1)).Within(1e-6));
    }

    [Test]
    public void Eval_ReachesTheNativeModule()
    {
        using var scope = NewDisposeScope();
        using var module = TransformerEncoderLayer(4, 2, 6, dropout: 0.5);
        var input = Values.Wave([5, 2, 4]);

        var trained = Values.Of(module.call(input));
        module.eval();

        Assert.That(module.training, Is.False);
        var evaluated = Values.Of(module.call(input));
        Assert.That(evaluated, Is.Not.EqualTo(trained));
        Assert.That(Values.Of(module.call(input)), Is.EqualTo(evaluated));
    }

    [Test]
    public void Parameters_SetFromOutside_AreTheNativeModules()
    {
        using var scope = NewDisposeScope();
        using var first = LSTM(4, 3);
        using var second = LSTM(4, 3);
        second.load_state_dict(first.state_dict());

        Assert.That(Values.Of(second.call(Values.Wave([5, 2, 4])).Item1), Is.EqualTo(Values.Of(first.call(Values.Wave([5, 2, 4])).Item1)));
    }

    [Test]
    public void Backward_ReachesTheNativeParameters()
    {
        using var scope = NewDisposeScope();
        using var module = GRU(4, 3);

        module.call(Values.Wave([5, 2, 4])).Item1.sum().backward();

        Assert.That(module.parameters().All(p => Values.Of(p.grad!).Any(g => g != 0)));
    }

    private static IEnumerable<TestCaseData> WrongBags()
    {
        yield return Of("one axis without offsets", bag => bag.call(tensor(new long[] { 1, 2 })));
        yield return Of("two axes with offsets", bag => bag.call(tensor(new long[] { 1, 2 }, [1, 2]), tensor(new long[] { 0 })));
        yield return Of("other types", bag => bag.call(tensor(new long[] { 1, 2 }), tensor(new[] { 0 })));
        yield return Of("no indices", bag => bag.call(tensor(new float[] { 1, 2 }), tensor(new float[] { 0 })));

        static TestCaseData Of(string name, Func<EmbeddingBag, Tensor> mistake) => new TestCaseData(mistake).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(WrongBags))]
    public void EmbeddingBag_WrongInput_IsAnArgumentException(Func<EmbeddingBag, Tensor> mistake)
    {
        using var scope = NewDisposeScope();
        using var bag = EmbeddingBag(5, 3);

        Assert.That(() => mistake(bag), Throws.ArgumentException);
    }
}
