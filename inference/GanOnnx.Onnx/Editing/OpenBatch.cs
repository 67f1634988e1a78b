namespace GanOnnx.Onnx.Editing;

/// <summary>Opens the first axis of a graph whose file fixes it at 1, where every operator treats each of a batch alike.</summary>
internal static class OpenBatch
{
    // None of these mixes the images of a batch, and none has the batch's size in a constant.
    private static readonly HashSet<string> _perImage = new(StringComparer.Ordinal)
    {
        "Add", "AveragePool", "BatchNormalization", "Clip", "Constant", "Conv", "Dropout", "GlobalAveragePool", "Identity", "LeakyRelu",
        "LRN", "MaxPool", "Mul", "PRelu", "Relu", "Sigmoid", "Sub", "Tanh",
    };

    /// <summary>Opens it, if all operators allow it and inputs and outputs have it first.</summary>
    /// <returns>Whether it is open now.</returns>
    public static bool TryApply(GraphProto graph)
    {
        var values = graph.Input.Where(input => graph.Initializer.All(constant => constant.Name != input.Name)).Concat(graph.Output)
            .ToList();
        if (graph.Node.Any(node => !_perImage.Contains(node.OpType))
            || values.Any(value => value.Type?.TensorType?.Shape?.Dim is not [{ DimValue: 1 }, _, ..]))
            return false;
        foreach (var value in values)
            value.Type.TensorType.Shape.Dim[0] = new() { DimParam = "N" };
        // They repeat what is inferred, the 1 among it.
        graph.ValueInfo.Clear();
        return true;
    }
}
