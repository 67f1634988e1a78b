using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Checking;

/// <summary>Whether what moves a window over an image moves it: a stride of 0 ends a process in ONNX Runtime 1.29.</summary>
internal static class Windows
{
    // An image with a longer side has more values than an engine counts.
    private const long Largest = 1 << 16;

    private static readonly string[] _positive = ["strides", "dilations", "kernel_shape"];
    private static readonly string[] _notNegative = ["pads", "output_padding", "output_shape"];

    public static IEnumerable<string> Check(ModelProto model)
    {
        var functions = model.Functions.Select(f => (f.Domain, f.Name)).ToHashSet();
        var passedOn = functions.Count > 0 ? PassedOn(model) : [];
        foreach (var node in model.Nodes())
            foreach (var attribute in node.Attribute)
            {
                var meaning = IsWindow(node) ? attribute.Name
                    : functions.Contains((node.Domain, node.OpType)) ? passedOn.GetValueOrDefault(attribute.Name) : null;
                if (meaning is not null && Check(node, attribute, meaning) is { } finding)
                    yield return finding;
            }
        foreach (var function in model.Functions)
            foreach (var attribute in function.AttributeProto)
                if (passedOn.TryGetValue(attribute.Name, out var meaning) && Check(new() { Name = function.Name, OpType = "function" },
                    attribute, meaning) is { } finding)
                    yield return finding;
    }

    private static string? Check(NodeProto node, AttributeProto attribute, string meaning)
    {
        // A value may be another's, which is looked at where it is given.
        if (attribute.RefAttrName.Length > 0)
            return null;
        if (meaning == "group")
            return attribute.I is < 1 or > Largest ? $"{ModelChecks.NameOf(node)} has {attribute.I} groups; 1 or more are needed." : null;
        long? least = _positive.Contains(meaning) ? 1 : _notNegative.Contains(meaning) ? 0 : null;
        return least is { } lowest && attribute.Ints.Any(value => value < lowest || value > Largest)
            ? $"{ModelChecks.NameOf(node)} has the {meaning} [{string.Join(", ", attribute.Ints)}]; each is {lowest} or more." : null;
    }

    /// <summary>What functions call the values that reach a window, and what they are there.</summary>
    private static Dictionary<string, string> PassedOn(ModelProto model)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var references = model.Functions.SelectMany(f => f.Node).WithInner()
            .SelectMany(node => node.Attribute.Where(a => a.RefAttrName.Length > 0).Select(attribute => (node, attribute))).ToList();
        for (var before = -1; before < names.Count;)
        {
            before = names.Count;
            foreach (var (node, attribute) in references)
                if ((IsWindow(node) ? attribute.Name : names.GetValueOrDefault(attribute.Name)) is { } meaning)
                    names.TryAdd(attribute.RefAttrName, meaning);
        }
        return names;
    }

    private static bool IsWindow(NodeProto node) => node.Domain is "" or "ai.onnx" && Ops.Windowed.Contains(node.OpType);
}
