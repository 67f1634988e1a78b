using System.Text.Json.Nodes;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Tasks.NoiseToImage;

namespace GanOnnx.Training.Tests;

public sealed class TrainerTests
{
    // 2 kimg in batches of 50 are 40 steps, a tick every 20.
    private static readonly TrainingOptions _tiny = new() { Width = 2, LatentSize = 8, BatchSize = 50, Kimg = 2, TickKimg = 1, Seed = 7 };

    [Test]
    public void A_run_leaves_figures_samples_and_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var monitor = new RecordingMonitor();

        var complete = Train(folder, _tiny, monitor: monitor);

        Assert.That(complete, Is.True);
        Assert.That(monitor.Ticks.Select(t => t.Step), Is.EqualTo([20, 40]));
        Assert.That(monitor.Ticks[1].Images, Is.EqualTo(2000));
        Assert.That(monitor.Ticks[1][Figures.DiscriminatorLoss], Is.Positive);
        Assert.That(monitor.Ticks[1][Figures.RealProbability], Is.InRange(0, 1));
        Assert.That(File.ReadLines(Path.Combine(folder.Path, "metrics.jsonl")).Select(l => (long)JsonNode.Parse(l)!["step"]!),
            Is.EqualTo([20, 40]));
        Assert.That(Provenance.Read(monitor.Samples[1])!.Seeds, Is.EqualTo("7"));
        Assert.That(Trainer.OptionsOf(folder.Path), Is.EqualTo(_tiny));
    }

    [Test]
    public void Both_players_learn()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny);
        using var before = new NoiseToImageTask(_tiny, 1, 0, TorchSharp.torch.CPU);
        using var after = new NoiseToImageTask(_tiny, 1, 0, TorchSharp.torch.CPU);
        Checkpoint.Open(folder.Path).Restore(after);

        foreach (var (name, parameter) in before.Generator.named_parameters().Concat(before.Discriminator.named_parameters()))
        {
            var trained = after.Generator.state_dict().GetValueOrDefault(name) ?? after.Discriminator.state_dict()[name];
            Assert.That(trained.data<float>().ToArray(), Is.Not.EqualTo(parameter.data<float>().ToArray()), name);
        }
    }

    [Test]
    public void The_discriminator_takes_as_many_steps_as_asked_and_kimg_counts_them()
    {
        using var folder = new TemporaryFolder();
        var options = _tiny with { DiscriminatorSteps = 4 };
        var monitor = new RecordingMonitor();
        Train(folder, options, monitor: monitor);
        using var trained = new NoiseToImageTask(options, 1, 0, TorchSharp.torch.CPU);
        Checkpoint.Open(folder.Path).Restore(trained);

        Assert.That((trained.GeneratorOptimizer.Steps, trained.DiscriminatorOptimizer.Steps), Is.EqualTo((10, 40)),
            "2 kimg are 40 batches of 50");
        Assert.That(monitor.Ticks[^1].Images, Is.EqualTo(2000));
    }

    [Test]
    public void Two_runs_of_a_seed_give_the_same_bytes()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Train(first, _tiny);
        Train(second, _tiny);
        Assert.That(CheckpointBytes(second), Is.EqualTo(CheckpointBytes(first)));
    }

    [TestCase(13, Description = "in the middle of a tick")]
    [TestCase(20, Description = "at a tick")]
    public void A_stopped_run_resumes_to_the_bytes_of_an_unbroken_one(long stopAfter)
    {
        using var unbroken = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        Train(unbroken, _tiny);

        using var stop = new CancellationTokenSource();
        var complete = Train(stopped, _tiny, monitor: new RecordingMonitor(step => { if (step == stopAfter) stop.Cancel(); }),
            stop: stop.Token);
        Train(stopped, _tiny, resume: true);

        Assert.That(complete, Is.False);
        Assert.That(CheckpointBytes(stopped), Is.EqualTo(CheckpointBytes(unbroken)));
    }

    private static readonly TestCaseData[] _everything =
    [
        new TestCaseData(_tiny with { Architecture = "mlp", Condition = "concat", LabelSmoothing = 0.1, MinibatchDiscrimination = true,
            WeightDecay = 1e-4 }).SetArgDisplayNames("mlp"),
        new TestCaseData(_tiny with { Architecture = "dcgan", Condition = "projection", Loss = "hinge",
            Regularizers = "spectral-norm,consistency:10/2", Augmentations = "flip,diff,instance-noise", DiscriminatorSteps = 2,
            Schedule = "cosine", WarmupKimg = 0.5 }).SetArgDisplayNames("dcgan"),
        new TestCaseData(_tiny with { Architecture = "resnet", Loss = "wasserstein", Regularizers = "gradient-penalty", GradientClip = 1,
            DiscriminatorLearningRate = 4e-4 }).SetArgDisplayNames("resnet"),
        new TestCaseData(_tiny with { Architecture = "stylegan2", Condition = "mapping", Network = new() { ["mappingLayers"] = 2 },
            Regularizers = "r1:1/4,path-length:2/4", Augmentations = "flip,ada" }).SetArgDisplayNames("stylegan2"),
    ];

    [TestCaseSource(nameof(_everything))]
    public void A_stopped_run_of_any_architecture_with_all_that_has_a_state_resumes_to_the_same_bytes(TrainingOptions options)
    {
        using var unbroken = new TemporaryFolder();
        using var stopped = new TemporaryFolder();
        options = options with { Kimg = 1 };
        Train(unbroken, options);

        using var stop = new CancellationTokenSource();
        Train(stopped, options, monitor: new RecordingMonitor(step => { if (step == 7) stop.Cancel(); }), stop: stop.Token);
        Train(stopped, options, resume: true);

        Assert.That(CheckpointBytes(stopped), Is.EqualTo(CheckpointBytes(unbroken)));
    }

    [Test]
    public void A_run_says_all_that_is_needed_to_repeat_it()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny with { Kimg = 1 });
        var run = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "run.json")))!;

        Assert.That((ulong)run["options"]!["seed"]!, Is.EqualTo(7));
        Assert.That((string)run["dataFingerprint"]!, Has.Length.EqualTo(64));
        Assert.That(run["versions"]!.AsObject().Select(v => v.Key), Is.EquivalentTo(["commit", "dotnet", "os", "torchsharp"]));
    }

    [Test]
    public void Labels_asked_of_unlabelled_data_are_refused_before_anything_is_decoded()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x-images-idx3-ubyte"], Images.Idx(60));
        Assert.That(() => Train(folder, _tiny with { Condition = "concat" }, data: folder["x-images-idx3-ubyte"]),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{folder["x-images-idx3-ubyte"]}' has no labels, but the condition concat needs them. Give a folder with a subfolder for "
                + "each class or IDX files with labels, or leave the condition out."));
        Assert.That(File.Exists(Path.Combine(folder.Path, ImageDataset.FileName)), Is.False);
    }

    [Test]
    public void A_killed_run_resumes_from_its_last_tick_to_the_same_bytes()
    {
        using var unbroken = new TemporaryFolder();
        using var killed = new TemporaryFolder();
        Train(unbroken, _tiny);

        // An exception between two steps leaves what a kill would: the last tick's checkpoint.
        Assert.Throws<InvalidOperationException>(() =>
            Train(killed, _tiny, monitor: new RecordingMonitor(step => { if (step == 33) throw new InvalidOperationException(); })));
        File.AppendAllText(Path.Combine(killed.Path, "metrics.jsonl"), "{\"step\": 30}\n{\"step\": 33, \"half a li");
        Train(killed, _tiny, resume: true);

        Assert.That(CheckpointBytes(killed), Is.EqualTo(CheckpointBytes(unbroken)));
        Assert.That(File.ReadLines(Path.Combine(killed.Path, "metrics.jsonl")).Select(l => (long)JsonNode.Parse(l)!["step"]!),
            Is.EqualTo([20, 40]));
    }

    [Test]
    public void A_finished_run_can_be_made_longer()
    {
        using var folder = new TemporaryFolder();
        using var unbroken = new TemporaryFolder();
        var longer = _tiny with { Kimg = 3 };
        Train(unbroken, longer);

        Train(folder, _tiny);
        Train(folder, longer, resume: true);

        Assert.That(CheckpointBytes(folder), Is.EqualTo(CheckpointBytes(unbroken)));
    }

    [Test]
    public void A_folder_that_holds_a_run_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny with { Kimg = 1 });
        var before = CheckpointBytes(folder);

        Assert.That(() => Train(folder, _tiny), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{folder.Path}' already holds a run. Resume it, or choose another folder."));
        Assert.That(CheckpointBytes(folder), Is.EqualTo(before));
    }

    [Test]
    public void Resuming_with_other_options_is_refused()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny with { Kimg = 1 });
        Assert.That(() => Train(folder, _tiny with { Width = 4, Beta1 = 0.9, LearningRate = 1 }, resume: true),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"The checkpoint in '{folder.Path}' was trained with other options: width 2, not 4, beta1 0.5, not 0.9. A run that goes on can "
                + $"change {string.Join(", ", TrainingOption.All.Where(o => o.CanChange).Select(o => o.Key))}; for the rest, begin a new run "
                + "with its weights.").And.Property("Option").EqualTo("init"));
    }

    [Test]
    public void Resuming_with_other_images_is_refused()
    {
        using var folder = new TemporaryFolder();
        Train(folder, _tiny with { Kimg = 1 });
        File.WriteAllBytes(folder["other-images-idx3-ubyte"], Images.Idx(60));

        var other = folder["other-images-idx3-ubyte"];
        var before = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToArray();
        Assert.That(() => Train(folder, _tiny, data: other, resume: true), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{other}' has changed since the run began: it has 60 images now, and the run began with 10,000. The run can go on with those "
                + "it keeps; to train on what is there now, begin a new one."));
        Assert.That(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes), Is.EqualTo(before),
            "the run is as it was");
    }

    [Test]
    public void Resuming_without_a_checkpoint_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Train(folder, _tiny, resume: true), Throws.TypeOf<TrainingException>().With.Message.StartsWith(
            $"There is no checkpoint '{Path.Combine(folder.Path, "checkpoint.safetensors")}'."));
    }

    [Test]
    public void Fewer_images_than_a_batch_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["few-images-idx3-ubyte"], Images.Idx(49));
        Assert.That(() => Train(folder, _tiny, data: folder["few-images-idx3-ubyte"]),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{folder["few-images-idx3-ubyte"]}' has 49 images, fewer than a batch of 50. Add images or make batches smaller."));
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        var run = new TrainingRun { Data = "synthetic:digits", Folder = folder["file/run"], Options = _tiny };
        Assert.That(() => Trainer.Run(run, new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.StartsWith($"'{folder["file/run"]}' can't be made: "));
    }

    [Test]
    public void Diverged_training_stops_and_keeps_the_checkpoint_before()
    {
        using var folder = new TemporaryFolder();
        var wild = _tiny with { LearningRate = 1e30 };

        Assert.That(() => Train(folder, wild), Throws.TypeOf<TrainingDivergedException>());
        Assert.That(Checkpoint.Open(folder.Path).Info.Step, Is.Zero);
    }

    [Test]
    public void Stopping_a_diverged_run_keeps_the_checkpoint_before()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => Train(folder, _tiny with { LearningRate = 1e30 },
                monitor: new RecordingMonitor(step => { if (step == 9) stop.Cancel(); }), stop: stop.Token),
            Throws.TypeOf<TrainingDivergedException>());
        Assert.That(Checkpoint.Open(folder.Path).Info.Step, Is.Zero);
    }

    [Test]
    public void Images_moved_elsewhere_can_be_resumed_with()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a-images-idx3-ubyte"], Images.Idx(60));
        Train(folder, _tiny with { Kimg = 1 }, data: folder["a-images-idx3-ubyte"]);
        File.Move(folder["a-images-idx3-ubyte"], folder["b-images-idx3-ubyte"]);

        Assert.That(Train(folder, _tiny, data: folder["b-images-idx3-ubyte"], resume: true), Is.True);
    }

    [Test]
    public void A_run_that_failed_for_its_data_sees_the_data_as_it_is_next_time()
    {
        using var folder = new TemporaryFolder();
        var data = folder["a-images-idx3-ubyte"];
        File.WriteAllBytes(data, Images.Idx(40));
        Assert.That(() => Train(folder, _tiny, data: data), Throws.TypeOf<TrainingException>());
        File.WriteAllBytes(data, Images.Idx(60));

        Assert.That(Train(folder, _tiny with { Kimg = 1 }, data: data), Is.True);
    }

    [Test]
    public void Cuda_without_a_gpu_is_refused()
    {
        if (TorchSharp.torch.cuda.is_available())
            Assert.Ignore("This machine has a CUDA GPU.");
        using var folder = new TemporaryFolder();
        var run = new TrainingRun { Data = "synthetic:digits", Folder = folder["run"], Options = _tiny, Cuda = true };
        Assert.That(() => Trainer.Run(run, new RecordingMonitor()),
            Throws.TypeOf<TrainingException>().With.Message.StartsWith("Training on CUDA was asked for"));
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    private static bool Train(TemporaryFolder folder, TrainingOptions options, string data = "synthetic:digits", bool resume = false,
        RecordingMonitor? monitor = null, CancellationToken stop = default) =>
        Trainer.Run(new TrainingRun { Data = data, Folder = folder.Path, Options = options, Resume = resume },
            monitor ?? new RecordingMonitor(), stop);

    private static byte[] CheckpointBytes(TemporaryFolder folder) => File.ReadAllBytes(Path.Combine(folder.Path, Checkpoint.FileName));
}
