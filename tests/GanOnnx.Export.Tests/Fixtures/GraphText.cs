using System.Globalization;
using GanOnnx.Export.Onnx;
using static GanOnnx.Export.Onnx.AttributeProto.Types;

namespace GanOnnx.Export.Tests.Fixtures;

/// <summary>A model's structure as text for people: everything but the weights' values.</summary>
internal static class GraphText
{
    public static string Of(ModelProto model) => string.Join('\n', Lines(model)) + '\n';

    private static IEnumerable<string> Lines(ModelProto model)
    {
        yield return $"ir {model.IrVersion}, opset {string.Join(", ", model.OpsetImport.Select(o => $"{o.Domain}:{o.Version}"))}, by {model.ProducerName}";
        foreach (var entry in model.MetadataProps)
            yield return $"metadata {entry.Key} = {entry.Value}";
        yield return $"graph {model.Graph.Name}";
        foreach (var input in model.Graph.Input)
            yield return $"  input {Value(input)}";
        foreach (var weight in model.Graph.Initializer)
            yield return $"  initializer {weight.Name} {Type(weight.DataType)} [{string.Join(", ", weight.Dims)}]";
        foreach (var node in model.Graph.Node)
            yield return $"  {node.Name}: {string.Join(", ", node.Output)} = {node.OpType}({string.Join(", ", node.Input)}){Attributes(node)}";
        foreach (var output in model.Graph.Output)
            yield return $"  output {Value(output)}";
    }

    private static string Value(ValueInfoProto value) =>
        $"{value.Name} {Type(value.Type.TensorType.ElemType)} [{string.Join(", ", value.Type.TensorType.Shape.Dim.Select(Dimension))}]";

    private static string Dimension(TensorShapeProto.Types.Dimension dimension) =>
        dimension.HasDimParam ? dimension.DimParam : $"{dimension.DimValue}";

    private static string Type(int type) => ((TensorProto.Types.DataType)type).ToString().ToLowerInvariant();

    private static string Attributes(NodeProto node) =>
        node.Attribute.Count == 0 ? "" : $" {{ {string.Join(", ", node.Attribute.Select(a => $"{a.Name} = {Text(a)}"))} }}";

    private static string Text(AttributeProto attribute) => attribute.Type switch
    {
        AttributeType.Int => $"{attribute.I}",
        AttributeType.Float => attribute.F.ToString(CultureInfo.InvariantCulture),
        AttributeType.String => $"\"{attribute.S.ToStringUtf8()}\"",
        AttributeType.Ints => $"[{string.Join(", ", attribute.Ints)}]",
        _ => throw new NotSupportedException($"{attribute.Name} is of type {attribute.Type}"),
    };
}
