// readme
using GanOnnx.Onnx;
// readme ends

namespace GanOnnx.Onnx.Tests;

/// <summary>The README's code.</summary>
public sealed class ExampleTests
{
    [Test]
    public void The_readmes_code_runs()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.CurrentDirectory;
        File.Copy(Path.Combine(Repository.Root, "models/fashion-dcgan/model.onnx"), folder["model.onnx"]);
        try
        {
            Environment.CurrentDirectory = folder.Path;
            Example();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.That(Directory.GetFiles(folder["copy"]), Has.Length.EqualTo(2));
        Assert.That(OnnxModel.Read(folder["copy/model.onnx"]).Proto, Is.EqualTo(OnnxModel.Read(folder["model.onnx"]).Proto));
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested() =>
        ReadmeCode.AssertTested("inference/GanOnnx.Onnx/README.md", "tests/GanOnnx.Onnx.Tests/ExampleTests.cs");

    private static void Example()
    {
        // readme
        foreach (string fault in OnnxModel.Check("model.onnx"))
            Console.WriteLine(fault);

        OnnxModel model = OnnxModel.Read("model.onnx");
        Console.WriteLine(model); // inputs, weights, nodes, outputs: a line each
        model.Write("copy/model.onnx", externalDataThreshold: 0); // weights of a page or more go into a second file
        // readme ends
    }
}
