using System.Globalization;
using GanOnnx.Onnx.Checking;
using Google.Protobuf.Collections;
using static GanOnnx.Onnx.AttributeProto.Types;

namespace GanOnnx.Onnx.Editing;

/// <summary>A model's structure as text for people: everything but the weights' values.</summary>
internal static class GraphText
{
    public static string Of(ModelProto model) => string.Join('\n', Lines(model).Select(Shown.Plain)) + '\n';

    private static IEnumerable<string> Lines(ModelProto model)
    {
        yield return $"ir {model.IrVersion}, opset {string.Join(", ", model.OpsetImport.Select(o => $"{o.Domain}:{o.Version}"))}, by "
            + $"{model.ProducerName}";
        foreach (var entry in model.MetadataProps)
            yield return $"metadata {entry.Key} = {entry.Value}";
        foreach (var line in Lines(model.Graph))
            yield return line;
        foreach (var function in model.Functions)
        {
            yield return $"function {function.Domain}:{function.Name}({string.Join(", ", function.Input)}) gives "
                + $"{string.Join(", ", function.Output)}";
            foreach (var line in function.Node.SelectMany(Lines))
                yield return $"  {line}";
        }
    }

    private static IEnumerable<string> Lines(GraphProto graph) =>
    [
        $"graph {graph.Name}",
        .. graph.Input.Select(input => $"  input {Value(input)}"),
        .. graph.Initializer.Select(weight => $"  initializer {Tensor(weight)}"),
        .. graph.Node.SelectMany(Lines).Select(line => $"  {line}"),
        .. graph.Output.Select(output => $"  output {Value(output)}"),
    ];

    /// <summary>A node, and below it the graphs that it runs.</summary>
    private static IEnumerable<string> Lines(NodeProto node) =>
    [
        $"{node.Name}: {string.Join(", ", node.Output)} = "
            + $"{(node.Domain.Length > 0 ? $"{node.Domain}." : "")}{node.OpType}({string.Join(", ", node.Input)}){Attributes(node.Attribute)}",
        .. node.Graphs().SelectMany(Lines).Select(line => $"  {line}"),
    ];

    private static string Value(ValueInfoProto value) =>
        value.Type?.TensorType is { } tensor
            ? $"{value.Name} {Type(tensor.ElemType)} [{(tensor.Shape is { } shape ? string.Join(", ", shape.Dim.Select(Dimension)) : "…")}]"
            : $"{value.Name} {value.Type?.ValueCase ?? TypeProto.ValueOneofCase.None}";

    private static string Tensor(TensorProto tensor) => $"{tensor.Name} {Type(tensor.DataType)} [{string.Join(", ", tensor.Dims)}]";

    private static string Dimension(TensorShapeProto.Types.Dimension dimension) =>
        dimension.HasDimParam ? dimension.DimParam : dimension.HasDimValue ? $"{dimension.DimValue}" : "?";

    private static string Type(int type) => ((TensorProto.Types.DataType)type).ToString().ToLowerInvariant();

    private static string Attributes(RepeatedField<AttributeProto> attributes) =>
        attributes.Count == 0 ? "" : $" {{ {string.Join(", ", attributes.Select(a => $"{a.Name} = {Text(a)}"))} }}";

    private static string Text(AttributeProto attribute) => attribute.Type switch
    {
        AttributeType.Int => $"{attribute.I}",
        AttributeType.Float => Number(attribute.F),
        AttributeType.String => $"\"{attribute.S.ToStringUtf8()}\"",
        AttributeType.Ints => $"[{string.Join(", ", attribute.Ints)}]",
        AttributeType.Floats => $"[{string.Join(", ", attribute.Floats.Select(Number))}]",
        AttributeType.Strings => $"[{string.Join(", ", attribute.Strings.Select(s => $"\"{s.ToStringUtf8()}\""))}]",
        AttributeType.Tensor when attribute.T is { } tensor => Tensor(tensor).TrimStart(),
        var type => type.ToString().ToLowerInvariant(),
    };

    private static string Number(float number) => number.ToString(CultureInfo.InvariantCulture);
}
