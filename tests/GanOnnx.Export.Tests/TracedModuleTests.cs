using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Modules of one's own: what they need to write, and the sentences for what can't be exported.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TracedModuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Forward_OutsideAnExport_HasGradients()
    {
        using var module = new Residual().Ready();
        var input = Modules.Draw([2, 3], 1).requires_grad_();

        module.call(input).sum().backward();

        var expected = Modules.Draw([2, 3], 1).requires_grad_();
        (expected + module.Inner.call(expected.relu())).sum().backward();
        Assert.That(input.grad!.data<float>().ToArray(), Is.EqualTo(expected.grad!.data<float>().ToArray()));
        Assert.That(module.Inner.weight.grad, Is.Not.Null);
    }

    [Test]
    public void Steps_AreNamedByTheModulesPlaceInTheTree()
    {
        using var module = Sequential(("block", new Residual())).Ready();

        OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"]);

        Assert.That(OnnxFile.Read(_folder["m.onnx"]).Graph.Node.Select(n => n.Name),
            Is.EqualTo(["block.relu", "block._inner", "block.add"]));
    }

    [Test]
    public void Outputs_AreNamedByTheCaller_OrByNumber()
    {
        using var module = new Many((x, y) => [x + y, x * y]).Ready();

        OnnxExporter.Export(module, [zeros([1, 3]), zeros([1, 3])], _folder["numbered.onnx"]);
        var result = OnnxExporter.Export(module, [zeros([1, 3]), zeros([1, 3])], _folder["named.onnx"],
            new() { InputNames = ["a", "b"], OutputNames = ["sum", "product"] });

        var (numbered, named) = (OnnxFile.Read(_folder["numbered.onnx"]).Graph, OnnxFile.Read(_folder["named.onnx"]).Graph);
        Assert.That(numbered.Input.Concat(numbered.Output).Select(v => v.Name), Is.EqualTo(["input_0", "input_1", "output_0", "output_1"]));
        Assert.That(named.Input.Concat(named.Output).Select(v => v.Name), Is.EqualTo(["a", "b", "sum", "product"]));
        Assert.That(result.Differences.Select(d => (d.Output, d.Sizes["N"])),
            Is.EqualTo([("sum", 1L), ("product", 1L), ("sum", 7L), ("product", 7L)]));
    }

    [Test]
    public void OutputThatIsAnInput_OrGivenTwice_IsThereAllTheSame()
    {
        using var module = new Many((x, y) => [x, y.relu(), y.relu()]).Ready();
        var result = OnnxExporter.Export(module, [zeros([1, 3]), zeros([1, 3])], _folder["m.onnx"]);
        Assert.That(result.Differences.Select(d => d.LargestAbsolute), Is.All.Zero);
    }

    [Test]
    public void WhatIsComputedFromConstantsAlone_IsComputedOnce()
    {
        using var module = new Scaled().Ready();
        OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"]);
        Assert.That(OnnxFile.Read(_folder["m.onnx"]).Graph.Node.Select(n => n.OpType), Is.EqualTo(["Mul"]));
    }

    [Test]
    public void OpenAxes_KeepTheirNameWhereTheyKeepTheirSize()
    {
        using var module = Sequential(Conv2d(1, 2, 3, padding: 1), Conv2d(2, 1, 2, 2)).Ready();

        OnnxExporter.Export(module, zeros([1, 1, 8, 12]), _folder["m.onnx"],
            new() { DynamicAxes = [DynamicAxis.Batch, new("H", 2), new("W", 3) { VerifiedSizes = [6, 12, 20] }] });

        var shape = OnnxFile.Read(_folder["m.onnx"]).Graph.Output.Single().Type.TensorType.Shape.Dim;
        Assert.That(shape.Select(d => d.HasDimParam ? d.DimParam : $"{d.DimValue}"), Is.EqualTo(["N", "1", "H_out_2", "W_out_3"]));
    }

    [Test]
    public void Trace_OfAModuleThatCantBeChanged_IsGivenInTheOptions()
    {
        using var module = Sequential(("gate", new Gate())).Ready();
        var options = new OnnxExportOptions
        {
            Traces = new Dictionary<Type,
            ModuleTrace>
            { [typeof(Gate)] = (_, inputs) => [inputs[0] * inputs[0].sigmoid()] }
        };

        var result = OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"], options);

        Assert.That(result.Differences.Select(d => d.LargestAbsolute), Is.All.LessThan(1e-6));
    }

    [Test]
    public void Trace_ThatDoesSomethingElse_IsRefused()
    {
        using var module = Sequential(("gate", new Gate())).Ready();
        var options = new OnnxExportOptions
        {
            Traces = new Dictionary<Type,
            ModuleTrace>
            { [typeof(Gate)] = (_, inputs) => [inputs[0].sigmoid()] }
        };
        Fails(module, [zeros([1, 3])], "'gate': the trace given for Gate doesn't compute what its forward does. Make both do the same.",
            options);
    }

    [Test]
    public void Trace_ThatDoesSomethingElseForSomeInputs_IsRefused()
    {
        using var module = Sequential(("gate", new RareGate())).Ready();
        var options = new OnnxExportOptions
        {
            Traces = new Dictionary<Type,
            ModuleTrace>
            { [typeof(RareGate)] = (_, inputs) => [inputs[0] * 2] }
        };
        var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"], options))!;
        Assert.That(error.Message, Does.StartWith("'gate': the trace given for RareGate doesn't compute what its forward does."));
        AssertNoFile();
    }

    [Test]
    public void SizeThatIsReadAndUsed_IsFoundOutAtAnotherSize()
    {
        using var module = new Fixed().Ready();
        var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"]))!;
        Assert.That(error.Message, Does.Contain("ONNX Runtime's 'output' differs from the module's by up to").And.Contain(
            "at N = 1, so no file is written."));
        AssertNoFile();
    }

    [Test]
    public void OutputThatDoesNotDependOnTheInput()
    {
        using var module = new Many((x, y) => [x + y, ones([1, 2])]).Ready();
        Fails(module, [zeros([1, 3]), zeros([1, 3])],
            "The output 'output_1' doesn't depend on the input: it is the same for every one. Leave it out of what forward gives.");
    }

    [Test]
    public void NoOutput()
    {
        using var module = new Many((_, _) => []).Ready();
        Fails(module, [zeros([1, 3]), zeros([1, 3])], "Many gives no tensor. Export a module whose forward gives at least one.");
    }

    [Test]
    public void SharedParameters()
    {
        using var module = new Tied().Ready();
        Fails(module, [zeros([1, 3])],
            "'first.weight' and 'second.weight' are one parameter. Give each module its own, or call the one module twice.");
    }

    [Test]
    public void NamesThatAreTooFew()
    {
        using var module = new Many((x, y) => [x + y, x - y]).Ready();
        Fails(module, [zeros([1, 3]), zeros([1, 3])], "InputNames has 1 names for 2 tensors. Give one name for each, or none.",
            new() { InputNames = ["x"] });
        Fails(module, [zeros([1, 3]), zeros([1, 3])], "OutputNames has 1 names for 2 tensors. Give one name for each, or none.",
            new() { OutputNames = ["x"] });
    }

    [Test]
    public void NoExample()
    {
        using var module = ReLU().Ready();
        Fails(module, [], "There is no example. Give one tensor for each of the module's inputs.");
    }

    [TestCase(14)]
    [TestCase(22)]
    public void OpsetThatCantBeWritten(int opset)
    {
        using var module = ReLU().Ready();
        Fails(module, [zeros([1, 3])], $"The operator set is {opset}; 15 to 21 can be written.", new() { Opset = opset });
    }

    private void Fails(Module module, IReadOnlyList<Tensor> examples, string message, OnnxExportOptions? options = null)
    {
        var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(module, examples, _folder["m.onnx"], options))!;
        Assert.That(error.Message, Is.EqualTo(message));
        AssertNoFile();
    }

    private void AssertNoFile() => Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);

    private sealed class Residual : TracedModule
    {
        private readonly Linear _inner = Linear(3, 3);

        public Residual() : base(nameof(Residual)) => RegisterComponents();

        public Linear Inner => _inner;

        public override TracedTensor forward(TracedTensor input) => input + _inner.call(input.relu());
    }

    private sealed class Scaled : TracedModule
    {
        private readonly Parameter _scale = nn.Parameter(ones([3]));

        public Scaled() : base(nameof(Scaled)) => register_parameter("scale", _scale);

        public override TracedTensor forward(TracedTensor input)
        {
            TracedTensor scale = _scale;
            return input * (scale.exp() + 1).sqrt();
        }
    }

    private sealed class Fixed() : TracedModule(nameof(Fixed))
    {
        public override TracedTensor forward(TracedTensor input) => input * (double)input.shape[0];
    }

    private sealed class Many(Func<TracedTensor, TracedTensor, IReadOnlyList<TracedTensor>> body) : TracedModuleMany(nameof(Many))
    {
        public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs) => body(inputs[0], inputs[1]);
    }

    private sealed class Gate() : Module<Tensor, Tensor>(nameof(Gate))
    {
        public override Tensor forward(Tensor input) => input * input.sigmoid();
    }

    // The other way for about one input in five.
    private sealed class RareGate() : Module<Tensor, Tensor>(nameof(RareGate))
    {
        public override Tensor forward(Tensor input) => input.sum().item<float>() > 1.5 ? input * 3 : input * 2;
    }

    private sealed class Tied : TracedModule
    {
        private readonly Scaled _first = new(), _second;

        public Tied() : base(nameof(Tied))
        {
            _second = new Scaled();
            register_module("first", new Shared(_first));
            register_module("second", new Shared(_first));
        }

        public override TracedTensor forward(TracedTensor input) => _second.call(input);
    }

    private sealed class Shared : Module<Tensor, Tensor>
    {
        public Shared(Scaled other) : base(nameof(Shared)) => register_parameter("weight", other.named_parameters().First().parameter);

        public override Tensor forward(Tensor input) => input;
    }
}
