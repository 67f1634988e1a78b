using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Internals;

/// <summary>Loads graphs for columns of tensors.</summary>
internal static class TensorModels
{
    /// <summary>What ApplyOnnxModel does: columns are named as tensors; with no names given, all of them.</summary>
    public static TensorModel Apply(string path, string[] outputs, string[] inputs, BatchOptions options, ContextDevice context)
    {
        options.Check();
        path = ModelPath.Find(path);
        return Open(path, options, context, session =>
        {
            var graph = session.Graph;
            foreach (var missing in graph.InputNames.Except(inputs).Where(_ => inputs.Length > 0))
                throw Errors.InputNotGiven(path, missing);
            var from = inputs.DefaultIfAllOf(graph.InputNames).Select(name => new TensorColumn(Input(path, graph, name), name));
            var to = outputs.DefaultIfAllOf(graph.OutputNames).Select(name => new TensorColumn(Output(path, graph, name), ColumnName(name)));
            return new(path, session, [.. from], [.. to], Size(session, [.. from, .. to], options, context),
                (model, _) => SavedModels.Describe(model, outputs, inputs, options))
            {
                KeepsBatchAxis = true,
                Parallelism = context.Parallelism(options, session.Provider),
            };
        });
    }

    /// <summary>Image to image: one input and one output of four axes.</summary>
    public static TensorModel Translate(string path, string output, string input, ImageOptions options, ContextDevice context)
    {
        options.Check();
        path = ModelPath.Find(path);
        return Open(path, options, context, session =>
        {
            var (from, to) = Images(path, session.Graph);
            TensorColumn[] columns = [new(from, input, PixelType.Single), new(to, output, options.Pixels)];
            if (to.Type == Microsoft.ML.Data.NumberDataViewType.Byte && options.Pixels == PixelType.Single)
                throw Errors.MakesBytes(path, to);
            return new(path, session, columns[..1], columns[1..], Size(session, columns, options, context),
                (model, schema) => SavedModels.DescribeImages(model, options, schema))
            {
                Parallelism = context.Parallelism(options, session.Provider),
            };
        });
    }

    private static TensorModel Open(string path, BatchOptions options, ContextDevice context, Func<OnnxSession, TensorModel> bind)
    {
        var session = OnnxSession.Open(path, context.Choose(options));
        try
        {
            return bind(session);
        }
        catch
        {
            session.Graph.Dispose();
            throw;
        }
    }

    private static int Size(OnnxSession session, TensorColumn[] columns, BatchOptions options, ContextDevice context) =>
        TensorModel.HasBatch(columns) ? context.BatchSize(options, session.Provider) : 1;

    private static (TensorInfo Input, TensorInfo Output) Images(string path, InferenceSession graph)
    {
        var task = GanOnnx.Inference.ModelMetadata.FromProperties(graph.ModelMetadata.CustomMetadataMap)?.Task;
        if (task is ModelTask.Generate or ModelTask.Score)
            throw Errors.WrongTask(path, task.Value);
        var inputs = graph.InputNames.Select(name => Input(path, graph, name)).ToList();
        var outputs = graph.OutputNames.Select(name => Output(path, graph, name)).ToList();
        return inputs is [{ Axes.Length: 4 } input] && outputs.Find(o => o.Axes.Length == 4) is { } output
            ? (input, output)
            : throw Errors.NotImageToImage(path, inputs, outputs);
    }

    // ML.NET drops the suffix that its own exporter puts behind the names of columns.
    private static string ColumnName(string tensor) => tensor.EndsWith(".output", StringComparison.Ordinal) ? tensor[..^7] : tensor;

    private static TensorInfo Input(string path, InferenceSession graph, string name) =>
        graph.InputMetadata.TryGetValue(name, out var node) || graph.OverridableInitializerMetadata.TryGetValue(name, out node)
            ? TensorInfo.Read(path, name, node)
            : throw Errors.NoTensor(path, "input", name, graph.InputNames.Select(n => TensorInfo.Read(path, n, graph.InputMetadata[n])));

    private static TensorInfo Output(string path, InferenceSession graph, string name) =>
        graph.OutputMetadata.TryGetValue(name, out var node)
            ? TensorInfo.Read(path, name, node)
            : throw Errors.NoTensor(path, "output", name, graph.OutputNames.Select(n => TensorInfo.Read(path, n, graph.OutputMetadata[n])));

    private static IEnumerable<string> DefaultIfAllOf(this string[] names, IEnumerable<string> all) => names.Length > 0 ? names : all;
}
