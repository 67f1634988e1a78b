using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Translation;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.Pix2Pix;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Tasks;

public sealed class Pix2PixTests
{
    private const int Size = 32, Count = 24;

    private static readonly TrainingOptions _options = new()
    {
        Task = "pix2pix",
        Architecture = "unet",
        Size = Size,
        Width = 2,
        BatchSize = 4,
        Kimg = 1,
        TickKimg = 1,
        Seed = 5,
    };

    private readonly TemporaryFolder _folder = new();

    private static IEnumerable<TestCaseData> Rows() =>
        from loss in GanLosses.Names
        select new TestCaseData(loss, loss.Length % 2, GanLosses.Find(loss)!.NeedsLipschitz ? "gradient-penalty"
            : loss.Length % 3 == 0 ? "spectral-norm" : "");

    [OneTimeSetUp]
    public void DrawPairs()
    {
        for (var i = 0; i < Count; i++)
        {
            Save($"A/{i:00}.png", x => new Rgb24((byte)(10 * i), (byte)(x * 8), 0));
            Save($"B/{i:00}.png", x => new Rgb24(0, (byte)(255 - 10 * i), (byte)(x * 8)));
        }
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    // 54,413,955 in pytorch-CycleGAN-and-pix2pix, whose first and innermost layers have no bias: 64 + 512 more.
    [Test]
    public void The_generator_of_256_pixels_has_the_papers_parameters()
    {
        using var generator = Pix2PixKind.Generator(_options with { Size = 256, Width = 64 }, channels: 3);
        Assert.That(generator.parameters().Sum(p => p.numel()), Is.EqualTo(54_413_955 + 64 + 512));
    }

    // Its 70 × 70 patches: 2,768,705.
    [TestCase(3, 70, 2_768_705)]
    [TestCase(0, 1, null)]
    [TestCase(1, 16, null)]
    [TestCase(2, 34, null)]
    [TestCase(5, 286, null)]
    public void A_score_sees_a_patch(int layers, int patch, int? parameters)
    {
        using var scope = NewDisposeScope();
        var narrow = parameters is null;
        var discriminator = new PatchDiscriminator(6, new NetworkShape(64, 3, 1, narrow ? 1 : 64)
        {
            DiscriminatorNorm = !narrow,
            Options = new Dictionary<string, double> { ["patchLayers"] = layers },
        });
        if (parameters is { } expected)
            Assert.That(discriminator.parameters().Sum(p => p.numel()), Is.EqualTo(expected));
        if (!narrow)
            return;

        var image = rand(1, 6, 608, 608).requires_grad_();
        var scores = discriminator.call(image);
        scores[0, scores.shape[1] / 2, scores.shape[2] / 2].backward();
        var rows = image.grad!.abs().sum([0L, 1L, 3L]).data<float>().ToArray();
        Assert.That(rows.Count(row => row != 0), Is.EqualTo(patch));
    }

    // With N(0, 0.02²) the scores of all patches are alike where nothing normalizes the layers, as with R1.
    [TestCase("pix2pix", "unet", 6)]
    [TestCase("srgan", "srresnet", 3)]
    public void First_scores_tell_patches_apart(string name, string network, int channels)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var options = new TrainingOptions { Task = name, Architecture = network, Regularizers = "r1", Size = 64, Width = 32, BatchSize = 2 };
        using var task = TrainingTasks.Of(options).Create(options, 3, 0, CPU);
        var discriminator = task.Networks.Select(n => n.Module).OfType<PatchDiscriminator>().Single();
        random.manual_seed(0);
        var images = nn.functional.interpolate(randn(16, channels, 4, 4), [64, 64], mode: InterpolationMode.Bilinear);
        Assert.That(discriminator.call(images).std().item<float>(), Is.InRange(0.1, 2));
    }

    [TestCaseSource(nameof(Rows))]
    public void It_trains_and_exports_for_any_size(string loss, int resize, string regularizers)
    {
        var options = _options with { Loss = loss, Regularizers = regularizers, Network = new() { ["resizeConvolution"] = resize, ["dropout"] = 1 - resize } };
        options.Validate();
        using var task = Train(options, steps: 20);
        Assert.That(task.Measurements.Read().Values, Has.All.Matches<double>(double.IsFinite));

        Assert.That(ExportedTranslators.LargestDifference(task, options, _folder.Path), Is.LessThan(ExportedTranslators.Tolerance));
    }

    [Test]
    public void It_learns_the_pairs()
    {
        using var task = Train(_options with { LearningRate = 2e-3, Width = 8 }, steps: 120);
        using var first = Train(_options with { LearningRate = 2e-3, Width = 8 }, steps: 10);
        Assert.That(Difference(task), Is.LessThan(0.5 * Difference(first)));

        static double Difference(ITrainingTask task) => task.Measurements.Read().Single(f => f.Key.Name == "difference to the target").Value;
    }

    [Test]
    public void A_stopped_run_resumes_to_the_bytes_of_an_unbroken_one()
    {
        Run("unbroken");
        using var stop = new CancellationTokenSource();
        Run("stopped", new RecordingMonitor(step => { if (step == 40) stop.Cancel(); }), stop.Token);
        Run("stopped", resume: true);

        Assert.That(File.ReadAllBytes(_folder["stopped/checkpoint.safetensors"]),
            Is.EqualTo(File.ReadAllBytes(_folder["unbroken/checkpoint.safetensors"])));
    }

    [Test]
    public void Samples_are_input_output_and_target_and_the_export_makes_the_output()
    {
        var monitor = new RecordingMonitor();
        Run("shown", monitor);
        using var samples = Image.Load<Rgb24>(monitor.Samples[^1]);
        const int margin = 2;
        Assert.That((samples.Width + margin) % (3 * Size + margin), Is.Zero);
        Assert.That(samples[Size / 2, Size / 2], Is.EqualTo(new Rgb24(0, 128, 0)), "the first input");
        Assert.That(samples[2 * Size + Size / 2, Size / 2], Is.EqualTo(new Rgb24(0, 255, 128)), "its target");

        using var generator = TrainedGenerator.Load(_folder["shown"]);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var red = arange(Size).mul(8f / 127.5f).sub(1f).expand(1, 1, Size, Size);
        var input = cat([full_like(red, -1), red, full_like(red, -1)], 1);
        var made = generator.Module.call([input])[0][0, 0];
        Assert.That(Enumerable.Range(0, Size).Select(x => (double)samples[Size + x, 5].R),
            Is.EqualTo(Enumerable.Range(0, Size).Select(x => (made[5, x].item<float>() + 1) * 127.5)).Within(1));
    }

    [Test]
    public void An_image_without_a_partner_is_named()
    {
        Directory.CreateDirectory(_folder["C"]);
        foreach (var file in Directory.GetFiles(_folder["B"]).Where(f => !f.EndsWith("07.png", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(_folder["C"], Path.GetFileName(file)));
        Assert.That(() => ImagePairs.Open(_folder["A"], _folder["C"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"1 of 24 images of '{_folder["A"]}' have none of their name in '{_folder["C"]}', the first of them '07.png'. Give pairs "
            + "equal names."));
    }

    [TestCase("size", 48, "pix2pix has images of 32, 64, 128, 256 or 512 pixels, not 48")]
    [TestCase("augmentations", "ada", "pix2pix has the augmentations flip and crop alone, not 'ada'")]
    [TestCase("architecture", "dcgan", "there is no architecture 'dcgan'; there are: unet")]
    [TestCase("patchLayers", 4, "a discriminator with 4 layers of stride 2 needs images of 48 pixels or more, not 32")]
    [TestCase("patchLayers", 6, "the discriminator has 0 to 5 layers of stride 2, not 6")]
    public void What_does_not_go_together_is_refused(string key, object value, string what) =>
        Assert.That(_options.With([new(key, value)]).Validate,
            Throws.TypeOf<TrainingException>().With.Message.Contains(what));

    [Test]
    public void What_is_left_out_of_either_source_is_told()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["A/00.png", "B/00.png", "B/01.png", "B/02.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.Copy(_folder["A/00.png"], folder[name]);
        }
        foreach (var name in (string[])["A/.x", "A/a.txt", "B/b.txt", "B/c.txt", "B/d.tif"])
            File.WriteAllText(folder[name], name == "B/d.tif" ? "II*\0tiff" : "text");

        var data = Trainer.Survey(new TrainingRun { Data = folder["A"], Target = folder["B"], Folder = folder["run"], Options = _options });

        Assert.That(string.Join("; ", data.LeftOut), Is.EqualTo("1 hidden: .x; 1 no picture: a.txt; 2 no picture in B: b.txt, …; "
            + "1 TIFF in B: d.tif; 2 without a pair in B: 01.png, …"));
    }

    private ITrainingTask Train(TrainingOptions options, int steps)
    {
        using var data = ImageDataset.Decode("pairs", ImagePairs.Open(_folder["A"], _folder["B"]),
            _folder[$"{Guid.NewGuid()}.ganonnx"], Size, 3, null, default);
        var task = TrainingTasks.Of(options).Create(options, 3, 0, CPU);
        using var batches = new BatchLoader(data, options);
        for (var step = 0; step < steps; step++)
        {
            using var batch = batches.Load(step);
            task.Measurements.Clear();
            task.Step(step, [batch]);
        }
        return task;
    }

    [Test]
    public void A_run_begins_with_anothers_weights_and_frozen_layers_stay()
    {
        Run("transfer-1");
        var monitor = new RecordingMonitor();
        Run("transfer-2", monitor, options: _options with { FrozenLayers = 2, LearningRate = 1e-3 }, init: _folder["transfer-1"]);

        Assert.That(monitor.Start!.Transfer!.Own, Is.Empty);
        using var before = WeightSource.Open(_folder["transfer-1"]);
        using var after = WeightSource.Open(_folder["transfer-2"]);
        string[] weights = [.. before.Names.Where(n => n.StartsWith("discriminator.convs.", StringComparison.Ordinal)
            && n.EndsWith(".weight", StringComparison.Ordinal))];
        Assert.That(weights.Where(name => before.Read(name).equal(after.Read(name)).all().item<bool>()),
            Is.EqualTo(["discriminator.convs.0.weight", "discriminator.convs.1.weight"]));
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

    private void Save(string name, Func<int, Rgb24> color)
    {
        using var image = new Image<Rgb24>(Size, Size);
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
                image[x, y] = color(x);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        image.SaveAsPng(_folder[name]);
    }
}
