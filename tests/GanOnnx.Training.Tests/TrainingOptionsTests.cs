using System.Text.Json;

namespace GanOnnx.Training.Tests;

public sealed class TrainingOptionsTests
{
    [Test]
    public void Validate_Defaults_AreFine() => Assert.That(() => new TrainingOptions().Validate(), Throws.Nothing);

    private static readonly object[][] _bad =
    [
        [new TrainingOptions { Architecture = "dcgam" }, "there is no architecture 'dcgam'; there are: mlp, dcgan, resnet, stylegan2"],
        [new TrainingOptions { Loss = "hing" },
            "there is no loss 'hing'; there are: non-saturating, minimax, least-squares, wasserstein, hinge, relativistic-average, "
                + "relativistic-pairing"],
        [new TrainingOptions { Size = 48 }, "dcgan makes images of 32, 64, 128 or 256 pixels, not 48"],
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

    private static readonly object[][] _badCombinations =
    [
        [new TrainingOptions { Regularizers = "weight-clipping,r1" },
            "weight-clipping and r1 work against each other, so choose one: clipped weights are WGAN's only bound"],
        [new TrainingOptions { Loss = "wasserstein" },
            "the loss wasserstein has no end unless the discriminator's slope is bounded; add one of the regularizers gradient-penalty, "
            + "weight-clipping or spectral-norm"],
        [new TrainingOptions { Regularizers = "path-length" },
            "path-length needs intermediate latents, which stylegan2 has and dcgan hasn't"],
        [new TrainingOptions { Architecture = "stylegan2", Regularizers = "spectral-norm" },
            "spectral-norm and stylegan2's equalized learning rate, which keeps its weights at size 1, work against each other; take r1 "
            + "or gradient-penalty instead"],
        [new TrainingOptions { Architecture = "stylegan2", MinibatchDiscrimination = true },
            "stylegan2 compares the images of a batch in its own way (minibatch standard deviation); leave minibatch discrimination out"],
        [new TrainingOptions { Architecture = "mlp", Condition = "projection" }, "mlp takes labels by none or concat, not 'projection'"],
        [new TrainingOptions { Loss = "hinge", LabelSmoothing = 0.1 },
            "the loss hinge has no probabilities to smooth; leave label smoothing out, or take non-saturating or minimax"],
        [new TrainingOptions { Regularizers = "r1", MinibatchDiscrimination = true },
            "r1 looks at each image's score alone, which minibatch discrimination ties to the others; leave one of them out"],
        [new TrainingOptions { Augmentations = "diff,ada" }, "diff and ada do the same work, so choose one"],
        [new TrainingOptions { Schedule = "step" }, "there is no schedule 'step'; there are: constant, linear, constant-linear, cosine"],
        [new TrainingOptions { Kimg = 10, WarmupKimg = 10 }, "the warm-up takes 0 kimg or more and less than training's 10, not 10"],
    ];

    [TestCaseSource(nameof(_badCombinations))]
    public void Validate_WhatDoesNotGoTogether_SaysWhatWould(TrainingOptions options, string what) =>
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.EqualTo($"These options can't be used: {what}."));

    [TestCaseSource(nameof(Presets))]
    public void Every_preset_can_be_read_and_is_valid(string path) =>
        Assert.That(() => JsonSerializer.Deserialize<TrainingOptions>(File.ReadAllText(path), TrainingOptions.Json)!.Validate(),
            Throws.Nothing);

    // One that goes wrong late has lost all else: its checkpoint is the last state alone.
    [TestCaseSource(nameof(Presets))]
    public void A_preset_keeps_snapshots_on_its_way(string path)
    {
        var options = TrainingOptions.FromJson(File.ReadAllText(path));
        Assert.That(options.Kimg / options.SnapshotKimg, Is.GreaterThanOrEqualTo(4));
    }

    private static string[] Presets() => Directory.GetFiles(Path.Combine(Repository.Root, "training", "configs"), "*.json");
}
