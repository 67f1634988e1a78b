using System.Text.Json;

namespace GanOnnx.Training.Tests;

public sealed class TrainingOptionsTests
{
    [Test]
    public void Validate_Defaults_AreFine() => Assert.That(() => new TrainingOptions().Validate(), Throws.Nothing);

    private static readonly object[][] _bad =
    [
        [new TrainingOptions { Architecture = "dcgam" }, "there is no architecture 'dcgam'; there are: dcgan"],
        [new TrainingOptions { Loss = "hing" }, "there is no loss 'hing'; there are: non-saturating, minimax, least-squares, wasserstein, hinge, relativistic-average"],
        [new TrainingOptions { Size = 48 }, "dcgan makes images of 32 or 64 pixels, not 48"],
        [new TrainingOptions { Channels = 4 }, "images have 1 or 3 channels, not 4"],
        [new TrainingOptions { LatentSize = 0 }, "the latent size is 1 to 4096, not 0"],
        [new TrainingOptions { Width = 0 }, "the width is 1 to 1024, not 0"],
        [new TrainingOptions { BatchSize = 1 }, "the batch size is 2 to 4096, not 1"],
        [new TrainingOptions { Kimg = 0 }, "training takes 1 kimg or more, not 0"],
        [new TrainingOptions { TickKimg = 0 }, "a tick takes 1 kimg or more, not 0"],
        [new TrainingOptions { LearningRate = -1 }, "the learning rate is above 0, not -1"],
        [new TrainingOptions { Beta1 = 1 }, "Adam's betas are 0 to below 1, not 1 and 0.999"],
        [new TrainingOptions { AverageHalfLifeKimg = 0 }, "the average's half-life is above 0 kimg, not 0"],
        [new TrainingOptions { Kimg = 0, Width = 0 }, "the width is 1 to 1024, not 0; training takes 1 kimg or more, not 0"],
    ];

    [TestCaseSource(nameof(_bad))]
    public void Validate_OutOfRange_SaysAllThatIsWrong(TrainingOptions options, string what) =>
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.EqualTo($"These options can't be used: {what}."));

    [TestCaseSource(nameof(Presets))]
    public void Every_preset_can_be_read_and_is_valid(string path) =>
        Assert.That(() => JsonSerializer.Deserialize<TrainingOptions>(File.ReadAllText(path), TrainingOptions.Json)!.Validate(), Throws.Nothing);

    private static string[] Presets() => Directory.GetFiles(Path.Combine(Repository.Root, "training", "configs"), "*.json");
}
