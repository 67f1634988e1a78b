using GanOnnx.Data;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Data;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>What a program adds of its own.</summary>
public sealed class RegistrationTests
{
    // Other tests know what the library has by itself.
    [TearDown]
    public void Clean()
    {
        GanRegularizers.Catalog.Remove("own-penalty");
        GanAugmentations.Catalog.Remove("own-augmentation");
    }

    [Test]
    public void What_a_program_registers_is_named_in_a_preset_and_used()
    {
        var used = new HashSet<string>();
        GanRegularizers.Register("own-penalty",
            new Regularizer("the square of the scores", 0.5) { Discriminator = () => new ScorePenalty(used) });
        GanAugmentations.Register("own-augmentation", new AugmentationKind("nothing", _ => _ => new Nothing(used)));
        ImageSources.Register("own-source", argument => new Source(argument, used));
        var options = TrainingOptions.FromJson("""{ "regularizers": "own-penalty:2", "augmentations": "own-augmentation", "architecture": "mlp", "size": 28, "width": 1, "latentSize": 8, "batchSize": 50, "kimg": 1 }""");

        using var folder = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        var complete = Trainer.Run(new TrainingRun { Data = "own-source:60", Folder = folder.Path, Options = options }, monitor);

        Assert.That(complete, Is.True);
        Assert.That(used, Is.EquivalentTo(["penalty", "augmentation", "source"]));
        Assert.That(monitor.Ticks[^1].Figures.Single(f => f.Key.IsExtra),
            Is.EqualTo(KeyValuePair.Create(Figure.Extra("own-penalty"), 4.0)));
        Assert.That(monitor.Start!.Images, Is.EqualTo(60));
    }

    [Test]
    public void A_name_that_is_taken_is_refused() =>
        Assert.That(() => GanLosses.Register("hinge", new GanLoss("mine", _ => new HingeLoss())),
            Throws.ArgumentException.With.Message.StartsWith("The loss 'hinge' is there already. Register yours under another name."));

    [TestCase("")]
    [TestCase("a,b")]
    [TestCase("r1:2")]
    [TestCase("Mine")]
    public void A_name_that_options_cannot_be_written_with_is_refused(string name) =>
        Assert.That(() => Architectures.Register(name, Architectures.Find("mlp")!), Throws.ArgumentException.With.Message.StartsWith(
            $"'{name}' can't be registered as architecture: a name has small letters a to z, digits and hyphens."));

    [Test]
    public void A_regularizer_that_does_nothing_is_refused() =>
        Assert.That(() => GanRegularizers.Register("nothing", new Regularizer("nothing", null)),
            Throws.ArgumentException.With.Message.StartsWith(
            "The regularizer 'nothing' does nothing: set its Discriminator, Generator or Constraint."));

    private sealed class ScorePenalty(HashSet<string> used) : IDiscriminatorRegularizer
    {
        public Tensor Penalty(DiscriminatorBatch batch)
        {
            used.Add("penalty");
            return batch.Score(batch.Real).sum() * 0 + 4;
        }
    }

    private sealed class Nothing(HashSet<string> used) : IAugmentation
    {
        public Tensor Apply(Tensor images, double progress)
        {
            used.Add("augmentation");
            return images;
        }
    }

    private sealed class Source(string count, HashSet<string> used) : IImageSource
    {
        public string Name => "own";
        public int Count { get; } = int.Parse(count);
        public IReadOnlyList<string> Classes => [];
        public int Channels => 1;

        public string NameOf(int image) => $"image {image}";

        public int LabelOf(int image) => -1;

        public byte[] Read(int image, int size, int channels)
        {
            lock (used)
                used.Add("source");
            return [.. Enumerable.Range(0, size * size * channels).Select(i => (byte)(i * (image + 1)))];
        }

        public void Dispose() { }
    }
}
