// readme
using GanOnnx.Export;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
// readme ends

namespace GanOnnx.Export.Tests;

/// <summary>The C# of the library's README is this file's: it compiles and runs.</summary>
public sealed class ExampleTests
{
    [Test]
    public void A_classifier_is_exported_and_run_in_fifteen_lines()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.Path;
            Assert.That(Classify(), Has.Length.EqualTo(10));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static float[] Classify()
    {
        // readme
        using var classifier = Sequential(
            ("conv", Conv2d(1, 8, 3, padding: 1)), ("norm", BatchNorm2d(8)), ("relu", ReLU()), ("pool", MaxPool2d(2)),
            ("flatten", Flatten()), ("scores", Linear(8 * 14 * 14, 10)));
        classifier.eval(); // after its training
        var options = new OnnxExportOptions { InputNames = ["image"], OutputNames = ["scores"] };
        var result = OnnxExporter.Export(classifier, zeros(1, 1, 28, 28), "classifier.onnx", options);
        Console.WriteLine($"{result.Nodes} operators, largest difference {result.Differences.Max(d => d.LargestAbsolute):g2}");

        using var session = new InferenceSession("classifier.onnx");
        using var image = OrtValue.CreateTensorValueFromMemory(new float[28 * 28], [1, 1, 28, 28]);
        using var outputs = session.Run(new RunOptions(), ["image"], [image], ["scores"]);
        float[] scores = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        // readme ends
        return scores;
    }

    // readme
    internal sealed class Residual : TracedModule
    {
        private readonly TorchSharp.Modules.Conv2d _conv1 = Conv2d(8, 8, 3, padding: 1);
        private readonly TorchSharp.Modules.Conv2d _conv2 = Conv2d(8, 8, 3, padding: 1);

        public Residual() : base("Residual") => RegisterComponents();

        public override TracedTensor forward(TracedTensor x) => x + _conv2.call(_conv1.call(x).relu());
    }
    // readme ends

    [Test]
    public void A_module_with_a_forward_of_its_own_is_exported_as_it_runs()
    {
        using var folder = new TemporaryFolder();
        using var residual = new Residual();
        residual.eval();
        Assert.That(OnnxExporter.Export(residual, zeros(1, 8, 16, 16), folder["residual.onnx"]).Nodes, Is.EqualTo(4));
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested() =>
        ReadmeCode.AssertTested("training/GanOnnx.Export/README.md", "tests/GanOnnx.Export.Tests/ExampleTests.cs");
}
