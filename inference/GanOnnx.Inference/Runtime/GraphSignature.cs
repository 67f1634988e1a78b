using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Runtime;

/// <summary>What a loaded graph takes and gives.</summary>
internal static class GraphSignature
{
    /// <summary>The inputs, in the graph's order.</summary>
    public static IReadOnlyList<TensorDescription> Inputs(this InferenceSession graph) =>
        [.. graph.InputNames.Select(name => Describe(name, graph.InputMetadata[name]))];

    /// <summary>The outputs, in the graph's order.</summary>
    public static IReadOnlyList<TensorDescription> Outputs(this InferenceSession graph) =>
        [.. graph.OutputNames.Select(name => Describe(name, graph.OutputMetadata[name]))];

    /// <summary>An input by its name, those with a default value included; null if there is none.</summary>
    public static TensorDescription? FindInput(this InferenceSession graph, string name) =>
        graph.InputMetadata.TryGetValue(name, out var node) || graph.OverridableInitializerMetadata.TryGetValue(name, out node)
            ? Describe(name, node) : null;

    /// <summary>An output by its name; null if there is none.</summary>
    public static TensorDescription? FindOutput(this InferenceSession graph, string name) =>
        graph.OutputMetadata.TryGetValue(name, out var node) ? Describe(name, node) : null;

    /// <summary>The length of the first axis, the batch's, where one of the tensors fixes it; else null.</summary>
    /// <exception cref="ModelException">Two tensors fix it at different lengths.</exception>
    public static int? FixedBatch(string path, IReadOnlyList<TensorDescription> tensors)
    {
        var sizes = tensors.Select(t => t.Axes[0].Length).OfType<int>().Distinct().ToList();
        return sizes.Count > 1 ? throw Errors.SeveralBatches(path, tensors) : sizes.Count == 1 ? sizes[0] : null;
    }

    private static TensorDescription Describe(string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
            return new(name, metadata.OnnxValueType.ToString(), []);

        var axes = metadata.Dimensions.Zip(metadata.SymbolicDimensions, (length, symbol) =>
            length >= 0 ? new TensorAxis(length) : new TensorAxis(null, string.IsNullOrEmpty(symbol) ? null : symbol));
        return new(name, TypeName(metadata.ElementDataType), [.. axes]);
    }

    private static string TypeName(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Double => "float64",
        _ => type.ToString().ToLowerInvariant(),
    };
}
