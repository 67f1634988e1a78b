namespace GanOnnx.Onnx.Passes;

/// <summary>Keeps one constant of those that are equal in type, shape and every bit.</summary>
internal static class Deduplication
{
    public static void Apply(GraphProto graph)
    {
        var first = new Dictionary<TensorProto, string>(new Content());
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var constant in graph.Initializer.ToList())
            if (!first.TryAdd(constant, constant.Name))
                renamed[constant.Name] = first[constant];
        if (renamed.Count == 0)
            return;
        foreach (var node in graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = renamed.GetValueOrDefault(node.Input[i], node.Input[i]);
        DeadNodes.Apply(graph);
    }

    private sealed class Content : IEqualityComparer<TensorProto>
    {
        public bool Equals(TensorProto? x, TensorProto? y) =>
            x!.DataType == y!.DataType && x.Dims.SequenceEqual(y.Dims) && x.RawData.Span.SequenceEqual(y.RawData.Span);

        public int GetHashCode(TensorProto tensor)
        {
            var hash = new HashCode();
            hash.Add(tensor.DataType);
            // The start tells most apart; equal hashes are compared in full.
            hash.AddBytes(tensor.RawData.Span[..Math.Min(tensor.RawData.Length, 4096)]);
            return hash.ToHashCode();
        }
    }
}
