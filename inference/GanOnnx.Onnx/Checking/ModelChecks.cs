using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Checking;

/// <summary>What a runtime would stumble over in a file of a stranger, found without one.</summary>
internal static class ModelChecks
{
    // A file may be wrong in every node.
    private const int MostFindings = 100;

    /// <summary>What is wrong, a sentence each.</summary>
    /// <param name="model">The model, without the weights beside its file.</param>
    /// <param name="path">Its file.</param>
    public static IReadOnlyList<string> Of(ModelProto model, string path) =>
        [.. Opsets.Check(model).Concat(Dataflow.Check(model)).Concat(Dangers(model, path)).Distinct().Take(MostFindings)];

    /// <summary>
    /// Of these, what a runtime would not refuse by itself: it would end the process, never come to an end, run out of memory, or read
    /// elsewhere.
    /// </summary>
    /// <param name="model">The model, without the weights beside its file.</param>
    /// <param name="path">Its file.</param>
    public static IReadOnlyList<string> Dangers(ModelProto model, string path) =>
    [
        .. Functions.Check(model)
            .Concat(model.Graphs().SelectMany(ValueTypes.Check))
            .Concat(model.Tensors().SelectMany(tensor => Weights.Check(tensor, path)))
            .Concat(Windows.Check(model))
            .Concat(Sizes.Check(model))
            .Concat(Loops.Check(model))
            .Distinct().Take(MostFindings),
    ];

    /// <summary>What messages call a node.</summary>
    public static string NameOf(NodeProto node) =>
        node.Name.Length > 0 ? $"{Shown.Text(node.Name)} ({Shown.Plain(node.OpType)})"
        : $"the {Shown.Plain(node.OpType)} that gives {Shown.Text(node.Output.FirstOrDefault(""))}";
}
