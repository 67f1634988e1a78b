using System.Text.Json.Nodes;
using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training.Tests.Tasks;

/// <summary>Another task than GANs, on data with second images, under the same loop, checkpoints, monitoring and resuming.</summary>
public sealed class SecondImageTests
{
    private static readonly TrainingOptions _options =
        new() { Task = "paired", Size = 8, BatchSize = 50, Kimg = 2, TickKimg = 1, Seed = 7 };

    [OneTimeSetUp]
    public void Register()
    {
        TrainingTasks.Catalog.Register("paired", new SecondImageKind(SecondImages.Paired));
        TrainingTasks.Catalog.Register("unpaired", new SecondImageKind(SecondImages.Unpaired));
        ImageSources.Register("test-pairs", _ => new Numbers(SecondImages.Paired));
        ImageSources.Register("test-sets", _ => new Numbers(SecondImages.Unpaired));
    }

    [Test]
    public void A_run_leaves_figures_samples_a_report_and_a_checkpoint_of_its_networks()
    {
        using var folder = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Train(folder, "test-pairs:", _options, monitor);

        Assert.That(monitor.Start!.Networks.Select(n => (n.Name, n.Parameters)), Is.EqualTo([("translator", 10)]));
        Assert.That(File.ReadLines(folder["metrics.jsonl"]).Select(l => (double)JsonNode.Parse(l)!["extras"]!["distance"]!),
            Is.Ordered.Descending, "it learns");
        Assert.That(File.ReadAllText(folder["report.html"]), Does.Contain("<h3>distance</h3>").And.Not.Contain("<h3>Losses</h3>"));
        Assert.That(monitor.Samples, Has.All.Matches<string>(File.Exists));
        Assert.That(SafetensorsFile.Open(folder["checkpoint.safetensors"]).Names, Is.EquivalentTo([
            "translator.weight", "translator.bias", "state.sample",
            "optimizer.translator.weight.exp_avg", "optimizer.translator.weight.exp_avg_sq", "optimizer.translator.bias.exp_avg",
                "optimizer.translator.bias.exp_avg_sq"]));
    }

    [TestCase("paired", "test-pairs:")]
    [TestCase("unpaired", "test-sets:")]
    public void A_stopped_run_resumes_to_the_bytes_of_an_unbroken_one(string task, string data)
    {
        using var unbroken = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        var options = _options with { Task = task };
        Train(unbroken, data, options);

        using var stop = new CancellationTokenSource();
        Train(stopped, data, options, new RecordingMonitor(step => { if (step == 13) stop.Cancel(); }), stop.Token);
        Train(stopped, data, options, resume: true);

        Assert.That(File.ReadAllBytes(stopped["checkpoint.safetensors"]),
            Is.EqualTo(File.ReadAllBytes(unbroken["checkpoint.safetensors"])));
    }

    [Test]
    public void Data_without_second_images_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Train(folder, "synthetic:digits", _options), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            "The task paired needs a second image for each image, but 'synthetic:digits' has single images. Give other data."));
    }

    [Test]
    public void Pairs_stay_together_through_epochs_and_mirroring()
    {
        using var folder = new TemporaryFolder();
        using var data = Decode(folder, SecondImages.Paired);
        var (images, second) = Read(data, batches: 6);
        Assert.That(second, Is.EqualTo(images.Select(n => n + 100)));
        Assert.That(data.SecondCount, Is.EqualTo(60));
    }

    [Test]
    public void A_second_set_has_an_order_of_its_own_and_every_image_once_an_epoch()
    {
        using var folder = new TemporaryFolder();
        using var data = Decode(folder, SecondImages.Unpaired);
        var (images, second) = Read(data, batches: 6);
        Assert.That(second[..40].Order(), Is.EqualTo(Enumerable.Range(100, 40)));
        Assert.That(second, Is.Not.EqualTo(images.Select(n => n + 100)));
    }

    private static (int[] Images, int[] Second) Read(ImageDataset data, int batches)
    {
        var sampler = new BatchSampler(data, 10, seed: 5, flip: true);
        List<int> images = [], second = [];
        for (var batch = 0; batch < batches; batch++)
        {
            var (pixels, others) = (new byte[sampler.Length], new byte[sampler.Length]);
            sampler.Read(batch, pixels, new long[10], others);
            images.AddRange(pixels.Chunk(64).Select(image => (int)image[0]));
            second.AddRange(others.Chunk(64).Select(image => (int)image[0]));
        }
        return ([.. images], [.. second]);
    }

    private static ImageDataset Decode(TemporaryFolder folder, SecondImages second) =>
        ImageDataset.Decode("numbers", new Numbers(second), folder["images"], 8, null, null, default);

    private static void Train(TemporaryFolder folder, string data, TrainingOptions options, RecordingMonitor? monitor = null,
        CancellationToken stop = default, bool resume = false) =>
        Trainer.Run(new TrainingRun { Data = data, Folder = folder.Path, Options = options, Resume = resume },
            monitor ?? new RecordingMonitor(), stop);

    /// <summary>60 images, each filled with its number; second ones with 100 more: as many pairs, or a set of 40.</summary>
    private sealed class Numbers(SecondImages second) : IImageSource
    {
        public string Name => "numbers";
        public int Count => 60;
        public IReadOnlyList<string> Classes => [];
        public int Channels => 1;
        public SecondImages SecondImages => second;
        public int SecondCount => second == SecondImages.Paired ? Count : 40;

        public string NameOf(int image) => $"{image}";

        public int LabelOf(int image) => -1;

        public byte[] Read(int image, int size, int channels) => Filled(image, size * size * channels);

        public byte[] ReadSecond(int image, int size, int channels) => Filled(image + 100, size * size * channels);

        public void Dispose() { }

        private static byte[] Filled(int value, int length)
        {
            var pixels = new byte[length];
            Array.Fill(pixels, (byte)value);
            return pixels;
        }
    }
}
