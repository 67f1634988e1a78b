namespace GanOnnx.Export;

/// <summary>How a module is exported.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The input's name. The default is <c>input</c>.</summary>
    public string InputName { get; init; } = "input";

    /// <summary>The output's name. The default is <c>output</c>.</summary>
    public string OutputName { get; init; } = "output";

    /// <summary>What goes into the file's <c>metadata_props</c>, in this order. The default is nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>The batch sizes at which ONNX Runtime's output is compared with the module's. The default is 1 and 7.</summary>
    public IReadOnlyList<int> VerifiedBatchSizes { get; init; } = [1, 7];

    /// <summary>The largest absolute difference between the two outputs that is accepted, above 0. The default is 0.0001.</summary>
    public double Tolerance { get; init; } = 1e-4;
}
