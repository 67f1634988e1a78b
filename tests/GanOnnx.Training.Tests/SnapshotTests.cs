using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

public sealed class SnapshotTests
{
    // 6 kimg in batches of 50; a snapshot every 2.
    private static readonly TrainingOptions _tiny = new()
    {
        Architecture = "mlp",
        Width = 1,
        LatentSize = 4,
        BatchSize = 50,
        Kimg = 6,
        TickKimg = 1,
        SnapshotKimg = 2,
        Snapshots = 2,
    };

    private readonly TemporaryFolder _folder = new();

    [SetUp]
    public void Train() => Train(_folder["run"], _tiny);

    [TearDown]
    public void Empty() => Directory.Delete(_folder["run"], recursive: true);

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void The_newest_are_kept_and_a_run_tells_them()
    {
        var kept = RunSummary.Find(_folder["run"]).Single().Snapshots;

        Assert.That(kept.Select(s => (s.Kimg, s.Images, s.IsBest)), Is.EqualTo(new[] { (4L, 4000L, false), (6L, 6000L, false) }));
        Assert.That(kept.Select(s => s.Size), Is.EqualTo(kept.Select(s => new FileInfo(s.Path).Length)));
        Assert.That(Directory.GetFiles(_folder["run/snapshots"]).Select(Path.GetFileName),
            Is.EquivalentTo(["kimg-000004.safetensors", "kimg-000006.safetensors"]));
    }

    [Test]
    public void None_is_kept_where_none_is_asked_for()
    {
        Train(_folder["none"], _tiny with { SnapshotKimg = 0 });
        Assert.That(Directory.Exists(_folder["none/snapshots"]), Is.False);
    }

    [Test]
    public void A_snapshot_between_two_ticks_comes_with_the_next_one_wherever_the_run_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        var options = _tiny with { TickKimg = 2, SnapshotKimg = 3, Kimg = 4 };
        Train(_folder["stopped"], options, new RecordingMonitor(step => { if (step == 65) stop.Cancel(); }), stop.Token);
        Train(_folder["stopped"], options, resume: true);
        Assert.That(Snapshot.Of(_folder["stopped"]).Select(s => s.Kimg), Is.EqualTo([4]));
    }

    [Test]
    public void The_last_one_makes_the_same_images_as_the_checkpoint_of_its_time()
    {
        using var snapshot = TrainedGenerator.Load(Snapshot.Find(_folder["run"], "6"));
        using var last = TrainedGenerator.Load(Snapshot.Find(_folder["run"], "last"));
        var z = snapshot.Inputs.Select(i => i.Example).ToArray();

        Assert.That(snapshot.Metadata.Training, Is.EqualTo(last.Metadata.Training));
        Assert.That(snapshot.Module.call(z)[0].data<float>().ToArray(), Is.EqualTo(last.Module.call(z)[0].data<float>().ToArray()));
    }

    [Test]
    public void An_earlier_one_says_how_many_images_it_saw()
    {
        using var earlier = TrainedGenerator.Load(Snapshot.Find(_folder["run"], "4"));
        Assert.That(earlier.Metadata.Training!.ImagesSeen, Is.EqualTo(4000));
    }

    [Test]
    public void The_best_is_found_and_stays_however_many_come_after_it()
    {
        new SnapshotFolder(_folder["run"]).MarkBest(4000, new Dictionary<string, double> { ["fd"] = 12.5 });
        Train(_folder["run"], _tiny with { Kimg = 12 }, resume: true);

        var kept = Snapshot.Of(_folder["run"]);
        Assert.That(kept.Select(s => s.Kimg), Is.EqualTo([4, 10, 12]));
        Assert.That(kept[0].IsBest && kept[0].Figures["fd"] == 12.5, Is.True);
        Assert.That(Snapshot.Find(_folder["run"], "best"), Is.EqualTo(kept[0].Path));
    }

    [Test]
    public void Another_best_lets_the_one_before_go()
    {
        var snapshots = new SnapshotFolder(_folder["run"]);
        snapshots.MarkBest(4000, new Dictionary<string, double>());
        snapshots.MarkBest(6000, new Dictionary<string, double>());
        Train(_folder["run"], _tiny with { Kimg = 10 }, resume: true);
        Assert.That(Snapshot.Of(_folder["run"]).Select(s => s.Kimg), Is.EqualTo([6, 8, 10]));
    }

    [TestCase("best", "'{0}' has no best snapshot: nothing was measured while it was trained that could tell which is best. "
        + "It has snapshots "
        + "at 4, 6 kimg, and its last state.")]
    [TestCase("5", "'{0}' has no snapshot at 5 kimg. It has snapshots at 4, 6 kimg, and its last state.")]
    [TestCase("first", "'first' is no snapshot: give thousands of images, best or last.")]
    public void One_that_is_not_there_is_told(string at, string message) =>
        Assert.That(() => Snapshot.Find(_folder["run"], at),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(string.Format(null, message, _folder["run"])));

    [Test]
    public void What_has_a_snapshots_name_and_is_none_is_left_and_told()
    {
        Directory.CreateDirectory(_folder["mine/snapshots"]);
        File.WriteAllText(_folder["mine/snapshots/kimg-000001.safetensors"], "mine");

        Assert.That(() => Train(_folder["mine"], _tiny), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{_folder["mine/snapshots/kimg-000001.safetensors"]}' isn't known to be of this program, so it isn't replaced. "
                + "Move it away, or choose another place."));
        Assert.That(File.ReadAllText(_folder["mine/snapshots/kimg-000001.safetensors"]), Is.EqualTo("mine"));
    }

    [Test]
    public void Copies_under_other_names_are_peoples_own()
    {
        File.Copy(_folder["run/snapshots/kimg-000004.safetensors"], _folder["run/snapshots/kimg-good.safetensors"]);
        Train(_folder["run"], _tiny with { Kimg = 12 }, resume: true);
        Assert.That(File.Exists(_folder["run/snapshots/kimg-good.safetensors"]), Is.True);
        Assert.That(Snapshot.Of(_folder["run"]).Select(s => s.Kimg), Is.EqualTo([10, 12]));
    }

    [Test]
    public void Snapshots_of_a_run_whose_checkpoint_is_gone_are_not_mixed_with_another_runs()
    {
        File.Delete(_folder["run/checkpoint.safetensors"]);
        Assert.That(() => Train(_folder["run"], _tiny), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{_folder["run"]}' holds snapshots of a run whose checkpoint is gone. Choose another folder, or move them away."));
    }

    [Test]
    public void A_flipped_bit_is_noticed()
    {
        var path = _folder["run/snapshots/kimg-000006.safetensors"];
        var bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 1; // the discriminator's last weight
        File.WriteAllBytes(path, bytes);
        Assert.That(() => TrainedWeights.Save(path, _folder["w.safetensors"]), Throws.TypeOf<TrainingException>()
            .With.Message.Contains("isn't what its checksum says"));
    }

    [Test]
    public void Weights_to_ship_take_half_the_bytes_and_are_the_same_to_float16()
    {
        var snapshot = Snapshot.Find(_folder["run"], "6");
        TrainedWeights.Save(_folder["run"], _folder["w.safetensors"], "MIT");

        using var weights = Opened(_folder["w.safetensors"]);
        using var full = Opened(snapshot);
        using var a = new NoiseToImageTask(_tiny, 1, 0, CPU);
        using var b = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Assert.That(new FileInfo(_folder["w.safetensors"]).Length, Is.LessThan(0.6 * new FileInfo(snapshot).Length));
        Assert.That(weights.Tensors.Names, Is.EqualTo(full.Tensors.Names));
        Assert.That(weights.Tensors.Metadata["license"], Is.EqualTo("MIT"));
        weights.Restore("discriminator", a.Discriminator);
        full.Restore("discriminator", b.Discriminator);
        foreach (var (x, y) in a.Discriminator.parameters().Zip(b.Discriminator.parameters()))
            Assert.That((x - y).abs().max().item<float>(), Is.LessThan(1e-3 * y.abs().max().item<float>() + 1e-6));
    }

    [Test]
    public void Numbers_that_do_not_fit_into_float16_stay_as_they_are()
    {
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        using (no_grad())
            task.Discriminator.parameters().First().fill_(1e5);
        using var opened = Opened(Snapshot.Find(_folder["run"], "6"));
        WeightsFile.Save(_folder["large.safetensors"], task.Networks, opened.Info, half: true);

        using var read = new NoiseToImageTask(_tiny, 1, 0, CPU);
        using var file = Opened(_folder["large.safetensors"]);
        file.Restore("discriminator", read.Discriminator);
        Assert.That(read.Discriminator.parameters().First().max().item<float>(), Is.EqualTo(1e5f));
    }

    private static WeightsFile Opened(string path) => WeightsFile.Open(path);

    private static void Train(string folder, TrainingOptions options, RecordingMonitor? monitor = null, CancellationToken stop = default,
        bool resume = false) =>
        Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = folder, Options = options, Resume = resume },
            monitor ?? new RecordingMonitor(), stop);
}
