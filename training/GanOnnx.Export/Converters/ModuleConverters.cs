using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>Turns a module into operators: by its own trace, by its type, or by its parts.</summary>
internal static class ModuleConverters
{
    /// <summary>Adds a module's operators to the graph and runs the module on the example, so that shapes are known.</summary>
    public static IReadOnlyList<TracedTensor> Convert(nn.Module module, IReadOnlyList<TracedTensor> inputs)
    {
        var graph = TracedTensor.GraphOf([.. inputs])!;
        var path = graph.PathOf(module);
        if (graph.Options.Traces.TryGetValue(module.GetType(), out var trace))
            return ConvertGiven(graph, module, trace, inputs, path);
        if (module is ITraced traced)
            return Within(graph, path, () => Run(() => traced.Trace(inputs), module, inputs, path));
        // A class derived from Sequential may have a forward of its own.
        if (module.GetType() == typeof(Sequential))
            return ConvertSequential((Sequential)module, inputs);
        if (!KnownModules.Converters.TryGetValue(module.GetType(), out var known))
            throw new ExportException(Unknown(module, path));
        return ConvertKnown(graph, module, known, inputs, path);
    }

    public static string Named(string path) => path.Length == 0 ? "The module" : $"'{path}'";

    private static IReadOnlyList<TracedTensor> ConvertKnown(GraphBuilder graph, nn.Module module, KnownModule known,
        IReadOnlyList<TracedTensor> inputs, string path)
    {
        known.CheckShape(module, inputs[0].shape, Named(path));
        // First run, then converted: the converters rely on a shape that the module takes. In place activations change
        // what they are given.
        var outputs = Run(() => ModuleRunner.Run(module, [.. inputs.Select(i => i.Value.clone())]), module, inputs, path);
        var layer = new Layer(graph, module, path.Length == 0 ? module.GetType().Name : path, inputs, [.. outputs]);
        var names = known.Convert(layer);
        for (var i = 0; i < names.Count; i++)
            graph.Steps.Add(new Step(layer.Path, module.GetType().Name, names[i], outputs[i]));
        return [.. names.Zip(outputs, (name, output) => new TracedTensor(output, graph, name))];
    }

    private static IReadOnlyList<TracedTensor> ConvertSequential(Sequential sequential, IReadOnlyList<TracedTensor> inputs)
    {
        var current = inputs;
        foreach (var (_, child) in sequential.named_children())
            current = Convert(child, current);
        return current;
    }

    private static IReadOnlyList<TracedTensor> ConvertGiven(GraphBuilder graph, nn.Module module, ModuleTrace trace,
        IReadOnlyList<TracedTensor> inputs, string path)
    {
        var expected = Run(() => ModuleRunner.Run(module, [.. inputs.Select(i => i.Value.clone())]), module, inputs, path);
        graph.Randomness.Check(path);
        var traced = Within(graph, path, () => trace(module, inputs));
        for (var i = 0; i < traced.Count; i++)
            if (i >= expected.Count || Differs(expected[i], traced[i].Value))
                throw new ExportException($"{Named(path)}: the trace given for {module.GetType().Name} doesn't compute what its forward "
                    + "does. Make both do the same.");
        return traced;
    }

    private static bool Differs(Tensor expected, Tensor actual) =>
        !expected.shape.SequenceEqual(actual.shape)
        || Difference.Between(expected, actual) is var difference && !(difference.Absolute <= 1e-4 * Math.Max(1, difference.Magnitude));

    private static T Within<T>(GraphBuilder graph, string path, Func<T> trace)
    {
        graph.Enter(path);
        try
        {
            var outputs = trace();
            graph.Randomness.Check();
            return outputs;
        }
        finally
        {
            graph.Leave();
        }
    }

    private static IReadOnlyList<T> Run<T>(Func<IReadOnlyList<T>> run, nn.Module module, IReadOnlyList<TracedTensor> inputs, string path)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            throw new ExportException($"{Named(path)} can't run on {string.Join(", ", inputs.Select(i => Shapes.Text(i.shape)))}: "
                + $"{e.Message.Split('\n')[0]}", e);
        }
    }

    private static string Unknown(nn.Module module, string path)
    {
        var type = module.GetType().Name.Split('`')[0];
        return KnownModules.NotCovered.TryGetValue(type, out var reason)
            ? $"{Named(path)} is of type {type}, which can't be exported: {reason}"
            : $"{Named(path)} is of type {type}, which can't be exported; derive it from TracedModule, or give its trace in "
                + $"OnnxExportOptions.Traces. These can: {string.Join(", ", OnnxExporter.SupportedTypes)}.";
    }
}
