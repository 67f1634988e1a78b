using GanOnnx.Export.Internals;
using GanOnnx.Export.Onnx;

namespace GanOnnx.Export.Passes;

/// <summary>A node's attributes, read and replaced.</summary>
internal static class Attributes
{
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

    public static void Set(this NodeProto node, string name, IEnumerable<long> values) => node.Set(GraphBuilder.Attribute(name, values));
}
