using System.Text.Json.Nodes;
using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.Quality;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>Images that aren't trained on, and what the discriminator says of them.</summary>
public sealed class HoldOutTests
{
    // 2 kimg in batches of 50 are 40 steps, a tick every 20; of 10,000 digits 200 are held out.
    private static readonly TrainingOptions _tiny = new() { Width = 2, LatentSize = 8, BatchSize = 50, Kimg = 2, TickKimg = 1, Seed = 7 };

    [TestCase(3f, 0, Description = "as those trained on")]
    [TestCase(2.5f, 0.25)]
    [TestCase(1f, 1, Description = "as generated ones")]
    [TestCase(0f, 1.5, Description = "worse than generated ones")]
    [TestCase(4f, -0.5, Description = "better than those trained on")]
    public void Known_scores_give_the_known_figure(float heldOut, double expected) =>
        Assert.That(Overfitting.Of([3.1f, 2.9f], [heldOut, heldOut], [0.9f, 1.1f]), Is.EqualTo(expected).Within(1e-6), "float sums");

    [Test]
    public void A_discriminator_that_tells_nothing_apart_has_no_figure()
    {
        Assert.That(Overfitting.Of([1, 2, 3], [0, 0, 0], [1, 2, 3]), Is.Null, "apart by nothing");
        Assert.That(Overfitting.Of([1, 2, 3], [0, 0, 0], [3, 4, 5]), Is.Null, "generated ones look better to it");
        Assert.That(Overfitting.Of([1, 2, 3], [0, 0, 0], [0.9f, 1.9f, 2.9f]), Is.Null, "apart by less than chance");
        Assert.That(Overfitting.Of([float.NaN, 2], [0, 0], [0, 0]), Is.Null);
    }

    [TestCase(159, 0)]
    [TestCase(160, 16)]
    [TestCase(1000, 20)]
    [TestCase(60_000, 500)]
    public void A_fiftieth_is_held_out_by_default(int images, int expected) =>
        Assert.That(HeldOutImages.CountOf(_tiny, images), Is.EqualTo(expected));

    [Test]
    public void What_is_asked_for_is_held_out_and_a_batch_is_always_left()
    {
        Assert.That(HeldOutImages.CountOf(_tiny with { HoldOut = 3 }, 100), Is.EqualTo(3));
        Assert.That(HeldOutImages.CountOf(_tiny with { HoldOut = 0 }, 10_000), Is.Zero);
        Assert.That(HeldOutImages.CountOf(_tiny with { BatchSize = 144 }, 160), Is.EqualTo(16));
        Assert.That(HeldOutImages.CountOf(_tiny with { BatchSize = 145 }, 160), Is.Zero);
        Assert.That(HeldOutImages.CountOf(new TrainingOptions { Task = "pix2pix", Architecture = "unet" }, 10_000), Is.Zero, "pairs are all trained on");
    }

    [Test]
    public void Held_out_images_are_never_trained_on_and_all_others_are()
    {
        using var folder = new TemporaryFolder();
        // Each image is filled with its number.
        byte[] pixels = [.. Enumerable.Range(0, 100).SelectMany(i => Enumerable.Repeat((byte)i, 32 * 32))];
        File.WriteAllBytes(folder["x-images-idx3-ubyte"], [0, 0, 8, 3, 0, 0, 0, 100, 0, 0, 0, 32, 0, 0, 0, 32, .. pixels]);
        using var data = ImageDataset.Decode(folder["x-images-idx3-ubyte"], folder["images"], 32, null);
        var images = new HeldOutImages(100, 20, seed: 7);
        var sampler = new BatchSampler(data, 10, seed: 7, trained: images.Trained);
        List<int> epoch = [];
        for (var batch = 8; batch < 16; batch++)
        {
            var read = new byte[sampler.Length];
            sampler.Read(batch, read, new long[10]);
            epoch.AddRange(read.Chunk(32 * 32).Select(image => (int)image[0]));
        }

        Assert.That(epoch.Order(), Is.EqualTo(images.Trained), "an epoch is every image that isn't held out, once");
        Assert.That(images.HeldOut, Has.Length.EqualTo(20));
        Assert.That(images.Trained.Concat(images.HeldOut).Order(), Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(images.Compared, Has.Length.EqualTo(20).And.SubsetOf(images.Trained));
        Assert.That(new HeldOutImages(100, 20, seed: 7).HeldOut, Is.EqualTo(images.HeldOut));
        Assert.That(new HeldOutImages(100, 20, seed: 8).HeldOut, Is.Not.EqualTo(images.HeldOut));
    }

    private static readonly TestCaseData[] _networks =
    [
        new TestCaseData(_tiny with { Architecture = "mlp", Condition = "concat", MinibatchDiscrimination = true }).SetArgDisplayNames("mlp"),
        new TestCaseData(_tiny).SetArgDisplayNames("dcgan with batch normalization"),
        new TestCaseData(_tiny with { Condition = "projection", Loss = "hinge", Regularizers = "spectral-norm", Augmentations = "diff,instance-noise" })
            .SetArgDisplayNames("dcgan with spectral norm"),
        new TestCaseData(_tiny with { Architecture = "stylegan2", Network = new() { ["mappingLayers"] = 2 },
            Regularizers = "r1:1/4,path-length:2/4", Augmentations = "flip,ada" }).SetArgDisplayNames("stylegan2"),
    ];

    [TestCaseSource(nameof(_networks))]
    public void Asking_the_discriminator_changes_nothing_that_is_trained_to_the_bit(TrainingOptions options)
    {
        using var folder = new TemporaryFolder();
        using var plain = new NoiseToImageTask(options, 1, 10, CPU);
        using var asked = new NoiseToImageTask(options, 1, 10, CPU);
        using var known = Batch(50, 3);
        using var unknown = Batch(50, 5);
        List<Verdict> verdicts = [];
        for (var step = 0; step < 3; step++)
        {
            plain.Step(step, [known]);
            asked.Step(step, [known]);
            verdicts.Add(asked.Judge(step + 1, known, unknown)!);
            var again = asked.Judge(step + 1, known, unknown)!;
            Assert.That(again.Trained.Concat(again.HeldOut).Concat(again.Generated),
                Is.EqualTo(verdicts[^1].Trained.Concat(verdicts[^1].HeldOut).Concat(verdicts[^1].Generated)), "it says the same when asked again");
        }
        Checkpoint.Save(folder["plain"], plain, Info(options));
        Checkpoint.Save(folder["asked"], asked, Info(options));

        Assert.That(File.ReadAllBytes(folder["asked"]), Is.EqualTo(File.ReadAllBytes(folder["plain"])));
        Assert.That((verdicts[0].Trained.Length, verdicts[0].HeldOut.Length, verdicts[0].Generated.Length), Is.EqualTo((50, 50, 50)));
        Assert.That(verdicts[2].HeldOut, Is.Not.EqualTo(verdicts[2].Trained));
        Assert.That(verdicts[2].Generated, Is.Not.EqualTo(verdicts[0].Generated), "what is trained is what is asked");

        TrainingBatch Batch(int count, int factor) => new(
            tensor(Enumerable.Range(0, count * 32 * 32).Select(i => (byte)(i * factor + i / 1024 * 7)).ToArray(), [count, 1, 32, 32]),
            options.IsConditional ? arange(count, dtype: int64).remainder(10) : null);
    }

    [Test]
    public void A_run_tells_it_at_every_tick_and_a_resumed_one_tells_the_same()
    {
        using var unbroken = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Train(unbroken, _tiny, monitor);
        using var stop = new CancellationTokenSource();
        Train(stopped, _tiny, new RecordingMonitor(step => { if (step == 33) stop.Cancel(); }), stop: stop.Token);
        Train(stopped, _tiny, resume: true);

        Assert.That(monitor.Ticks.Select(tick => tick[Figures.HeldOutProbability]), Has.All.InRange(0, 1));
        Assert.That(Told(stopped), Is.EqualTo(Told(unbroken)));
        Assert.That((int)JsonNode.Parse(File.ReadAllText(unbroken["run.json"]))!["heldOut"]!, Is.EqualTo(200));
        Assert.That(File.ReadAllBytes(stopped[Checkpoint.FileName]), Is.EqualTo(File.ReadAllBytes(unbroken[Checkpoint.FileName])));

        static string[] Told(TemporaryFolder folder) => [.. File.ReadLines(folder["metrics.jsonl"]).Select(line => JsonNode.Parse(line))
            .Select(tick => $"{tick!["step"]}: {tick["heldOutProbability"]} {tick["overfitting"]}")];
    }

    [Test]
    public void Scores_that_are_no_logits_are_told_as_such()
    {
        using var folder = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Train(folder, _tiny with { Loss = "hinge", Kimg = 1 }, monitor);
        Assert.That(monitor.Ticks[0][Figures.HeldOutScore], Is.Not.Null);
    }

    [Test]
    public void A_run_that_holds_none_out_tells_nothing_of_it()
    {
        using var folder = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Train(folder, _tiny with { HoldOut = 0, Kimg = 1 }, monitor);
        Assert.That((monitor.Ticks[0][Figures.HeldOutProbability], monitor.Ticks[0][Figures.Overfitting]), Is.EqualTo(((double?)null,
            (double?)null)));
    }

    // Version 0.1 had no such option, and its checkpoints say nothing of it.
    [Test]
    public void A_run_of_before_goes_on_with_all_its_images()
    {
        using var before = new TemporaryFolder();
        using var unbroken = new TemporaryFolder();
        Train(unbroken, _tiny with { HoldOut = 0 });
        Train(before, _tiny with { HoldOut = 0, Kimg = 1 });
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        CheckpointInfo info;
        using (var checkpoint = Checkpoint.Open(before.Path))
        {
            checkpoint.Restore(task);
            info = checkpoint.Info;
        }
        Checkpoint.Save(before[Checkpoint.FileName], task, info with { Options = info.Options with { HoldOut = null } });

        Train(before, _tiny, resume: true);

        Assert.That(Weights(before), Is.EqualTo(Weights(unbroken)));
        using var last = Checkpoint.Open(before.Path);
        Assert.That(last.Info.HeldOut, Is.Zero);

        static float[] Weights(TemporaryFolder folder)
        {
            using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
            using var checkpoint = Checkpoint.Open(folder.Path);
            checkpoint.Restore(task);
            return [.. task.Discriminator.parameters().Concat(task.Generator.parameters()).SelectMany(p => p.data<float>().ToArray())];
        }
    }

    [Test]
    public void Another_number_of_them_is_another_run()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny with { HoldOut = 30, Kimg = 1 });
        Assert.That(() => Train(folder, _tiny with { HoldOut = 40 }, resume: true),
            Throws.TypeOf<TrainingException>().With.Message.StartsWith(
            $"The checkpoint in '{folder.Path}' was trained with other options: holdOut 30, not 40. "));
    }

    [Test]
    public void So_many_that_no_batch_is_left_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Train(folder, _tiny with { HoldOut = 9951 }), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            "'synthetic:digits' has 10000 images. Without the 9951 that are held out there are fewer than a batch of 50 to train on. Hold out fewer, or "
                + "make batches smaller.").And.Property("Option").EqualTo("hold-out"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void Numbers_that_cannot_be_are_refused()
    {
        Assert.That(() => (_tiny with { HoldOut = -1 }).Validate(),
            Throws.TypeOf<TrainingException>().With.Message.Contains("0 images or more are held out, not -1"));
        Assert.That(() => new TrainingOptions { Task = "pix2pix", Architecture = "unet", HoldOut = 5 }.Validate(),
            Throws.TypeOf<TrainingException>().With.Message.Contains("pix2pix trains on all images; hold out none"));
    }

    private static bool Train(TemporaryFolder folder, TrainingOptions options, RecordingMonitor? monitor = null, bool resume = false,
        CancellationToken stop = default) =>
        Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = folder.Path, Options = options, Resume = resume },
            monitor ?? new RecordingMonitor(), stop);

    private static CheckpointInfo Info(TrainingOptions options) =>
        new() { Step = 3, Options = options, Channels = 1, Data = "d", DataFingerprint = "f", Tool = "t" };
}
