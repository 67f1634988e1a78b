using GanOnnx.Inference;
using GanOnnx.Inference.Models;
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
        path = ModelFile.Find(path);
        return Open(path, options, context, session =>
        {
            var (from, to) = Images(path, session.Graph);
            TensorColumn[] columns = [new(from, input, PixelType.Single), new(to, output, options.Pixels)];
            if (to.Type == NumberDataViewType.Byte && options.Pixels == PixelType.Single)
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
        var metadata = Contract.Metadata(path, graph);
        if (metadata?.Task is ModelTask.Generate or ModelTask.Score)
            throw Errors.WrongTask(path, metadata.Task);
        var inputs = graph.InputNames.Select(name => Input(path, graph, name)).ToList();
        var outputs = graph.OutputNames.Select(name => Output(path, graph, name)).ToList();
        if (inputs is not [{ Axes.Length: 4 } input] || outputs.Find(o => o.Axes.Length == 4) is not { } output)
            throw Errors.NotImageToImage(path, inputs, outputs);

        CheckLayout(path, input);
        CheckLayout(path, output);
        if (output.Type == NumberDataViewType.Single && metadata?.Pixels is { } pixels && (pixels.Lowest, pixels.Highest) != (-1, 1))
            throw Errors.OtherRange(path, pixels.Lowest, pixels.Highest);
        return (input, output);
    }

    // Columns of Single are [C, H, W], columns of Byte [H, W, C].
    private static void CheckLayout(string path, TensorInfo image)
    {
        var isBytes = image.Type == NumberDataViewType.Byte;
        if (image.Axes[isBytes ? 3 : 1] is not (-1 or 1 or 3))
            throw Errors.OtherLayout(path, image, isBytes ? "[N, H, W, C]" : "[N, C, H, W]");
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
