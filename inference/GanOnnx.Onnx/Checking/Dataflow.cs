using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Checking;

/// <summary>Whether every value is made once, and before it is used.</summary>
internal static class Dataflow
{
    public static IEnumerable<string> Check(ModelProto model) =>
    [
        .. Check(model.Graph, null),
        .. model.Functions.SelectMany(f => Check(f.Node, new Scope(null, f.Input), f.Output, $"function {Shown.Text(f.Name)}")),
    ];

    private static IEnumerable<string> Check(GraphProto graph, Scope? outer)
    {
        var given = graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name))
            .Concat(graph.SparseInitializer.Select(i => i.Values?.Name ?? ""));
        return Check(graph.Node, new Scope(outer, given), graph.Output.Select(o => o.Name), $"graph {Shown.Text(graph.Name)}");
    }

    private static IEnumerable<string> Check(IReadOnlyCollection<NodeProto> nodes, Scope known, IEnumerable<string> outputs, string where)
    {
        var all = nodes.SelectMany(n => n.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (var input in node.Input.Where(i => i.Length > 0 && !known.Has(i)))
                yield return $"{ModelChecks.NameOf(node)} in the {where} takes {Shown.Text(input)}, which "
                    + $"{(all.Contains(input) ? "is made only later" : "nothing makes")}.";
            foreach (var finding in node.Graphs().SelectMany(inner => Check(inner, known)))
                yield return finding;
            foreach (var output in node.Output.Where(o => o.Length > 0 && !known.Add(o)))
                yield return $"{ModelChecks.NameOf(node)} in the {where} makes {Shown.Text(output)}, which is there already.";
        }
        foreach (var output in outputs.Where(o => !known.Has(o)))
            yield return $"The {where} gives {Shown.Text(output)}, which nothing makes.";
    }

    /// <summary>The values that are there, in a graph and in those around it.</summary>
    private sealed class Scope(Scope? outer, IEnumerable<string> given)
    {
        private readonly HashSet<string> _names = given.ToHashSet(StringComparer.Ordinal);

        public bool Has(string name) => _names.Contains(name) || (outer?.Has(name) ?? false);

        public bool Add(string name) => _names.Add(name);
    }
}
