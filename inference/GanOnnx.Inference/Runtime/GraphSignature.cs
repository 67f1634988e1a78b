using GanOnnx.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Runtime;

/// <summary>What a loaded graph takes and gives.</summary>
internal static class GraphSignature
{
    // A run computes a fixed batch whole, whatever it is asked for, and ends in time only between operators.
    private const int LargestFixedBatch = 1 << 16;

    /// <summary>The inputs, in the graph's order.</summary>
    public static IReadOnlyList<TensorDescription> Inputs(this InferenceSession graph) =>
        [.. graph.InputNames.Select(name => Describe(name, graph.InputMetadata[name]))];

    /// <summary>The outputs, in the graph's order.</summary>
    public static IReadOnlyList<TensorDescription> Outputs(this InferenceSession graph) =>
        [.. graph.OutputNames.Select(name => Describe(name, graph.OutputMetadata[name]))];

    /// <summary>The inputs as the file says them, without loading it.</summary>
    public static IReadOnlyList<TensorDescription> Inputs(this ModelContent content)
    {
        var graph = content.Model.Graph;
        var defaults = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return [.. graph.Input.Where(input => !defaults.Contains(input.Name)).Select(Describe)];
    }

    /// <summary>The outputs as the file says them, without loading it.</summary>
    public static IReadOnlyList<TensorDescription> Outputs(this ModelContent content) => [.. content.Model.Graph.Output.Select(Describe)];

    /// <summary>An input by its name, those with a default value included; null if there is none.</summary>
    public static TensorDescription? FindInput(this InferenceSession graph, string name) =>
        graph.InputMetadata.TryGetValue(name, out var node) || graph.OverridableInitializerMetadata.TryGetValue(name, out node)
            ? Describe(name, node) : null;

    /// <summary>An output by its name; null if there is none.</summary>
    public static TensorDescription? FindOutput(this InferenceSession graph, string name) =>
        graph.OutputMetadata.TryGetValue(name, out var node) ? Describe(name, node) : null;

    /// <summary>The length of the first axis, the batch's, where one of the tensors fixes it; else null.</summary>
    /// <exception cref="ModelException">Two tensors fix it at different lengths, or one at none or at absurdly many.</exception>
    public static int? FixedBatch(string path, IReadOnlyList<TensorDescription> tensors)
    {
        var sizes = tensors.Select(t => t.Axes[0].Length).OfType<int>().Distinct().ToList();
        return sizes.Contains(0) ? throw Errors.NoRows(path, tensors)
            : sizes.Count > 1 ? throw Errors.SeveralBatches(path, tensors)
            : sizes is [> LargestFixedBatch] ? throw Errors.TooManyRows(path, tensors, LargestFixedBatch)
            : sizes is [var size] ? size : null;
    }

    /// <summary>The tensor type that a description names, of those that hold pixels and numbers; null for others.</summary>
    public static TensorElementType? ElementType(this TensorDescription tensor) => tensor.Type switch
    {
        "float32" => TensorElementType.Float,
        "float16" => TensorElementType.Float16,
        "uint8" => TensorElementType.UInt8,
        "int64" => TensorElementType.Int64,
        "int32" => TensorElementType.Int32,
        _ => null,
    };

    private static TensorDescription Describe(string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
            return new(name, metadata.OnnxValueType.ToString(), []);

        var axes = metadata.Dimensions.Zip(metadata.SymbolicDimensions, (length, symbol) =>
            length >= 0 ? new TensorAxis(length) : new TensorAxis(null, string.IsNullOrEmpty(symbol) ? null : symbol));
        return new(name, TypeName(metadata.ElementDataType), [.. axes]);
    }

    private static TensorDescription Describe(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor)
            return new(value.Name, $"{value.Type?.ValueCase ?? TypeProto.ValueOneofCase.None}", []);
        // The two numberings of types are the same.
        return new(value.Name, TypeName((TensorElementType)tensor.ElemType), [.. tensor.Shape?.Dim.Select(axis =>
            axis is { HasDimValue: true, DimValue: >= 0 and <= int.MaxValue } ? new TensorAxis((int)axis.DimValue)
                : new TensorAxis(null, string.IsNullOrEmpty(axis.DimParam) ? null : axis.DimParam)) ?? []]);
    }

    private static string TypeName(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Double => "float64",
        TensorElementType.Float16 => "float16",
        _ => type.ToString().ToLowerInvariant(),
    };
}
