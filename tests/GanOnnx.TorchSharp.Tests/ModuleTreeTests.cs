using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>The tree of modules: names, order, what is registered, modes and hooks.</summary>
public sealed class ModuleTreeTests
{
    private static Sequential Network() => Sequential(
        ("conv", Conv2d(1, 2, 3)),
        ("norm", BatchNorm2d(2)),
        ("head", Sequential(nn.Flatten(), Linear(8, 1, hasBias: false))));

    [Test]
    public void StateDict_NamesParametersThenBuffersByTheirPath()
    {
        using var network = Network();

        Assert.That(network.state_dict().Keys, Is.EqualTo(new[]
        {
            "conv.weight", "conv.bias", "norm.weight", "norm.bias", "head.1.weight",
            "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
        }));
    }

    [Test]
    public void StateDict_HoldsTheTensorsThemselves()
    {
        using var network = Network();

        Values.Set(network.state_dict()["head.1.weight"], Values.Draw(8, 1));

        Assert.That(Values.Of(network.parameters().Last()), Is.EqualTo(Values.Draw(8, 1)));
    }

    [Test]
    public void StateDict_CopiedByName_MakesEqualNetworksWhateverTheOrder()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var source = Network().WithDrawnWeights();
        using var target = Network();

        var state = target.state_dict();
        foreach (var (name, tensor) in source.state_dict().Reverse())
            state[name].copy_(tensor);

        var input = Values.Draw([2, 1, 4, 4], 1);
        Assert.That(Values.Of(target.call(input)), Is.EqualTo(Values.Of(source.call(input))));
    }

    [Test]
    public void NamedParameters_ListsEachOnce()
    {
        using var network = Network();

        Assert.That(network.named_parameters().Select(p => p.name),
            Is.EqualTo(new[] { "conv.weight", "conv.bias", "norm.weight", "norm.bias", "head.1.weight" }));
    }

    [Test]
    public void NamedParameters_NotRecursive_ListsTheModulesOwn()
    {
        using var network = Network();

        Assert.That(network.named_parameters(recurse: false), Is.Empty);
        Assert.That(network.named_children().First().module.named_parameters(recurse: false).Select(p => p.name),
            Is.EqualTo(new[] { "weight", "bias" }));
    }

    [Test]
    public void NamedModules_ListsLevelByLevelWithoutTheRoot()
    {
        using var network = Network();

        Assert.That(network.named_modules().Select(m => m.name), Is.EqualTo(new[] { "conv", "norm", "head", "head.0", "head.1" }));
    }

    [Test]
    public void NamedBuffers_OfBatchNorm_AreItsStatistics()
    {
        using var norm = BatchNorm2d(2);

        Assert.That(norm.named_buffers().Select(b => b.name), Is.EqualTo(new[] { "running_mean", "running_var", "num_batches_tracked" }));
    }

    [Test]
    public void Sequential_WithoutNames_CountsItsModules()
    {
        using var sequential = Sequential(ReLU(), Tanh()).append(Sigmoid()).append("last", Identity());

        Assert.That(sequential.named_children().Select(c => c.name), Is.EqualTo(new[] { "0", "1", "2", "last" }));
        Assert.That(sequential.Count, Is.EqualTo(4));
        Assert.That(sequential[2], Is.TypeOf<Sigmoid>());
    }

    [Test]
    public void OwnModule_Fields_AreRegisteredOnceByTheirNames()
    {
        using var module = new Residual();

        Assert.That(module.named_parameters().Select(p => p.name), Is.EqualTo(new[] { "gain", "inner.weight", "inner.bias" }));
        Assert.That(module.named_buffers().Select(p => p.name), Is.EqualTo(new[] { "shift" }));
        Assert.That(module.named_children().Select(p => p.name), Is.EqualTo(new[] { "inner" }));
    }

    [Test]
    public void OwnModule_InASequential_IsRegisteredOnce()
    {
        using var sequential = Sequential(("first", new Residual()), ("second", Linear(2, 1)));

        Assert.That(sequential.named_parameters().Select(p => p.name),
            Is.EqualTo(new[] { "first.gain", "first.inner.weight", "first.inner.bias", "second.weight", "second.bias" }));
    }

    [Test]
    public void OwnModule_ThatNeverRegisters_HasNoParametersInASequential()
    {
        using var sequential = Sequential(("first", new Unregistered()));

        Assert.That(sequential.named_parameters(), Is.Empty);
    }

    [Test]
    public void SharedModule_InASequential_IsListedOnce()
    {
        using var shared = Linear(2, 2, hasBias: false);
        using var module = Sequential(("a", shared), ("b", shared));

        Assert.That(module.named_parameters().Select(p => p.name), Is.EqualTo(new[] { "a.weight" }));
        Assert.That(module.state_dict().Keys, Is.EqualTo(new[] { "a.weight" }));
    }

    [Test]
    public void SharedModule_InAnOwnModule_HasItsParametersOnceAndBothNamesInTheState()
    {
        using var module = new Residual();
        module.register_module("again", module.named_children().Single().module);

        Assert.That(module.named_parameters().Select(p => p.name), Is.EqualTo(new[] { "gain", "inner.weight", "inner.bias" }));
        Assert.That(module.state_dict().Keys, Is.EqualTo(new[] { "gain", "inner.weight", "inner.bias", "shift", "again.weight", "again.bias" }));
    }

    [Test]
    public void RegisterModule_TheSameNameTwice_Throws()
    {
        using var module = new Residual();

        Assert.That(() => module.register_module("inner", ReLU()), Throws.InvalidOperationException);
    }

    [TestCase("")]
    [TestCase("a.b")]
    public void RegisterModule_ANameThatIsNone_Throws(string name)
    {
        using var module = new Residual();

        Assert.That(() => module.register_module(name, ReLU()), Throws.ArgumentException);
    }

    [Test]
    public void EvalAndTrain_ReachEveryModule()
    {
        using var network = Network();
        Assert.That(network.training, Is.True);

        network.eval();
        Assert.That(network.named_modules().Select(m => m.module.training).Append(network.training), Is.All.False);

        network.train();
        Assert.That(network.named_modules().Select(m => m.module.training).Append(network.training), Is.All.True);
    }

    [Test]
    public void Eval_OfAnOwnModule_ReachesItsFields()
    {
        using var module = new Residual();

        module.eval();

        Assert.That(module.named_children().Single().module.training, Is.False);
    }

    [Test]
    public void Dispose_DisposesParametersAndBuffers()
    {
        var network = Network();
        var tensors = network.state_dict().Values.ToArray();

        network.Dispose();

        Assert.That(tensors.Select(t => t.IsInvalid), Is.All.True);
    }

    [Test]
    public void ForwardHook_SeesInputAndOutputUntilItIsRemoved()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(3, 2);
        List<(long[] Input, long[] Output)> seen = [];
        var hook = layer.register_forward_hook((_, input, output) =>
        {
            seen.Add((input.shape, output.shape));
            return output;
        });

        layer.call(ones([4, 3]));
        hook.remove();
        layer.call(ones([4, 3]));

        Assert.That(seen, Has.Count.EqualTo(1));
        Assert.That(seen[0].Input, Is.EqualTo(new[] { 4, 3 }));
        Assert.That(seen[0].Output, Is.EqualTo(new[] { 4, 2 }));
    }

    [Test]
    public void ForwardHook_OfAModuleInASequential_ReplacesItsOutput()
    {
        using var scope = NewDisposeScope();
        using var identity = Identity();
        using var sequential = Sequential(identity, Identity());
        identity.register_forward_hook((_, _, output) => output + 1);

        Assert.That(Values.Of(sequential.call(Values.Vector(1, 2))), Is.EqualTo(new[] { 2f, 3 }));
    }

    private sealed class Residual : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "gain")] private readonly Parameter _gain = Parameter(ones([1]));
        [ComponentName(Name = "shift")] private readonly Tensor _shift = zeros([1]);
        [ComponentName(Name = "inner")] private readonly Linear _inner = Linear(2, 2);

        public Residual() : base(nameof(Residual)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input + _gain * _inner.call(input) + _shift;
    }

    private sealed class Unregistered : Module<Tensor, Tensor>
    {
        private readonly Linear _inner = Linear(2, 2);

        public Unregistered() : base(nameof(Unregistered)) { }

        public override Tensor forward(Tensor input) => _inner.call(input);
    }
}
