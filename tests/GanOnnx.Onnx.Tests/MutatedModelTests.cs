using Google.Protobuf;

namespace GanOnnx.Onnx.Tests;

/// <summary>Damaged files are read and checked, or refused with an <see cref="OnnxFileException"/>; nothing is run.</summary>
public sealed class MutatedModelTests : IDisposable
{
    private static readonly byte[][] _files =
    [
        Graphs.Convolution().ToByteArray(), Graphs.Product().ToByteArray(), Graphs.WithABranchAndAFunction().ToByteArray(),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Read_AMutatedModel_IsReadOrRefused() =>
        Mutations.Try(1500, file =>
        {
            File.WriteAllBytes(_folder["mutated.onnx"], file);
            _ = OnnxModel.Check(_folder["mutated.onnx"]);
            _ = OnnxModel.Read(_folder["mutated.onnx"]).ToString();
            return true;
        }, e => e is OnnxFileException, random => Mutations.Mutate(_files, random), limit: TimeSpan.FromSeconds(5), mostMemory: 2L << 30);
}
