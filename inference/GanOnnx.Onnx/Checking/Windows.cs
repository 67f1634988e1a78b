using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Checking;

/// <summary>Whether what moves a window over an image moves it: a stride of 0 ends a process in ONNX Runtime 1.29.</summary>
internal static class Windows
{
    // An image of more isn't held by any memory, and some engines count in 32 bits.
    private const long Largest = int.MaxValue;

    private static readonly string[] _positive = ["strides", "dilations", "kernel_shape"];

    public static IEnumerable<string> Check(NodeProto node)
    {
        if (node.Domain is not ("" or "ai.onnx") || !Ops.Windowed.Contains(node.OpType))
            yield break;
        foreach (var attribute in node.Attribute.Where(a => _positive.Contains(a.Name)))
            if (attribute.Ints.Any(value => value is < 1 or > Largest))
                yield return $"{ModelChecks.NameOf(node)} has the {attribute.Name} [{string.Join(", ", attribute.Ints)}]; each "
                    + "is 1 or more.";
        foreach (var attribute in node.Attribute.Where(a => a.Name is "pads" or "output_padding" or "output_shape"))
            if (attribute.Ints.Any(value => value is < 0 or > Largest))
                yield return $"{ModelChecks.NameOf(node)} has the {attribute.Name} [{string.Join(", ", attribute.Ints)}]; each "
                    + "is 0 or more.";
        if (node.Integer("group", 1) is (< 1 or > Largest) and var group)
            yield return $"{ModelChecks.NameOf(node)} has {group} groups; 1 or more are needed.";
    }
}
