namespace GanOnnx.Onnx.Passes;

/// <summary>Takes out nodes that no output depends on, and constants that no node uses.</summary>
internal static class DeadNodes
{
    public static void Apply(GraphProto graph)
    {
        var needed = graph.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var kept = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse().Where(n => n.Output.Any(needed.Contains)))
        {
            kept.Add(node);
            needed.UnionWith(node.Input.Where(i => i.Length > 0)); // an empty name is an input left out
        }
        kept.Reverse();
        Replace(graph.Node, kept);
        Replace(graph.Initializer, [.. graph.Initializer.Where(i => needed.Contains(i.Name))]);
    }

    private static void Replace<T>(Google.Protobuf.Collections.RepeatedField<T> field, List<T> kept)
    {
        field.Clear();
        field.AddRange(kept);
    }
}
