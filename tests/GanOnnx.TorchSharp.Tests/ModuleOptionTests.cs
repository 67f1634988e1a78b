using System.Runtime.InteropServices;
using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>What can be read off a module, and where TorchSharp's modules are not PyTorch's.</summary>
public sealed class ModuleOptionTests
{
    [Test]
    public void Convolution_WithPaddingInNumbers_HasNoPaddingType()
    {
        using var layer = Conv2d(3, 4, (3, 5), (2, 1), (1, 2), (1, 3), PaddingModes.Circular);

        Assert.That((layer.padding, layer.padding_type, layer.padding_mode), Is.EqualTo((new long[] { 1, 2 }, (Padding?)null, PaddingModes.Circular)));
        Assert.That((layer.kernel_size, layer.stride, layer.dilation), Is.EqualTo((new long[] { 3, 5 }, new long[] { 2, 1 }, new long[] { 1, 3 })));
        Assert.That((layer.in_channels, layer.out_channels, layer.groups, layer.transposed), Is.EqualTo((3L, 4L, 1L, false)));
    }

    [Test]
    public void Convolution_WithAPaddingType_HasNoPaddingInNumbers()
    {
        using var layer = Conv1d(3, 4, 3, Padding.Same);

        Assert.That((layer.padding, layer.padding_type), Is.EqualTo(((long[]?)null, (Padding?)Padding.Same)));
    }

    [Test]
    public void Convolution_SameWithStride_IsRefused() =>
        Assert.That(() => Conv1d(3, 4, 3, Padding.Same, stride: 2), Throws.ArgumentException);

    [Test]
    public void ConvTranspose_WithAnotherPaddingMode_IsRefused() =>
        Assert.That(() => ConvTranspose1d(3, 4, 3, padding_mode: PaddingModes.Reflect), Throws.ArgumentException);

    /// <summary>The published TorchSharp takes the first axis's output padding for all.</summary>
    [Test]
    public void ConvTranspose2d_OutputPadding_IsTheFirstAxiss()
    {
        using var scope = NewDisposeScope();
        using var layer = ConvTranspose2d(1, 1, (3, 3), stride: (2, 3), output_padding: (1, 0));

        Assert.That(layer.output_padding, Is.EqualTo(new long[] { 1, 0 }));
        Assert.That(layer.call(ones([1, 1, 4, 4])).shape, Is.EqualTo(new long[] { 1, 1, 10, 13 }));
    }

    /// <summary>The published TorchSharp pads the axes of an uneven kernel the other way round, unless it pads with zeros.</summary>
    [TestCase(PaddingModes.Zeros, 6, 6)]
    [TestCase(PaddingModes.Replicate, 2, 10)]
    public void Conv2d_SameOfAnUnevenKernel_IsTheSameForZerosOnly(PaddingModes mode, long height, long width)
    {
        using var scope = NewDisposeScope();
        using var layer = Conv2d(1, 1, (5, 1), Padding.Same, padding_mode: mode);

        Assert.That(layer.call(ones([1, 1, 6, 6])).shape, Is.EqualTo(new[] { 1, 1, height, width }));
    }

    /// <summary>The published TorchSharp's constructor forgets it.</summary>
    [Test]
    public void AdaptiveMaxPool3d_HasNoSizeUntilItIsSet_AndRefusesFiveAxes()
    {
        using var scope = NewDisposeScope();
        using var pool = AdaptiveMaxPool3d([2, 1, 3]);
        Assert.That(pool.output_size, Is.Null);

        pool.output_size = [2, 1, 3];

        Assert.That(() => pool.call(ones([1, 1, 4, 4, 4])), Throws.InstanceOf<ExternalException>(), "it runs as the pooling of one axis");
    }

    [Test]
    public void Pools_TellTheirOptions()
    {
        using var max = MaxPool2d(3);
        using var average = AvgPool2d(3);
        using var cube = MaxPool3d(3);

        Assert.That((max.kernel_size, max.stride, max.padding, max.dilation), Is.EqualTo((new long[] { 3, 3 }, new long[] { 3, 3 }, new long[] { 0, 0 }, new long[] { 1, 1 })));
        Assert.That((average.stride, average.padding, average.divisor_override), Is.EqualTo(((long[]?)null, (long[]?)null, (long?)null)));
        Assert.That((cube.kernel_size, cube.stride, cube.padding, cube.dilation), Is.EqualTo((new long[] { 3, 3, 3 }, (long[]?)null, (long[]?)null, (long[]?)null)));
    }

    [Test]
    public void Upsample_TellsItsOptions()
    {
        using var upsample = Upsample(scale_factor: [2, 3], mode: UpsampleMode.Bicubic, align_corners: true);

        Assert.That(upsample.scale_factor.ToArray(), Is.EqualTo(new[] { 2.0, 3 }));
        Assert.That(upsample.size.IsEmpty, Is.True);
        Assert.That((upsample.mode, upsample.align_corners), Is.EqualTo((UpsampleMode.Bicubic, (bool?)true)));
    }

    private static IEnumerable<TestCaseData> FirstStates()
    {
        yield return Of("BatchNorm1d", () => BatchNorm1d(2), "weight 1 1, bias 0 0, running_mean 0 0, running_var 1 1, num_batches_tracked 0");
        yield return Of("BatchNorm3d", () => BatchNorm3d(1, affine: false), "running_mean 0, running_var 1, num_batches_tracked 0");
        yield return Of("InstanceNorm1d", () => InstanceNorm1d(2), "");
        yield return Of("InstanceNorm2d", () => InstanceNorm2d(1, affine: true), "weight 1, bias 0");
        yield return Of("LayerNorm", () => LayerNorm(2), "weight 1 1, bias 0 0");
        yield return Of("LayerNorm without bias", () => LayerNorm(2, bias: false), "weight 1 1");
        yield return Of("PReLU", () => PReLU(2, 0.5), "weight 0.5 0.5");

        static TestCaseData Of(string name, Func<Module> create, string state) => new TestCaseData(create, state).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(FirstStates))]
    public void FirstState_IsListedInOrder(Func<Module> create, string state)
    {
        using var scope = NewDisposeScope();
        using var module = create();

        Assert.That(string.Join(", ", module.state_dict().Select(s => $"{s.Key} {string.Join(' ', Values.Of(s.Value.@float()))}")), Is.EqualTo(state));
    }

    private static IEnumerable<TestCaseData> InPlace()
    {
        yield return Of("CELU", CELU(0.5), CELU(0.5, true));
        yield return Of("GELU", GELU(), GELU(true));
        yield return Of("Hardsigmoid", Hardsigmoid(), Hardsigmoid(true));
        yield return Of("Hardswish", Hardswish(), Hardswish(true));
        yield return Of("Mish", Mish(), Mish(true));
        yield return Of("ReLU6", ReLU6(), ReLU6(true));
        yield return Of("RReLU", RReLU(), RReLU(inplace: true));
        yield return Of("SELU", SELU(), SELU(true));
        yield return Of("Sigmoid", Sigmoid(), Sigmoid(true));
        yield return Of("SiLU", SiLU(), SiLU(true));
        yield return Of("Softsign", Softsign(), Softsign(true));
        yield return Of("Tanhshrink", Tanhshrink(), Tanhshrink(true));
        yield return Of("Threshold", Threshold(0.5, 2), Threshold(0.5, 2, true));
        // The published TorchSharp's elu_ is not in place.
        yield return Of("ELU", ELU(0.5), ELU(0.5, true), false);

        static TestCaseData Of(string name, Module<Tensor, Tensor> module, Module<Tensor, Tensor> inPlace, bool changesItsInput = true) =>
            new TestCaseData(module, inPlace, changesItsInput).SetArgDisplayNames(name);
    }

    [Test]
    public void Hardtanh_OutOfPlace_GivesItsInputBack()
    {
        using var scope = NewDisposeScope();
        Assert.That(Values.Of(Hardtanh(-1, 1).call(tensor(new[] { -3f, 3f }))), Is.EqualTo(new[] { -3f, 3f }));
    }

    [TestCaseSource(nameof(InPlace))]
    public void InPlaceActivation_GivesTheSameAndChangesItsInput(Module<Tensor, Tensor> module, Module<Tensor, Tensor> inPlace, bool changesItsInput)
    {
        using var scope = NewDisposeScope();
        var input = Values.Wave([3, 5], 1, 8);
        var expected = Values.Of(module.call(input));

        var output = inPlace.call(input);

        Assert.That(Values.Of(output), Is.EqualTo(expected));
        Assert.That(Values.Of(input), changesItsInput ? Is.EqualTo(expected) : Is.Not.EqualTo(expected));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Dropout_Training_DropsOrScales(bool inplace)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);

        var values = Values.Of(Dropout(0.2, inplace).call(ones([1000])));

        Assert.That(values.Distinct().Order(), Is.EqualTo(new[] { 0f, 1.25f }));
        Assert.That(values.Count(v => v == 0), Is.EqualTo(200).Within(60), "more than four standard deviations");
    }

    private static IEnumerable<TestCaseData> ChannelDropouts()
    {
        yield return Of("Dropout1d", () => Dropout1d(), [20, 10, 4]);
        yield return Of("Dropout2d", () => Dropout2d(), [20, 10, 2, 2]);
        yield return Of("Dropout3d", () => Dropout3d(), [20, 10, 2, 2, 1]);
        yield return Of("FeatureAlphaDropout", () => FeatureAlphaDropout(), [20, 10, 2, 2]);

        static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> create, long[] shape) => new TestCaseData(create, shape).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(ChannelDropouts))]
    public void ChannelDropout_Training_DropsWholeChannels(Func<Module<Tensor, Tensor>> create, long[] shape)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);

        var channels = Values.Of(create().call(ones(shape))).Chunk(4).ToArray();

        Assert.That(channels.All(channel => channel.Distinct().Count() == 1));
        Assert.That(channels.Select(channel => channel[0]).Distinct().Count(), Is.EqualTo(2));
    }

    private static IEnumerable<TestCaseData> Dropouts() =>
        new Func<Module<Tensor, Tensor>>[] { () => Dropout(), () => Dropout2d(), () => Dropout3d(), () => AlphaDropout(), () => FeatureAlphaDropout() }
            .Select((create, i) => new TestCaseData(create).SetArgDisplayNames($"{i}"));

    [TestCaseSource(nameof(Dropouts))]
    public void Dropout_Evaluation_PassesItsInputOn(Func<Module<Tensor, Tensor>> create)
    {
        using var scope = NewDisposeScope();
        using var module = create();
        module.eval();

        Assert.That(Values.Of(module.call(Values.Wave([2, 3, 2, 2, 2]))), Is.EqualTo(Values.Of(Values.Wave([2, 3, 2, 2, 2]))));
    }

    [Test]
    public void BatchNorm_WithoutMomentum_AveragesOverAllBatches()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm1d(1);
        layer.momentum = null;

        foreach (var value in new[] { 1f, 2, 6 })
            layer.call(full(2, 1, value));

        Assert.That(Values.Of(layer.running_mean!), Is.EqualTo(new[] { 3f }).Within(1e-6));
    }

    [Test]
    public void Half_TurnsEveryFloatingParameterAndBuffer()
    {
        using var scope = NewDisposeScope();
        using var module = Sequential(Conv1d(1, 2, 1), BatchNorm1d(2)).half();

        Assert.That(module.state_dict().Select(s => s.Value.dtype).Distinct(), Is.EquivalentTo(new[] { float16, int64 }));
    }

    [Test]
    public void Weight_Set_ReplacesTheParameter()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(2, 1, hasBias: false);

        layer.weight = Parameter(tensor(new float[] { 2, 3 }, [1, 2]));

        Assert.That(Values.Of(layer.call(ones([1, 2]))), Is.EqualTo(new[] { 5f }));
        Assert.That(layer.named_parameters().Single().parameter, Is.SameAs(layer.weight));
    }

    [Test]
    public void Hooks_OfSeveralInputs_SeeAndReplaceThem()
    {
        using var scope = NewDisposeScope();
        using var module = PairwiseDistance(1, eps: 0);
        var before = module.register_forward_pre_hook((_, a, b) => (a * 2, b));
        var after = module.register_forward_hook((_, a, _, output) => output + a.sum());

        Assert.That(module.call(ones([1, 3]), zeros(1, 3)).item<float>(), Is.EqualTo(12));

        before.remove();
        after.remove();
        Assert.That(module.call(ones([1, 3]), zeros(1, 3)).item<float>(), Is.EqualTo(3));
    }

    [Test]
    public void ModuleListAndModuleDict_InAModuleOfOnesOwn_ListTheirModules()
    {
        using var module = new Holder();

        Assert.That(module.named_modules().Select(m => m.name), Is.EqualTo(new[] { "list", "dict", "list.0", "list.1", "dict.first", "dict.second" }));
        Assert.That(module.state_dict().Keys, Is.EqualTo(new[] { "list.0.weight", "list.0.bias", "dict.first.weight" }));
    }

    private sealed class Holder : Module
    {
        private readonly ModuleList<Module> list = ModuleList<Module>(Linear(2, 3), ReLU());
        private readonly ModuleDict<Module> dict = ModuleDict<Module>(("first", PReLU(1)), ("second", Tanh()));

        public Holder() : base(nameof(Holder)) => RegisterComponents();

        public Tensor Forward(Tensor input) => ((Linear)list[0]).call(((PReLU)dict["first"]).call(input));
    }
}
