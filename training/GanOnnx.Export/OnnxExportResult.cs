namespace GanOnnx.Export;

/// <summary>A file that was exported and verified.</summary>
/// <param name="Path">The file.</param>
/// <param name="FileSize">Its size in bytes, with the weights beside it where there are any.</param>
/// <param name="Nodes">How many operators its graph has.</param>
/// <param name="Opset">The version of the ONNX operators it uses.</param>
/// <param name="Differences">How far ONNX Runtime's outputs are from the module's, for each run and output.</param>
public sealed record OnnxExportResult(string Path, long FileSize, int Nodes, int Opset, IReadOnlyList<OutputDifference> Differences);

/// <summary>How far one of ONNX Runtime's outputs is from the module's.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Sizes">The open axes' sizes in this run, by their names, as 7 of <c>N</c>; none where no axis is open.</param>
/// <param name="LargestAbsolute">The largest absolute difference of any value.</param>
/// <param name="LargestRelative">That difference as a part of the output's largest absolute value.</param>
public sealed record OutputDifference(string Output, IReadOnlyDictionary<string, long> Sizes, double LargestAbsolute,
    double LargestRelative);
