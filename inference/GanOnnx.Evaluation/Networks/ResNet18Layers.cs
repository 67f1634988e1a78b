using System.Runtime.InteropServices;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Files;

namespace GanOnnx.Evaluation;

/// <summary>ResNet-18's first stages as their layers and weights, for those who compute gradients through it.</summary>
/// <param name="Input">The name of the images <c>[N, 3, S, S]</c>: blue, green, red, 0 … 255, less <see cref="ResNet18.Mean"/>.</param>
/// <param name="Layers">Conv, BatchNormalization, Relu, MaxPool and Add, in order.</param>
/// <param name="Weights">By name.</param>
internal sealed record ResNet18Layers(
    string Input, IReadOnlyList<ResNet18Layers.Layer> Layers, IReadOnlyDictionary<string, (float[] Values, long[] Shape)> Weights)
{
    /// <summary>Sums in a stage, the last of which its ReLU follows.</summary>
    public const int SumsInStage = 2;

    /// <summary>Reads them.</summary>
    /// <param name="stages">How many of the four stages.</param>
    /// <exception cref="EvaluationException">The network isn't there.</exception>
    public static ResNet18Layers Read(int stages)
    {
        var graph = ModelReader.Parse(ResNet18.Path).Graph;
        var lastSum = Enumerable.Range(0, graph.Node.Count).Where(i => graph.Node[i].OpType == "Add").ElementAt(stages * SumsInStage - 1);
        Layer[] layers = [.. graph.Node.Take(lastSum + 2).Select(node => new Layer(node.OpType, [.. node.Input], node.Output[0],
            Numbers(node, "kernel_shape"), Numbers(node, "strides"), Numbers(node, "pads"),
            node.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? 0))];
        var used = layers.SelectMany(layer => layer.Inputs).ToHashSet();
        return new(graph.Input[0].Name, layers, graph.Initializer.Where(tensor => used.Contains(tensor.Name))
            .ToDictionary(tensor => tensor.Name, tensor => (Values(tensor), tensor.Dims.ToArray())));
    }

    private static long[] Numbers(NodeProto node, string name) => [.. node.Attribute.FirstOrDefault(a => a.Name == name)?.Ints ?? []];

    private static float[] Values(TensorProto tensor) =>
        tensor.FloatData.Count > 0 ? [.. tensor.FloatData] : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();

    /// <summary>An operator of ONNX.</summary>
    /// <param name="Operator">Its name.</param>
    /// <param name="Inputs">The names of what goes in.</param>
    /// <param name="Output">The name of what comes out.</param>
    /// <param name="Kernel">Height and width, of those that have one.</param>
    /// <param name="Strides">Vertical and horizontal.</param>
    /// <param name="Pads">Top, left, bottom, right.</param>
    /// <param name="Epsilon">Of batch normalization.</param>
    public sealed record Layer(string Operator, string[] Inputs, string Output, long[] Kernel, long[] Strides, long[] Pads, float Epsilon);
}
