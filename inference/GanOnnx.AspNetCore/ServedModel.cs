namespace GanOnnx.AspNetCore;

/// <summary>A model that is served.</summary>
/// <param name="Path">An .onnx file, or a folder with <c>model.onnx</c>.</param>
/// <param name="Name">What requests call it. The default is null: the file's name without its extension, or its folder's where it is
/// <c>model.onnx</c>.</param>
public sealed record ServedModel(string Path, string? Name = null);
