using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using GanOnnx.ML.Models;
using GanOnnx.ML.Saving;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Tensors;

/// <summary>Loads graphs for columns of tensors.</summary>
internal static class TensorModels
{
    /// <summary>What ApplyOnnxModel does: columns are named as tensors; with no names given, all of them.</summary>
    public static TensorModel Apply(string path, string[] outputs, string[] inputs, BatchOptions options, ContextDevice context)
    {
        options.Check();
        path = ModelFile.Find(path);
        return LoadLimit.Run(path, options.Timeout, static option => $"the option {option}", default,
            stop => Apply(ModelContent.Read(path, stop), outputs, inputs, options, context, stop));
    }

    private static TensorModel Apply(
        ModelContent content, string[] outputs, string[] inputs, BatchOptions options, ContextDevice context, CancellationToken stop)
    {
        var path = content.Path;
        var session = Open(content, context.Choose(options), stop);
        try
        {
            var graph = session.Graph;
            foreach (var missing in graph.InputNames.Except(inputs).Where(_ => inputs.Length > 0))
                throw Errors.InputNotGiven(path, missing);
            var from = inputs.DefaultIfAllOf(graph.InputNames).Select(name => TensorColumn.Create(path, Input(path, graph, name), name));
            var to = outputs.DefaultIfAllOf(graph.OutputNames)
                .Select(name => TensorColumn.Create(path, Output(path, graph, name), ColumnName(name)));
            return new(content, session, [.. from], [.. to], Size(session, [.. from, .. to], options, context),
                model => SavedModels.Describe(model, outputs, inputs, options), options.Timeout)
            {
                Parallelism = context.Parallelism(options, session.Provider),
            };
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static int Size(Session session, TensorColumn[] columns, BatchOptions options, ContextDevice context) =>
        TensorModel.HasBatch(columns) ? context.BatchSize(options, session.Provider) : 1;

    // Runs are on one thread each.
    private static Session Open(ModelContent content, Device device, CancellationToken stop) => device.Kind == DeviceKind.Cpu
        ? Session.OpenCpu(content, threads: 1, stop)
        : Session.TryOpenCuda(content, device.Index, memoryLimit: null, threads: 1, stop, out var reason, out var cause)
            ?? (device.Kind == DeviceKind.Cuda ? throw Errors.NoCuda(device.Index, reason, cause)
                : Session.OpenCpu(content, threads: 1, stop));

    // ML.NET drops the suffix that its own exporter puts behind the names of columns.
    private static string ColumnName(string tensor) => tensor.EndsWith(".output", StringComparison.Ordinal) ? tensor[..^7] : tensor;

    private static TensorDescription Input(string path, InferenceSession graph, string name) =>
        graph.FindInput(name) ?? throw Errors.NoTensor(path, "input", name, graph.Inputs());

    private static TensorDescription Output(string path, InferenceSession graph, string name) =>
        graph.FindOutput(name) ?? throw Errors.NoTensor(path, "output", name, graph.Outputs());

    private static IEnumerable<string> DefaultIfAllOf(this string[] names, IEnumerable<string> all) => names.Length > 0 ? names : all;
}
