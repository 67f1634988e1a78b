using Google.Protobuf;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>A folder for the model files of one test class, deleted afterwards.</summary>
internal sealed class ModelFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ganonnx-").FullName;

    public string Save(ModelBuilder builder, string name = "model.onnx") => Save(builder.Model.ToByteArray(), name);

    public string Save(byte[] bytes, string name = "model.onnx")
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
