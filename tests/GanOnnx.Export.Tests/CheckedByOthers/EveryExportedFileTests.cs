using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Onnx;
using Google.Protobuf;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.CheckedByOthers;

/// <summary>That the check of every exported file is made, and finds what is wrong.</summary>
public sealed class EveryExportedFileTests
{
    [Test]
    public void ReferenceChecker_IsThere()
    {
        if (!EveryExportedFile.Checker.IsThere)
            Assert.Ignore(ReferenceChecker.Remedy);
    }

    [Test]
    public void Closing_OfAFolder_ChecksTheFilesInIt()
    {
        var before = EveryExportedFile.Checked;
        using (var folder = new TemporaryFolder())
            Export(folder["new.onnx"], 0.123);

        Assert.That(EveryExportedFile.Checked, Is.EqualTo(before + 1));
    }

    [Test]
    public void ReferenceChecker_RefusesAWrongShape()
    {
        if (!EveryExportedFile.Checker.IsThere)
            Assert.Ignore(ReferenceChecker.Remedy);
        using var folder = new TemporaryFolder();
        Export(folder["m.onnx"], 0.2);
        var model = OnnxFile.Read(folder["m.onnx"]);
        model.Graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue = 5;
        File.WriteAllBytes(folder["m.bad"], model.ToByteArray());

        Assert.That(() => EveryExportedFile.Checker.Check(folder["m.bad"], model),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("ONNX's checker refuses m.bad: "));
    }

    [Test]
    public void Closing_OfAFolderWithABrokenFile_Throws()
    {
        var folder = new TemporaryFolder();
        Export(folder["m.onnx"], 0.3);
        var model = OnnxFile.Read(folder["m.onnx"]);
        model.Graph.Node[0].OpType = "Reluu";
        File.WriteAllBytes(folder["m.onnx"], model.ToByteArray());

        Assert.That(folder.Dispose, Throws.Exception);
        Assert.That(folder.Path, Does.Not.Exist);
    }

    private static void Export(string path, double slope)
    {
        using var scope = NewDisposeScope();
        OnnxExporter.Export(LeakyReLU(slope).Ready(), zeros([1, 4]), path);
    }
}
