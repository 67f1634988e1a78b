using GanOnnx.Evaluation;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Translation;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.SuperResolution;
using Microsoft.ML.OnnxRuntime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;
using static TorchSharp.torch;
using DenseTensor = Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>;

namespace GanOnnx.Training.Tests.Tasks;

public sealed class SuperResolutionTests
{
    private const int Size = 32, Count = 12, Wide = 50;

    private static readonly TrainingOptions _options = new()
    {
        Task = "super-resolution",
        Architecture = "edsr",
        Size = Size,
        Width = 4,
        BatchSize = 4,
        Fit = "tiles",
        Kimg = 1,
        TickKimg = 1,
        Seed = 5,
        Network = new() { ["scale"] = 2, ["upscalerBlocks"] = 1 },
    };

    private static readonly TrainingOptions _adversarial = _options with
    {
        Task = "srgan",
        Network = new() { ["scale"] = 2, ["upscalerBlocks"] = 1, ["patchLayers"] = 1 },
    };

    private static readonly float[] _quarter = [-0.492633f, 0.062903f, 0.252059f, -0.30059f];
    private static readonly float[] _half =
        [-0.574728f, -0.320652f, -0.351563f, 0.428668f, 0.43784f, 0.066576f, -0.492187f, -0.150476f];
    private static readonly float[] _double =
        [-1.081522f, -0.825408f, -0.313179f, -0.035326f, 0.008152f, -0.178668f, -0.595788f, -0.804348f];

    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void DrawPictures()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        for (var i = 0; i < Count; i++)
        {
            using var image = new Image<Rgb24>(Wide, Size);
            for (var y = 0; y < image.Height; y++)
                for (var x = 0; x < image.Width; x++)
                    image[x, y] = (x + y) / (3 + i % 4) % 2 == 0 ? new Rgb24((byte)(20 * i), 200, 40) : new Rgb24(255, (byte)(5 * x), 0);
            image.SaveAsPng(_folder[$"pictures/{i:00}.png"]);
        }
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    // EDSR's baseline of 64 channels and 16 blocks for × 4 has 1,517,571.
    [Test]
    public void The_networks_have_the_papers_weights()
    {
        using var scope = NewDisposeScope();
        var dense = new DenseUpscaler(3, 64, 23, 4);
        Assert.That(dense.parameters().Sum(p => p.numel()), Is.EqualTo(16_697_987), "RRDBNet of ESRGAN");
        var first = 9 * 9 * 3 * 64 + 64 + 1;
        var blocks = 16 * (2 * 9 * 64 * 64 + 4 * 64 + 1);
        var middle = 9 * 64 * 64 + 2 * 64;
        var ups = 2 * (9 * 64 * 256 + 256 + 1);
        var last = 9 * 9 * 64 * 3 + 3;
        var residual = new ResidualUpscaler(3, 64, 16, 4, plain: false);
        Assert.That(residual.parameters().Sum(p => p.numel()), Is.EqualTo(first + blocks + middle + ups + last));
        var plain = new ResidualUpscaler(3, 64, 16, 4, plain: true);
        Assert.That(plain.parameters().Sum(p => p.numel()), Is.EqualTo(1_517_571), "EDSR's baseline");
    }

    [TestCase("srresnet", 2, 0, "super-resolution")]
    [TestCase("srresnet", 4, 1, "srgan")]
    [TestCase("edsr", 4, 1, "super-resolution")]
    [TestCase("edsr", 2, 0, "srgan")]
    [TestCase("rrdb", 2, 1, "super-resolution")]
    [TestCase("rrdb", 4, 0, "srgan")]
    public void It_trains_and_exports_for_any_size(string architecture, int scale, int blind, string taskName)
    {
        var options = (taskName == "srgan" ? _adversarial : _options).With([new("architecture", architecture), new("scale", scale),
            new("blind", blind)]);
        options.Validate();
        using var task = Train(options, steps: 10);
        Assert.That(task.Measurements.Read().Values, Has.All.Matches<double>(double.IsFinite));

        Assert.That(ExportedTranslators.LargestDifference(task, options, _folder.Path), Is.LessThan(ExportedTranslators.Tolerance));
    }

    [Test]
    public void It_learns_more_than_bicubic_interpolation_knows()
    {
        using var task = Train(_options with { LearningRate = 3e-3, Width = 16 }, steps: 241);
        var figures = task.Measurements.Read().ToDictionary(f => f.Key.Name, f => f.Value);
        Assert.That(figures["PSNR"], Is.GreaterThan(figures["PSNR of bicubic"] + 2));
    }

    [TestCase("super-resolution", 0)]
    [TestCase("srgan", 1)]
    public void A_stopped_run_resumes_to_the_bytes_of_an_unbroken_one(string task, int blind)
    {
        var options = (task == "srgan" ? _adversarial : _options).With([new("blind", blind)]);
        Run($"{task}-unbroken", options);
        using var stop = new CancellationTokenSource();
        Run($"{task}-stopped", options, new RecordingMonitor(step => { if (step == 40) stop.Cancel(); }), stop.Token);
        Run($"{task}-stopped", options, resume: true);

        Assert.That(File.ReadAllBytes(_folder[$"{task}-stopped/checkpoint.safetensors"]),
            Is.EqualTo(File.ReadAllBytes(_folder[$"{task}-unbroken/checkpoint.safetensors"])));
    }

    [Test]
    public void A_run_with_a_discriminator_begins_with_the_generator_of_one_by_pixels()
    {
        Run("pixels", _options);
        var monitor = new RecordingMonitor();
        Run("judged", _adversarial, monitor, init: _folder["pixels"]);
        Assert.That(monitor.Start!.Transfer!.Own, Has.All.Matches<LeftWeight>(weight => weight.Name.StartsWith("discriminator.", StringComparison.Ordinal)));
        Assert.That(monitor.Start.Transfer.Own, Is.Not.Empty);
    }

    // 50 × 36 pixels, decoded with a margin for crops: tiles of 36 (32 · 286 / 256), two of them, nothing enlarged.
    [Test]
    public void Tiles_that_are_cropped_are_cut_with_their_margin()
    {
        Directory.CreateDirectory(_folder["margin"]);
        using (var image = new Image<Rgb24>(Wide, 36))
        {
            for (var y = 0; y < image.Height; y++)
                for (var x = 0; x < image.Width; x++)
                    image[x, y] = new Rgb24((byte)(5 * x), (byte)(7 * y), 0);
            for (var i = 0; i < 4; i++)
                image.SaveAsPng(_folder[$"margin/{i}.png"]);
        }
        var options = _options with { Augmentations = "crop" };
        Trainer.Run(new TrainingRun { Data = _folder["margin"], Folder = _folder["cropped"], Options = options }, new RecordingMonitor());
        using var data = GanOnnx.Data.ImageDataset.TryOpen(_folder["cropped/images.ganonnx"])!;
        Assert.That((data.Count, data.Margin), Is.EqualTo((8, 4)));
        var first = new byte[data.ImageLength];
        data.Read(0, first, 0, 0);
        Assert.That(first[..3], Is.EqualTo(new byte[] { 0, 5, 10 }), "red of the first row, pixel for pixel");
    }

    // By numpy from the definition: bicubic with a = -0.5, widened where it shrinks, the border mirrored.
    [Test]
    public void Images_are_resized_as_matlab_does()
    {
        using var scope = NewDisposeScope();
        var row = tensor(Enumerable.Range(0, 16).Select(i => (i * i * 7 + 3 * i) % 23 / 11.5f - 1).ToArray());
        var image = row.expand(1, 1, 16, 16).contiguous();
        Assert.That(Bicubic.Resize(image, 4)[0, 0, 1].data<float>().ToArray(), Is.EqualTo(_quarter).Within(2e-6));
        Assert.That(Bicubic.Resize(image, 8)[0, 0, 1].data<float>().ToArray(), Is.EqualTo(_half).Within(2e-6));
        Assert.That(Bicubic.Resize(row.narrow(0, 0, 4).expand(1, 1, 4, 4).contiguous(), 8)[0, 0, 1].data<float>().ToArray(),
            Is.EqualTo(_double).Within(2e-6));
        Assert.That(Bicubic.Resize(image.transpose(2, 3), 4)[0, 0].transpose(0, 1)[1].contiguous().data<float>().ToArray(),
            Is.EqualTo(_quarter).Within(2e-6));
    }

    [Test]
    public void Features_are_those_that_onnx_runtime_computes()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var loss = new PerceptualLoss(CPU);
        using var session = new InferenceSession(ResNet18With("ReLU347_Output_0"));
        var images = rand(1, 3, 224, 224) * 2 - 1;
        var mean = tensor(ResNet18.MeanOfChannels(1), [1, 3, 1, 1]);
        var given = (images.index_select(1, tensor(new long[] { 2, 1, 0 })) + 1).mul(127.5f).sub(mean);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(),
            new DenseTensor(given.contiguous().data<float>().ToArray(), [1, 3, 224, 224]))]);
        var expected = results.Single(r => r.Name == "ReLU347_Output_0").AsEnumerable<float>().ToArray();
        var features = loss.Features(images);
        Assert.That(features.Select(f => f.shape[1]), Is.EqualTo([64, 128, 256]));
        Assert.That(features[2].data<float>().ToArray(), Is.EqualTo(expected).Within(1e-3));
    }

    [Test]
    public void Images_that_are_alike_have_no_difference_of_features_and_blurred_ones_a_larger_one_than_shifted_values()
    {
        using var scope = NewDisposeScope();
        using var loss = new PerceptualLoss(CPU);
        var checks = (arange(48).div(4).floor().remainder(2).unsqueeze(0) + arange(48).div(4).floor().remainder(2).unsqueeze(1))
            .remainder(2).mul(2).sub(1).expand(1, 3, 48, 48).contiguous().to(float32);
        Assert.That(loss.Of(checks, checks).item<float>(), Is.Zero);
        var blurred = Bicubic.Resize(Bicubic.Resize(checks, 6), 48);
        Assert.That(loss.Of(blurred, checks).item<float>(), Is.GreaterThan(2 * loss.Of(checks * 0.9, checks).item<float>()));
        Assert.That(loss.Of(checks.narrow(1, 0, 1), checks.narrow(1, 0, 1) * 0.5).item<float>(), Is.Positive, "grey images");
    }

    [Test]
    public void Spoilt_images_differ_from_each_other_and_stay_images()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var image = (rand(1, 3, 8, 8) * 2 - 1).expand(6, 3, 8, 8);
        var large = Bicubic.Resize(image, 48);
        var spoilt = Degradation.Spoil(large, 12);
        Assert.That(spoilt.shape, Is.EqualTo([6, 3, 12, 12]));
        Assert.That(spoilt.abs().max().item<float>(), Is.LessThanOrEqualTo(1));
        var steps = spoilt.add(1).mul(127.5f);
        Assert.That((steps - steps.round()).abs().max().item<float>(), Is.LessThan(1e-3), "steps of bytes");
        var between = (spoilt.narrow(0, 0, 3) - spoilt.narrow(0, 3, 3)).abs().mean().item<float>();
        Assert.That(between, Is.GreaterThan(0.02), "each by another amount");
        var toSmall = (spoilt - Bicubic.Resize(large, 12)).abs().mean().item<float>();
        Assert.That(toSmall, Is.InRange(0.02, 0.6), "still the picture");
        random.manual_seed(3);
        _ = rand(1, 3, 8, 8);
        Assert.That(Degradation.Spoil(large, 12).equal(spoilt).all().item<bool>(), "the same for a seed");
    }

    [TestCase("scale", 3, "the scale is 2 or 4, not 3")]
    [TestCase("size", 33, "super-resolution has images of 16 to 512 pixels, a multiple of 2, not 33")]
    [TestCase("regularizers", "r1", "super-resolution has no discriminator to regularize; leave the regularizers out, or train srgan")]
    [TestCase("loss", "wasserstein", "These options can't be used: super-resolution has no use for --loss; leave it out.")]
    [TestCase("latentSize", 7, "super-resolution has no use for --latent; leave it out")]
    [TestCase("discriminatorLearningRate", 0.1, "super-resolution has no use for --d-lr; leave it out")]
    [TestCase("discriminatorSteps", 2, "super-resolution has no use for --d-steps; leave it out")]
    [TestCase("labelSmoothing", 0.1, "super-resolution has no use for --label-smoothing; leave it out")]
    [TestCase("frozenLayers", 1, "super-resolution has no use for --freeze-discriminator; leave it out")]
    [TestCase("augmentations", "ada", "super-resolution has the augmentations flip and crop alone, not 'ada'")]
    [TestCase("architecture", "dcgan", "there is no architecture 'dcgan'; there are: srresnet, edsr, rrdb")]
    public void What_does_not_go_together_is_refused(string key, object value, string what) =>
        Assert.That(_options.With([new(key, value)]).Validate, Throws.TypeOf<TrainingException>().With.Message.Contains(what));


    private static byte[] ResNet18With(string output)
    {
        var model = Onnx.ModelProto.Parser.ParseFrom(File.ReadAllBytes(ResNet18.Path));
        model.Graph.Output.Add(new Onnx.ValueInfoProto { Name = output });
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    private ITrainingTask Train(TrainingOptions options, int steps)
    {
        using var source = GanOnnx.Data.ImageSources.Open(_folder["pictures"], GanOnnx.Data.DataOptions.Of(null, options.Fit, Size));
        using var data = GanOnnx.Data.ImageDataset.Decode("pictures", source, _folder[$"{Guid.NewGuid()}.ganonnx"], Size, 3, null, default);
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

    private void Run(string name, TrainingOptions options, RecordingMonitor? monitor = null, CancellationToken stop = default,
        bool resume = false, string? init = null) =>
        Trainer.Run(new TrainingRun
        {
            Data = _folder["pictures"],
            Folder = _folder[name],
            Options = options,
            Init = init,
            Resume = resume,
        }, monitor ?? new RecordingMonitor(), stop);
}
