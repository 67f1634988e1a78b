using System.Text.Json.Nodes;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Translation;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.CycleGan;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Tasks;

public sealed class CycleGanTests
{
    private const int Size = 32, CountA = 12, CountB = 7;

    private static readonly TrainingOptions _options = new()
    {
        Task = "cyclegan",
        Architecture = "resnet-generator",
        Loss = "least-squares",
        Schedule = "constant-linear",
        Size = Size,
        Width = 2,
        BatchSize = 4,
        Kimg = 1,
        TickKimg = 1,
        Seed = 5,
        Network = new() { ["blocks"] = 1, ["patchLayers"] = 1 },
    };

    private readonly TemporaryFolder _folder = new();

    private static IEnumerable<TestCaseData> Rows() =>
        from loss in GanLosses.Names
        select new TestCaseData(loss, loss.Length % 2, GanLosses.Find(loss)!.NeedsLipschitz ? "gradient-penalty"
            : loss.Length % 3 == 0 ? "spectral-norm" : "");

    // Stripes of red that lie, and of blue that stand: names and numbers differ.
    [OneTimeSetUp]
    public void DrawSets()
    {
        for (var i = 0; i < CountA; i++)
            Save($"A/{i:00}.png", (x, _) => new Rgb24((byte)(x * 8), (byte)(10 * i), 0));
        for (var i = 0; i < CountB; i++)
            Save($"B/other{i}.png", (_, y) => new Rgb24(0, (byte)(10 * i), (byte)(y * 8)));
        Directory.CreateDirectory(_folder["none"]);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    // Nine blocks: 11.378 M in pytorch-CycleGAN-and-pix2pix; a block has 2 · (256 · 256 · 9 + 256).
    [TestCase(256, 0, 11_378_179)]
    [TestCase(252, 0, 11_378_179 - 3 * 1_180_160)]
    [TestCase(64, 9, 11_378_179)]
    public void The_generator_has_the_papers_parameters(int size, int blocks, int parameters)
    {
        using var generator = CycleGanKind.Generator(
            _options with { Size = size, Width = 64, Network = new() { ["blocks"] = blocks } }, channels: 3);
        Assert.That(generator.parameters().Sum(p => p.numel()), Is.EqualTo(parameters));
    }

    // That of pytorch-CycleGAN-and-pix2pix with instance normalization: 2.765 M.
    [Test]
    public void The_discriminator_has_the_papers_parameters()
    {
        using var discriminator = new PatchDiscriminator(3, new NetworkShape(256, 3, 1, 64), instanceNorm: true);
        Assert.That(discriminator.parameters().Sum(p => p.numel()), Is.EqualTo(2_764_737));
    }

    [TestCaseSource(nameof(Rows))]
    public void It_trains_and_exports_both_directions_for_any_size(string loss, int resize, string regularizers)
    {
        var options = _options with
        {
            Loss = loss,
            Regularizers = regularizers,
            BatchSize = 2,
            DiscriminatorSteps = 1 + resize,
            Network = new(_options.Network) { ["resizeConvolution"] = resize, ["history"] = 3 },
        };
        options.Validate();
        using var task = Train(options, steps: 12);
        using var first = Train(options, steps: 0);
        Assert.That(task.Measurements.Read().Values, Has.All.Matches<double>(double.IsFinite));
        foreach (var (before, after) in first.Networks.Zip(task.Networks))
            Assert.That(Moved(before.Module, after.Module), Is.True, after.Name);

        Assert.That(ExportedTranslators.LargestDifference(task, options, _folder.Path), Is.LessThan(ExportedTranslators.Tolerance));
    }

    [Test]
    public void It_learns_to_come_back()
    {
        var options = _options with { LearningRate = 2e-3, Width = 8, BatchSize = 4 };
        using var task = Train(options, steps: 100);
        using var first = Train(options, steps: 5);
        foreach (var figure in (string[])["cycle error AtoB", "cycle error BtoA", "identity error AtoB", "identity error BtoA"])
            Assert.That(Value(task, figure), Is.LessThan(0.5 * Value(first, figure)), figure);

        static double Value(ITrainingTask task, string name) => task.Measurements.Read().Single(f => f.Key.Name == name).Value;
    }

    [Test]
    public void A_stopped_run_resumes_to_the_bytes_of_an_unbroken_one()
    {
        var options = _options with { Network = new(_options.Network) { ["history"] = 9 } };
        Run("unbroken", options: options);
        using var stop = new CancellationTokenSource();
        Run("stopped", new RecordingMonitor(step => { if (step == 83) stop.Cancel(); }), stop.Token, options: options);
        Run("stopped", resume: true, options: options);

        Assert.That(File.ReadAllBytes(_folder["stopped/checkpoint.safetensors"]),
            Is.EqualTo(File.ReadAllBytes(_folder["unbroken/checkpoint.safetensors"])));
        using var file = SafetensorsFile.Open(_folder["stopped/checkpoint.safetensors"]);
        Assert.That(file.ShapeOf("state.historyBtoA"), Is.EqualTo(new long[] { 9, 3, Size, Size }));
    }

    [Test]
    public void A_run_leaves_figures_of_both_directions_and_samples_that_its_exports_make()
    {
        var monitor = new RecordingMonitor();
        Run("shown", monitor);
        Assert.That(monitor.Data!.Remark, Is.EqualTo("beside 7 of B, unpaired"));
        var line = JsonNode.Parse(File.ReadLines(_folder["shown/metrics.jsonl"]).Last())!;
        Assert.That(line["extras"]!.AsObject().Select(extra => extra.Key), Is.EquivalentTo((
            from figure in (string[])["generator loss", "discriminator loss", "cycle error", "identity error"]
            from direction in (string[])["AtoB", "BtoA"]
            select $"{figure} {direction}")
            .Concat(["change of the input", "difference of the outputs", "correlation", "checkerboard"])));
        Assert.That((double)line["generatorLoss"]!, Is.EqualTo(
            ((double)line["extras"]!["generator loss AtoB"]! + (double)line["extras"]!["generator loss BtoA"]!) / 2).Within(1e-6));
        Assert.That(File.ReadAllText(_folder["shown/report.html"]), Does.Contain("<h3>cycle error AtoB</h3>"));

        using var samples = Image.Load<Rgb24>(monitor.Samples[^1]);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var toB = TrainedGenerator.Load(_folder["shown"]);
        using var toA = TrainedGenerator.Load(_folder["shown"], direction: "BtoA");
        Assert.That(toB.Metadata, Has.Property("Task").EqualTo(ModelTask.Translate));
        var red = arange(Size).mul(8f / 127.5f).sub(1f).expand(1, 1, Size, Size);
        var input = cat([red, full_like(red, -1), full_like(red, -1)], 1);
        var made = toB.Module.call([input])[0];
        var back = toA.Module.call([made])[0];
        Assert.That(Shown(samples, 0), Is.EqualTo(Row(input)).Within(1), "A");
        Assert.That(Shown(samples, Size), Is.EqualTo(Row(made)).Within(1), "A → B");
        Assert.That(Shown(samples, 2 * Size), Is.EqualTo(Row(back)).Within(1), "A → B → A");

        static IEnumerable<double> Shown(Image<Rgb24> picture, int left) =>
            Enumerable.Range(0, Size).Select(x => (double)picture[left + x, 5].R);
        static IEnumerable<double> Row(Tensor image) =>
            Enumerable.Range(0, Size).Select(x => (image[0, 0, 5, x].item<float>() + 1) * 127.5);
    }

    [Test]
    public void A_direction_that_there_is_not_is_refused()
    {
        Run("directions");
        Assert.That(() => TrainedGenerator.Load(_folder["directions"], direction: "BtoC"), Throws.TypeOf<TrainingException>().With.Message
            .EqualTo($"'{_folder["directions"]}' has the directions AtoB and BtoA, not 'BtoC'."));
    }

    [Test]
    public void A_run_begins_with_anothers_weights_and_frozen_layers_of_both_discriminators_stay()
    {
        Run("transfer-1");
        var monitor = new RecordingMonitor();
        Run("transfer-2", monitor, options: _options with { FrozenLayers = 1, LearningRate = 1e-3 }, init: _folder["transfer-1"]);

        Assert.That(monitor.Start!.Transfer!.Own, Is.Empty);
        using var before = WeightSource.Open(_folder["transfer-1"]);
        using var after = WeightSource.Open(_folder["transfer-2"]);
        string[] weights = [.. before.Names.Where(n => n.StartsWith("discriminator", StringComparison.Ordinal)
            && n.EndsWith(".weight", StringComparison.Ordinal))];
        Assert.That(weights.Where(name => before.Read(name).equal(after.Read(name)).all().item<bool>()),
            Is.EquivalentTo(["discriminatorA.convs.0.weight", "discriminatorB.convs.0.weight"]));
    }

    [Test]
    public void Grey_and_color_are_brought_together_as_color()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3).SelectMany(i => Enumerable.Repeat((byte)(100 + i), Size * Size))];
        File.WriteAllBytes(_folder["grey-images-idx3-ubyte"], [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, Size, 0, 0, 0, Size, .. pixels]);
        using var data = Decode(_folder["grey-images-idx3-ubyte"], _folder["B"]);
        Assert.That((data.Count, data.SecondCount, data.Channels), Is.EqualTo((3, CountB, 3)));
        var image = new byte[data.ImageLength];
        data.Read(2, image);
        Assert.That(image, Has.All.EqualTo((byte)102));
        data.ReadSecond(6, image);
        Assert.That((image[0], image[Size * Size], image[^1]), Is.EqualTo(((byte)0, (byte)60, (byte)248)));
    }

    [TestCase("A", "none")]
    [TestCase("none", "B")]
    public void A_side_without_pictures_is_refused(string data, string target)
    {
        var run = new TrainingRun { Data = _folder[data], Target = _folder[target], Folder = _folder["run"], Options = _options };
        Assert.That(() => Trainer.Survey(run), Throws.TypeOf<TrainingException>().With.Message.Contains(_folder["none"]));
    }

    [Test]
    public void A_second_set_that_cannot_be_decoded_is_refused()
    {
        Directory.CreateDirectory(_folder["cut"]);
        File.WriteAllBytes(_folder["cut/0.png"], File.ReadAllBytes(_folder["B/other0.png"])[..60]);
        Assert.That(() => Decode(_folder["A"], _folder["cut"]), Throws.TypeOf<DataException>().With.Message.StartsWith(
            "None of the 1 second images of 'sets' can be decoded. The last: second image 0: "));
    }

    [TestCase("size", 34, "cyclegan has images of 32 to 512 pixels, a multiple of 4, not 34")]
    [TestCase("augmentations", "ada", "cyclegan has the augmentations flip and crop alone, not 'ada'")]
    [TestCase("architecture", "unet", "there is no architecture 'unet'; there are: resnet-generator")]
    [TestCase("patchLayers", 4, "a discriminator with 4 layers of stride 2 needs images of 48 pixels or more, not 32")]
    [TestCase("condition", "concat", "cyclegan takes no labels; leave the condition out")]
    [TestCase("latentSize", 7, "cyclegan has no use for --latent; leave it out")]
    [TestCase("history", -1, "the history has 0 to 1000 images, not -1")]
    [TestCase("holdOut", 3, "cyclegan trains on all images; hold out none")]
    public void What_does_not_go_together_is_refused(string key, object value, string what) =>
        Assert.That(_options.With([new(key, value)]).Validate,
            Throws.TypeOf<TrainingException>().With.Message.Contains(what));

    [Test]
    public void A_history_gives_new_images_until_it_is_full_then_half_of_them_from_before()
    {
        using var scope = NewDisposeScope();
        using var history = new ImageHistory(50, 1, 1, seed: 3, player: 1, players: 2, CPU);
        var shown = Shown(history, 0, 1050);
        Assert.That(shown[..50], Is.EqualTo(Enumerable.Range(0, 50)));
        int[] old = [.. shown[50..].Where((image, i) => image != i + 50)];
        Assert.That(old, Has.Length.EqualTo(500).Within(60), "1,000 throws of a coin: four standard deviations");
        Assert.That(old, Is.Unique, "an image that was given is no longer kept");
        Assert.That(Shown(history, 1050, 10), Is.Not.EqualTo(Enumerable.Range(1050, 10)));
    }

    [Test]
    public void A_history_goes_on_from_its_images_alone()
    {
        using var scope = NewDisposeScope();
        using var unbroken = new ImageHistory(5, 1, 1, seed: 3, player: 0, players: 2, CPU);
        Shown(unbroken, 0, 40);
        using var resumed = new ImageHistory(5, 1, 1, seed: 3, player: 0, players: 2, CPU);
        resumed.Images.copy_(unbroken.Images);
        Assert.That(Shown(resumed, 40, 60), Is.EqualTo(Shown(unbroken, 40, 60)));
    }

    [Test]
    public void A_history_of_none_gives_what_it_gets()
    {
        using var scope = NewDisposeScope();
        using var history = new ImageHistory(0, 1, 1, seed: 3, player: 0, players: 2, CPU);
        Assert.That(Shown(history, 0, 20), Is.EqualTo(Enumerable.Range(0, 20)));
    }

    // Each image is its number.
    private static int[] Shown(ImageHistory history, int first, int count) =>
        [.. history.Exchange(first, arange(first, first + count, float32).reshape(count, 1, 1, 1)).data<float>().ToArray()
            .Select(value => (int)value)];

    private static bool Moved(nn.Module before, nn.Module after) =>
        before.parameters().Zip(after.parameters()).Any(p => (p.First - p.Second).abs().max().item<float>() > 0);

    private ITrainingTask Train(TrainingOptions options, int steps)
    {
        using var data = Decode(_folder["A"], _folder["B"]);
        var task = TrainingTasks.Of(options).Create(options, 3, 0, CPU);
        using var batches = new BatchLoader(data, options);
        for (var step = 0; step < steps; step++)
        {
            var first = step * options.DiscriminatorSteps;
            TrainingBatch[] read = [.. Enumerable.Range(first, options.DiscriminatorSteps).Select(number => batches.Load(number))];
            task.Measurements.Clear();
            task.Step(step, read);
            foreach (var batch in read)
                batch.Dispose();
        }
        return task;
    }

    private ImageDataset Decode(string data, string target)
    {
        using var sets = UnpairedImages.Open(data, target);
        return ImageDataset.Decode("sets", sets, _folder[$"{Guid.NewGuid()}.ganonnx"], Size, null, null, default);
    }

    private void Run(string name, RecordingMonitor? monitor = null, CancellationToken stop = default, bool resume = false,
        TrainingOptions? options = null, string? init = null) =>
        Trainer.Run(new TrainingRun
        {
            Data = _folder["A"],
            Target = _folder["B"],
            Folder = _folder[name],
            Options = options ?? _options,
            Init = init,
            Resume = resume,
        }, monitor ?? new RecordingMonitor(), stop);

    private void Save(string name, Func<int, int, Rgb24> color)
    {
        using var image = new Image<Rgb24>(Size, Size);
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
                image[x, y] = color(x, y);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        image.SaveAsPng(_folder[name]);
    }
}
