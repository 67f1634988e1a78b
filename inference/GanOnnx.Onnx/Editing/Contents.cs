namespace GanOnnx.Onnx.Editing;

/// <summary>What a model has, within nodes too: an If runs graphs, whose nodes may be Ifs.</summary>
internal static class Contents
{
    /// <summary>The graph, and those that nodes run.</summary>
    public static IEnumerable<GraphProto> Graphs(this ModelProto model) => model.Nodes().SelectMany(Graphs).Prepend(model.Graph);

    /// <summary>The nodes of all graphs and functions.</summary>
    public static IEnumerable<NodeProto> Nodes(this ModelProto model) =>
        model.Graph.Node.Concat(model.Functions.SelectMany(f => f.Node)).WithInner();

    /// <summary>The constants of all graphs, and those that are attributes.</summary>
    public static IEnumerable<TensorProto> Tensors(this ModelProto model) =>
        model.Graphs().SelectMany(g => g.Initializer).Concat(model.Nodes().SelectMany(n => n.Attribute).SelectMany(Tensors));

    /// <summary>The graphs that a node runs, without those within their nodes.</summary>
    public static IEnumerable<GraphProto> Graphs(this NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is { } graph ? a.Graphs.Prepend(graph) : a.Graphs);

    /// <summary>Nodes, and those of the graphs that they run.</summary>
    public static IEnumerable<NodeProto> WithInner(this IEnumerable<NodeProto> nodes) =>
        nodes.SelectMany(n => n.Graphs().SelectMany(g => g.Node).WithInner().Prepend(n));

    private static IEnumerable<TensorProto> Tensors(AttributeProto attribute) =>
        attribute.T is { } tensor ? attribute.Tensors.Prepend(tensor) : attribute.Tensors;
}
