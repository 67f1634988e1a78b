using GanOnnx.Data;
using GanOnnx.Export;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToImage;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>Training in bfloat16 beside the same in float32.</summary>
public sealed class PrecisionTests
{
    // Wide enough that most layers are computed in bfloat16.
    private static readonly TrainingOptions _small =
        new() { Width = 16, BatchSize = 8, Seed = 3, Kimg = 1, TickKimg = 1, Precision = "bf16" };

    private static IEnumerable<TestCaseData> Runs()
    {
        (string Name, TrainingOptions Options)[] runs =
        [
            ("dcgan, R1", _small with { Regularizers = "r1" }),
            ("dcgan, batch normalization", _small),
            ("resnet, gradient penalty", _small with { Architecture = "resnet", Loss = "wasserstein", Regularizers = "gradient-penalty" }),
            ("resnet, spectral normalization", _small with { Architecture = "resnet", Loss = "hinge", Regularizers = "spectral-norm" }),
            ("stylegan2, R1 and path length", _small with { Architecture = "stylegan2", Regularizers = "r1,path-length:2/1",
                Network = new() { ["mappingLayers"] = 2 } }),
            ("mlp", _small with { Architecture = "mlp" }),
            ("pix2pix", _small with { Task = "pix2pix", Architecture = "unet" }),
            ("cyclegan", _small with { Task = "cyclegan", Architecture = "resnet-generator", Loss = "least-squares" }),
            ("srgan, edsr", _small with { Task = "srgan", Architecture = "edsr", Regularizers = "spectral-norm",
                Network = new() { ["patchLayers"] = 2 } }),
            ("super-resolution, srresnet", _small with { Task = "super-resolution", Architecture = "srresnet" }),
            ("super-resolution, rrdb", _small with { Task = "super-resolution", Architecture = "rrdb" }),
        ];
        return runs.Select(run => new TestCaseData(run.Options).SetArgDisplayNames(run.Name));
    }

    [TestCaseSource(nameof(Runs))]
    public void Losses_and_penalties_are_near_those_of_float32(TrainingOptions options)
    {
        var (reduced, full) = (FiguresOf(options), FiguresOf(options with { Precision = "float32" }));
        Assert.That(reduced.Keys, Is.EqualTo(full.Keys));
        foreach (var (figure, value) in full)
            // bfloat16 has 8 bits, 0.4 % of a number, of which layers and steps made 2 % at most.
            Assert.That(reduced[figure], Is.EqualTo(value).Within(0.03 * Math.Max(1, Math.Abs(value))), figure.Name);
        Assert.That(reduced.Values, Is.Not.EqualTo(full.Values), "they aren't computed in float32");
    }

    [TestCaseSource(nameof(Runs))]
    public void Weights_and_all_that_is_remembered_stay_float32(TrainingOptions options)
    {
        using var task = Train(options, steps: 2);
        var kept = task.Networks.SelectMany(network => network.Module.state_dict().Values)
            .Concat(task.Optimizers.SelectMany(o => o.Optimizer.Moments.SelectMany(m => new[] { m.Mean, m.Square })))
            .Concat(task.State.Select(state => state.Value)).ToArray();
        Assert.That(kept.Select(tensor => tensor.dtype), Has.None.EqualTo(ScalarType.BFloat16));
        using var scope = NewDisposeScope();
        var weight = task.Networks[0].Module.parameters().First(p => p.ndim == 4 || p.ndim == 2);
        Assert.That(weight.Equals(weight.to(bfloat16).to(float32)), Is.False, "its digits are more than bfloat16 has");
    }

    // A layer of libtorch whose own forward runs is one that nobody computes in bfloat16.
    [TestCaseSource(nameof(Runs))]
    public void Every_large_layer_is_computed_in_it(TrainingOptions options)
    {
        List<string> float32 = [];
        using (Train(options, steps: 1, Watch))
            Assert.That(float32, Is.Empty);
        using (Train(options with { Precision = "float32" }, steps: 1, Watch))
            Assert.That(float32, options.Architecture == "stylegan2" ? Is.Empty : Is.Not.Empty, "otherwise nothing is watched");

        void Watch(ITrainingTask task)
        {
            foreach (var (name, layer) in task.Networks.SelectMany(network => network.Module.named_modules()))
                if (layer is Conv2d or ConvTranspose2d or Linear && layer.parameters().First().shape is [>= 16, >= 16, ..])
                    ((nn.Module<Tensor, Tensor>)layer).register_forward_hook((_, _, output) =>
                    {
                        float32.Add(name);
                        return output;
                    });
        }
    }

    // The DCGAN also with its paper's small weights, which the scores hardly bend with.
    [TestCase("dcgan", "r1", 0.02, true)]
    [TestCase("dcgan", "gradient-penalty", 0.02, true)]
    [TestCase("dcgan", "r1", 0.05)]
    [TestCase("dcgan", "gradient-penalty", 0.05)]
    [TestCase("resnet", "gradient-penalty", 0.05)]
    [TestCase("stylegan2", "r1", 0.05)]
    public void The_gradient_of_a_penalty_on_gradients_points_where_float32s_does(string architecture, string regularizer, double tolerance,
        bool smallWeights = false)
    {
        var options = _small with { Architecture = architecture, Regularizers = regularizer };
        using var task = new NoiseToImageTask(options, 1, 0, CPU);
        using var scope = NewDisposeScope();
        if (smallWeights)
            InitialWeights.Draw(task.Discriminator, options.Seed, player: 1, InitialWeights.Dcgan);
        var (reduced, full) = (Gradient(bfloat16), Gradient(null));
        var distance = (reduced - full).norm().item<float>() / full.norm().item<float>();
        Assert.That(distance, Is.Positive.And.LessThan(tolerance), "of the gradient's length");

        Tensor Gradient(ScalarType? type)
        {
            using var precision = ComputePrecision.Use(type);
            manual_seed(5);
            var (real, fake) = (rand(8, 1, 32, 32) * 2 - 1, rand(8, 1, 32, 32) * 2 - 1);
            task.Discriminator.zero_grad();
            options.RegularizerSpecs[0].Regularizer.Discriminator!()
                .Penalty(new(images => task.Discriminator.call(images, null), real, fake)).backward();
            return cat([.. task.Discriminator.parameters().Select(p => p.grad).OfType<Tensor>().Select(g => g.flatten())]);
        }
    }

    [TestCase("dcgan", "r1:1/4")]
    [TestCase("resnet", "spectral-norm")]
    [TestCase("stylegan2", "r1:1/4,path-length:2/4")]
    public void A_stopped_run_resumes_to_the_bytes_of_an_unbroken_one(string architecture, string regularizers)
    {
        using var unbroken = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        var options = _small with { Architecture = architecture, Regularizers = regularizers, BatchSize = 50 };
        Run(unbroken, options);
        using var stop = new CancellationTokenSource();
        Run(stopped, options, new RecordingMonitor(step => { if (step == 7) stop.Cancel(); }), stop.Token);
        Run(stopped, options, resume: true);
        Assert.That(File.ReadAllBytes(stopped[Checkpoint.FileName]), Is.EqualTo(File.ReadAllBytes(unbroken[Checkpoint.FileName])));
    }

    [Test]
    public void A_run_that_goes_on_may_have_another_precision_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var options = _small with { Width = 2, BatchSize = 50 };
        Run(folder, options);
        var monitor = new RecordingMonitor();
        Run(folder, options with { Precision = "float32", Kimg = 2 }, monitor, resume: true);
        Assert.That(monitor.Start!.Changes.Select(change => $"{change.Option} {change.From} {change.To}"),
            Is.EquivalentTo(["kimg 1 2", "precision bf16 float32"]));
    }

    [Test]
    public void A_run_in_it_is_told_how_fast_it_is()
    {
        using var folder = new TemporaryFolder();
        var monitor = new RecordingMonitor();
        Run(folder, _small with { Width = 2, BatchSize = 50 }, monitor);
        Assert.That(monitor.Start!.Bfloat16SpeedUp, Is.Positive.And.EqualTo(Bfloat16.SpeedUp));
    }

    [Test]
    public void The_file_is_as_one_of_float32()
    {
        using var folder = new TemporaryFolder();
        var (reduced, full) = (Graph(_small), Graph(_small with { Precision = "float32" }));
        Assert.That(reduced.Node.Select(node => (node.OpType, node.Name)), Is.EqualTo(full.Node.Select(node => (node.OpType, node.Name))));
        Assert.That(reduced.Initializer.Select(weight => (weight.Name, weight.DataType)),
            Is.EqualTo(full.Initializer.Select(weight => (weight.Name, weight.DataType))));

        GraphProto Graph(TrainingOptions options)
        {
            using var task = (NoiseToImageTask)Train(options, steps: 1);
            using var scope = NewDisposeScope();
            var path = folder[$"{options.Precision}.onnx"];
            OnnxExporter.Export(task.AveragedGenerator, [zeros(2, options.LatentSize)], path);
            return ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph;
        }
    }

    [Test]
    public void Another_precision_is_refused_with_those_there_are() =>
        Assert.That((_small with { Precision = "fp16" }).Validate, Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            "These options can't be used: there is no precision 'fp16'; there are: float32, bf16."));

    private static Dictionary<Figure, double> FiguresOf(TrainingOptions options)
    {
        using var task = Train(options, steps: 3);
        return task.Measurements.Read().ToDictionary(figure => figure.Key, figure => figure.Value);
    }

    private static ITrainingTask Train(TrainingOptions options, int steps, Action<ITrainingTask>? prepare = null)
    {
        options.Validate();
        var kind = TrainingTasks.Of(options);
        var channels = kind.SecondImages == SecondImages.None && options.Task == "generate" ? 1 : 3;
        var task = kind.Create(options, channels, classes: 0, CPU);
        prepare?.Invoke(task);
        using var precision = ComputePrecision.Use(options.ReducedPrecision);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            manual_seed(step);
            Tensor Images() => randint(0, 256, [options.BatchSize, channels, options.Size, options.Size]).to(ScalarType.Byte);
            task.Step(step,
                [new TrainingBatch(Images(), null) { SecondImages = kind.SecondImages == SecondImages.None ? null : Images() }]);
        }
        return task;
    }

    private static void Run(TemporaryFolder folder, TrainingOptions options, RecordingMonitor? monitor = null,
        CancellationToken stop = default, bool resume = false) =>
        Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = folder.Path, Options = options, Resume = resume },
            monitor ?? new RecordingMonitor(), stop);
}
