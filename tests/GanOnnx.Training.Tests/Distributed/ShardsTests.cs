using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks.NoiseToImage;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Distributed;

public sealed class ShardsTests
{
    // 1 kimg in batches of 40 are 25 steps.
    private static readonly TrainingOptions _tiny =
        new() { Width = 2, LatentSize = 8, BatchSize = 40, Kimg = 1, TickKimg = 1, Seed = 7, Shards = 4 };

    private static readonly TestCaseData[] _all =
    [
        new TestCaseData(_tiny).SetArgDisplayNames("dcgan"),
        new TestCaseData(_tiny with { Architecture = "mlp", Condition = "concat", LabelSmoothing = 0.1, MinibatchDiscrimination = true })
            .SetArgDisplayNames("mlp"),
        new TestCaseData(_tiny with { Loss = "wasserstein", Regularizers = "gradient-penalty", DiscriminatorSteps = 5, GradientClip = 1 })
            .SetArgDisplayNames("wgan-gp"),
        new TestCaseData(_tiny with { Architecture = "resnet", Condition = "projection", Loss = "hinge", Regularizers = "spectral-norm",
            Augmentations = "flip,diff,instance-noise", DiscriminatorSteps = 2 }).SetArgDisplayNames("sngan"),
        new TestCaseData(_tiny with { Architecture = "stylegan2", Regularizers = "r1:10/2,path-length:2/2", Augmentations = "ada" })
            .SetArgDisplayNames("stylegan2"),
    ];

    [TestCaseSource(nameof(_all))]
    public void A_run_in_shards_resumes_to_the_bytes_of_an_unbroken_one(TrainingOptions options)
    {
        using var unbroken = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        Train(unbroken, options);
        using var stop = new CancellationTokenSource();
        Train(stopped, options, monitor: new RecordingMonitor(step => { if (step == 3) stop.Cancel(); }), stop: stop.Token);
        Train(stopped, options, resume: true);

        Assert.That(CheckpointBytes(stopped), Is.EqualTo(CheckpointBytes(unbroken)));
    }

    [TearDown]
    public void Clean() => Architectures.Catalog.Remove("plain");

    // What is added of the shards is then what the whole batch has, but for rounding.
    [Test]
    public void Steps_in_shards_are_those_of_the_whole_batch_where_nothing_compares_its_images()
    {
        var mlp = Architectures.Find("mlp")!;
        Architectures.Register("plain", new Architecture("no dropout", [32], [], mlp.Generator, shape => new PlainDiscriminator(shape)));
        var options = _tiny with
        {
            Architecture = "plain",
            Loss = "least-squares",
            Regularizers = "r1:10/2",
            GradientClip = 0.5,
            DiscriminatorSteps = 2,
        };
        using var first = new TrainingBatch(randint(256, [40, 1, 32, 32], uint8), null);
        using var second = new TrainingBatch(randint(256, [40, 1, 32, 32], uint8), null);
        using var whole = new NoiseToImageTask(options with { Shards = 1 }, 1, 0, CPU);
        using var sharded = new NoiseToImageTask(options, 1, 0, CPU);
        using var scope = NewDisposeScope();
        for (var step = 0; step < 2; step++)
        {
            whole.Step(step, [first, second]);
            sharded.Step(step, [first, second]);
        }

        float Apart(NetworkOptimizer a, NetworkOptimizer b) => a.Moments.Zip(b.Moments)
            .Max(m => ((m.First.Mean - m.Second.Mean).norm() / m.First.Mean.norm()).item<float>());
        Assert.That(Apart(whole.DiscriminatorOptimizer, sharded.DiscriminatorOptimizer), Is.LessThan(1e-4));
        Assert.That(Apart(whole.GeneratorOptimizer, sharded.GeneratorOptimizer), Is.LessThan(1e-4));
        var (figures, expected) = (sharded.Measurements.Read(), whole.Measurements.Read());
        Assert.That(figures.Keys, Is.EquivalentTo(expected.Keys));
        foreach (var (figure, value) in expected)
            Assert.That(figures[figure], Is.EqualTo(value).Within(0.01).Percent, figure.Key);
    }

    [Test]
    public void A_shard_has_statistics_of_its_own_and_what_they_leave_is_their_average()
    {
        using var batch = new TrainingBatch(randint(256, [40, 1, 32, 32], uint8), null);
        using var whole = new NoiseToImageTask(_tiny with { Shards = 1 }, 1, 0, CPU);
        using var sharded = new NoiseToImageTask(_tiny, 1, 0, CPU);
        whole.Step(0, [batch]);
        sharded.Step(0, [batch]);
        float[] Of(NoiseToImageTask task, string name) => task.Generator.state_dict()[name].to(float32).data<float>().ToArray();

        // The mean of the shards' means is the batch's, but for rounding; the variance of 10 images' pixels isn't that of 40.
        Assert.That(Of(sharded, "norms.0.batch.running_mean"), Is.EqualTo(Of(whole, "norms.0.batch.running_mean")).Within(1e-6));
        Assert.That(Of(sharded, "norms.0.batch.running_var"), Is.Not.EqualTo(Of(whole, "norms.0.batch.running_var")).Within(1e-6));
        Assert.That(Of(sharded, "norms.0.batch.num_batches_tracked"), Is.EqualTo(new[] { 1f }));
    }

    [Test]
    public void A_run_that_goes_on_with_other_threads_is_refused()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny);
        var threads = get_num_threads();
        try
        {
            set_num_threads(threads + 1);
            Assert.That(() => Train(folder, _tiny with { Kimg = 2 }, resume: true), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                $"The checkpoint in '{folder.Path}' was trained in shards with {threads} {(threads == 1 ? "thread" : "threads")} for each "
                + $"worker, on which the last bits of sums depend, and this would have {threads + 1}. Set the environment variable "
                + $"OMP_NUM_THREADS to {threads}."));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Test]
    public void A_run_that_goes_on_in_other_shards_is_refused()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny);
        Assert.That(() => Train(folder, _tiny with { Shards = 2 }, resume: true),
            Throws.TypeOf<TrainingException>().With.Message.Contains("trained with other options: shards 4, not 2."));
    }

    private static readonly object[][] _bad =
    [
        [_tiny with { Shards = 0 }, "there are 1 to 1024 shards, not 0"],
        [_tiny with { Shards = 5 }, "the shards are a power of two, not 5"],
        [_tiny with { Shards = 16 }, "a batch of 40 can't be divided into 16 equal shards"],
        [_tiny with { BatchSize = 4 }, "a shard has 2 images or more, but a batch of 4 in 4 shards leaves 1 for each"],
        [new TrainingOptions { Task = "srgan", Architecture = "edsr", Shards = 2 }, "srgan can't be trained in shards; leave --shards out"],
    ];

    [TestCaseSource(nameof(_bad))]
    public void Validate_ShardsThatCannotBe_SaysWhy(TrainingOptions options, string what) =>
        Assert.That(options.Validate, Throws.TypeOf<TrainingException>().With.Message.EqualTo($"These options can't be used: {what}."));

    private static void Train(TemporaryFolder folder, TrainingOptions options, bool resume = false, RecordingMonitor? monitor = null,
        CancellationToken stop = default) =>
        Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = folder.Path, Options = options, Resume = resume },
            monitor ?? new RecordingMonitor(), stop);

    private static byte[] CheckpointBytes(TemporaryFolder folder) => File.ReadAllBytes(Path.Combine(folder.Path, Checkpoint.FileName));

    private sealed class PlainDiscriminator : DiscriminatorNetwork
    {
        private readonly TorchSharp.Modules.Linear score;

        public PlainDiscriminator(NetworkShape shape) : base(nameof(PlainDiscriminator), shape)
        {
            score = nn.Linear(32 * 32, 1);
            RegisterComponents();
        }

        // Squared, or R1 would have no gradient.
        public override Tensor forward(Tensor images, Tensor? labels) => score.call(images.flatten(1).tanh()).square().squeeze(1);
    }
}
