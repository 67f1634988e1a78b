using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Export.Tests.Fixtures;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Tests.Coverage;

/// <summary>A module with options, and one sample's shape for each of its inputs.</summary>
public sealed record ModuleCase(string Name, Func<nn.Module> Create, params long[][] Samples)
{
    /// <summary>One sample's shape for each run with open sizes; where given, every axis after the channels is open.</summary>
    public long[][] Open { get; init; } = [];

    /// <summary>The number of rows that the input's integers are drawn from; null for numbers.</summary>
    public long? Rows { get; init; }

    /// <summary>How large the input's numbers get.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>
    /// The largest difference, as a part of the largest output: the order of a float32 sum is the engine's choice.
    /// </summary>
    public double Tolerance { get; init; } = 1e-5;

    public override string ToString() => Name;
}

/// <summary>Compares exported modules with themselves, at sizes and batch sizes that aren't the example's.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class CoverageFixture : IDisposable
{
    private const int Example = 3;

    /// <summary>The oldest and the newest that can be written; the default is between and has the one's or the other's forms.</summary>
    private static readonly int[] Opsets = [15, 21];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal void AssertSame(ModuleCase module, IReadOnlyList<int>? opsets = null)
    {
        using var noGrad = no_grad();
        using var created = module.Create().Ready();
        foreach (var opset in opsets ?? Opsets)
        {
            var path = Export(module, created, opset, [DynamicAxis.Batch]);
            foreach (var batch in new long[] { 1, 2, 5 })
                AssertSame(module, created, path, Inputs(module, module.Samples, batch), $"opset {opset}");
        }
        foreach (var opset in module.Open.Length > 0 ? opsets ?? Opsets : [])
        {
            var path = Export(module, created, opset, [DynamicAxis.Batch with { VerifiedSizes = [Example] }, .. OpenAxes(module)]);
            foreach (var sample in module.Open.Append(module.Samples[0]))
                AssertSame(module, created, path, Inputs(module, [sample], 2), $"opset {opset}, open sizes [{string.Join(", ", sample)}]");
        }
    }

    /// <summary>Exports at opset 17 and reads the file's operators.</summary>
    internal IReadOnlyList<string> Operators(nn.Module module, params long[] shape)
    {
        using var noGrad = no_grad();
        OnnxExporter.Export(module.Ready(), zeros(shape), _folder["operators.onnx"]);
        return [.. OnnxFile.Read(_folder["operators.onnx"]).Graph.Node.Select(n => n.OpType)];
    }

    private string Export(ModuleCase module, nn.Module created, int opset, IReadOnlyList<DynamicAxis> axes)
    {
        var path = _folder[$"{opset}-{axes.Count}.onnx"];
        OnnxExporter.Export(created, Inputs(module, module.Samples, Example), path, new() { Opset = opset, DynamicAxes = axes });
        return path;
    }

    private static IEnumerable<DynamicAxis> OpenAxes(ModuleCase module) =>
        Enumerable.Range(2, module.Samples[0].Length - 1).Select(axis => new DynamicAxis($"size{axis}", axis)
        {
            VerifiedSizes = [.. module.Open.Select(o => (int)o[axis - 1])],
        });

    private static Tensor[] Inputs(ModuleCase module, long[][] samples, long batch) =>
        [.. samples.Select((sample, i) => module.Rows is { } rows
            ? arange(sample.Aggregate(batch, (product, size) => product * size)).mul(7).remainder(rows).reshape([batch, .. sample])
            : Modules.Draw([batch, .. sample], 20 + i) * module.Scale)];

    private static void AssertSame(ModuleCase module, nn.Module created, string path, Tensor[] inputs, string how)
    {
        var expected = ModuleRunner.Run(created, [.. inputs.Select(i => i.clone())])[0];
        var actual = Run(path, inputs);

        Assert.That(actual.shape, Is.EqualTo(expected.shape), how);
        var values = Difference.Numbers(expected);
        Assert.That(Difference.Numbers(actual), Is.EqualTo(values).Within(module.Tolerance * values.Max(Math.Abs)), how);
    }

    private static Tensor Run(string path, Tensor[] inputs)
    {
        using var session = new InferenceSession(path);
        using var run = new RunOptions();
        var values = inputs.Select(OrtTensors.ToOrtValue).ToList();
        using var outputs = session.Run(run, session.InputNames, values, session.OutputNames);
        values.ForEach(v => v.Dispose());
        return OrtTensors.ToTensor(outputs[0]);
    }
}
