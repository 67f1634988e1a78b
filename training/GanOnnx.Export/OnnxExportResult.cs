namespace GanOnnx.Export;

/// <summary>A file that was exported and verified.</summary>
/// <param name="Path">The file.</param>
/// <param name="FileSize">Its size in bytes.</param>
/// <param name="Nodes">How many operators its graph has.</param>
/// <param name="Opset">The version of the ONNX operators it uses.</param>
/// <param name="Differences">For each batch size, the largest absolute difference between the module's output and ONNX Runtime's.</param>
public sealed record OnnxExportResult(string Path, long FileSize, int Nodes, int Opset, IReadOnlyList<OutputDifference> Differences);

/// <summary>How far ONNX Runtime's output is from the module's.</summary>
/// <param name="BatchSize">The number of samples run at once (N).</param>
/// <param name="LargestAbsolute">The largest absolute difference of any value.</param>
public sealed record OutputDifference(int BatchSize, double LargestAbsolute);
