namespace GanOnnx.Packages.Tests;

/// <summary>
/// gan-training as a .NET tool: packed for this system with libtorch, installed from a folder of packages, and run from data to a
/// model. Packing and unpacking libtorch takes minutes and 1.2 GB, so it is a command of its own:
/// <c>GANONNX_TRAINING_TOOL=1 ./gan test --filter TrainingTool</c>.
/// </summary>
public sealed class TrainingToolTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void It_trains_exports_and_completes()
    {
        if (Environment.GetEnvironmentVariable("GANONNX_TRAINING_TOOL") != "1")
            Assert.Ignore("It takes minutes: GANONNX_TRAINING_TOOL=1 ./gan test --filter TrainingTool");
        var tool = InstalledTool.Make(_folder, "training/GanOnnx.Training.Cli", "GanOnnx.Training.Tool", "gan-training");
        Assert.That(tool.Size, Is.LessThan(250_000_000), "registries take packages of 250 MB");

        var trained = tool.Run("train", "--data", "synthetic:digits", "--out", "my run", "--kimg", "1", "--width", "2", "--batch", "100");
        Assert.That(trained.ExitCode, Is.Zero, trained.Error);
        Assert.That(trained.Output, Does.Contain("Export it: gan-training export 'my run' --out model.onnx"));
        var exported = tool.Run("export", "my run", "--out", "model.onnx");
        Assert.That(exported.ExitCode, Is.Zero, exported.Error);
        Assert.That(File.Exists(_folder["model.onnx"]));
        Assert.That(tool.Run("[suggest:23]", "gan-training train --lo").Output, Does.Contain("--loss\n"));
        Assert.That(tool.Run("--help").Output, Does.StartWith("gan-training VERB …"));
    }
}
