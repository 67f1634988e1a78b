using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Checking;

/// <summary>Whether functions that the file defines come to an end, and don't become more nodes than a runtime can hold.</summary>
internal static class Functions
{
    private const long MostNodes = 1_000_000;
    private const int Deepest = 500;

    public static IEnumerable<string> Check(ModelProto model)
    {
        var functions = model.Functions.GroupBy(Key).ToDictionary(g => g.Key, g => g.First());
        var sizes = new Dictionary<(string, string), long>();
        foreach (var function in functions.Values)
            switch (Size(function.Node, functions, sizes, [Key(function)]))
            {
                case null:
                    yield return $"The function {Shown.Text(function.Name)} calls itself, at once or through others, or others more than "
                        + $"{Deepest} deep.";
                    break;
                case > MostNodes:
                    yield return $"The function {Shown.Text(function.Name)} becomes more than {MostNodes} nodes when the functions it "
                        + "calls are put in.";
                    break;
            }
        if (Size(model.Graph.Node, functions, sizes, []) > MostNodes)
            yield return $"The graph becomes more than {MostNodes} nodes when the functions it calls are put in.";
    }

    /// <summary>How many nodes there are with all functions put in, cut at one more than allowed; null where that has no end.</summary>
    private static long? Size(IEnumerable<NodeProto> nodes, Dictionary<(string, string), FunctionProto> functions,
        Dictionary<(string, string), long> sizes, HashSet<(string, string)> open)
    {
        long size = 0;
        foreach (var node in nodes.WithInner())
        {
            var key = (node.Domain, node.OpType);
            if (!functions.TryGetValue(key, out var function))
                size++;
            else if (sizes.TryGetValue(key, out var known))
                size += known;
            else if (open.Count > Deepest || !open.Add(key) || Size(function.Node, functions, sizes, open) is not { } found)
                return null;
            else
            {
                open.Remove(key);
                size += sizes[key] = found;
            }
            size = Math.Min(size, MostNodes + 1);
        }
        return size;
    }

    private static (string, string) Key(FunctionProto function) => (function.Domain, function.Name);
}
