namespace GanOnnx.Samples.Tests;

public sealed class OwnLossTests
{
    [Test]
    public void A_loss_and_networks_of_a_programs_own_are_trained_from_a_preset_and_exported()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = SampleProgram.Run("OwnLoss",
            Path.Combine(Repository.Root, "training", "samples", "OwnLoss", "tiny.json"), folder.Path);

        Assert.That(code, Is.Zero, error);
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3), "two ticks and the export");
        using var generator = ImageGenerator.Load(Path.Combine(folder.Path, "model.onnx"));
        Assert.That(generator.Model.LatentSize, Is.EqualTo(16), "as the preset says");
    }
}
