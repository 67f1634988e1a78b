namespace GanOnnx.Onnx.Checking;

/// <summary>Whether the shapes of a graph's inputs, outputs and values can be.</summary>
internal static class ValueTypes
{
    public static IEnumerable<string> Check(GraphProto graph) =>
    [
        .. graph.Input.SelectMany(v => Check("input", v)),
        .. graph.Output.SelectMany(v => Check("output", v)),
        .. graph.ValueInfo.SelectMany(v => Check("value", v)),
    ];

    private static IEnumerable<string> Check(string kind, ValueInfoProto value)
    {
        if (value.Type?.TensorType?.Shape is not { } shape)
            yield break;
        var known = shape.Dim.Where(d => d.HasDimValue).Select(d => d.DimValue).ToList();
        // Some exporters write −1 for an open axis, and engines take it.
        if (known.Any(size => size < -1))
            yield return $"The {kind} {Shown.Text(value.Name)} has an axis of {known.Min()} values; 0 or more are needed.";
        else if (TensorSize.Count(known.Where(size => size > 0)) is null or > int.MaxValue)
            yield return $"The {kind} {Shown.Text(value.Name)} has [{string.Join(", ", known)}], which is more than {int.MaxValue} values.";
    }
}
