using Google.Protobuf;
using static GanOnnx.Onnx.AttributeProto.Types;

namespace GanOnnx.Onnx.Editing;

/// <summary>A node's attributes, made, read and replaced.</summary>
internal static class Attributes
{
    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Attribute(string name, IEnumerable<long> values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    public static AttributeProto Attribute(string name, IEnumerable<string> values) =>
        new() { Name = name, Type = AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } };

    public static AttributeProto? Find(this NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    public static long Integer(this NodeProto node, string name, long otherwise) => node.Find(name)?.I ?? otherwise;

    public static double Number(this NodeProto node, string name, double otherwise) => node.Find(name)?.F ?? otherwise;

    public static string Text(this NodeProto node, string name, string otherwise) => node.Find(name)?.S.ToStringUtf8() ?? otherwise;

    public static long[]? Integers(this NodeProto node, string name) => node.Find(name) is { } found ? [.. found.Ints] : null;

    /// <summary>Sets an attribute, in the place of the one of that name.</summary>
    public static void Set(this NodeProto node, AttributeProto attribute)
    {
        if (node.Find(attribute.Name) is { } old)
            node.Attribute[node.Attribute.IndexOf(old)] = attribute;
        else
            node.Attribute.Add(attribute);
    }

    public static void Set(this NodeProto node, string name, IEnumerable<long> values) => node.Set(Attribute(name, values));
}
