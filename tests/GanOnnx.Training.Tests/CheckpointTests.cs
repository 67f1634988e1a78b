using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

public sealed class CheckpointTests
{
    private static readonly TrainingOptions _tiny = new() { Width = 2, LatentSize = 8, BatchSize = 2 };

    [Test]
    public void Everything_comes_back()
    {
        using var folder = new TemporaryFolder();
        using var trained = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Step(trained, 0);
        Checkpoint.Save(folder["c"], trained, Info(step: 1));

        using var restored = new NoiseToImageTask(_tiny with { Seed = 9 }, 1, 0, CPU);
        Checkpoint.Open(folder["c"]).Restore(restored);
        Checkpoint.Save(folder["again"], restored, Info(step: 1));

        Assert.That(File.ReadAllBytes(folder["again"]), Is.EqualTo(File.ReadAllBytes(folder["c"])));
        Assert.That(JsonSerializer.Serialize(Checkpoint.Open(folder["c"]).Info), Is.EqualTo(JsonSerializer.Serialize(Info(step: 1))));
    }

    [Test]
    public void A_restored_trainer_takes_the_same_next_step()
    {
        using var folder = new TemporaryFolder();
        using var trained = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Step(trained, 0);
        Checkpoint.Save(folder["c"], trained, Info(step: 1));
        using var restored = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Open(folder["c"]).Restore(restored);

        Step(trained, 1);
        Step(restored, 1);
        Checkpoint.Save(folder["a"], trained, Info(step: 2));
        Checkpoint.Save(folder["b"], restored, Info(step: 2));

        Assert.That(File.ReadAllBytes(folder["b"]), Is.EqualTo(File.ReadAllBytes(folder["a"])));
    }

    [TestCase(4, Description = "in the header's length")]
    [TestCase(200, Description = "in the header")]
    [TestCase(20_000, Description = "in the tensors")]
    [TestCase(-1, Description = "at the last byte")]
    public void A_half_written_checkpoint_is_refused(int keep)
    {
        using var folder = new TemporaryFolder();
        using var trainer = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Save(folder["c"], trainer, Info(step: 0));
        var bytes = File.ReadAllBytes(folder["c"]);
        File.WriteAllBytes(folder["cut"], keep < 0 ? bytes[..^1] : bytes[..keep]);

        Assert.That(() => Checkpoint.Open(folder["cut"]).Info,
            Throws.TypeOf<TrainingException>().With.Message.StartsWith($"'{folder["cut"]}' is no whole checkpoint ("));
    }

    [Test]
    public void Any_other_file_is_refused([Values("", "hello, I am no checkpoint at all", "\0\0\0\0\0\0\0\0\0")] string contents)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x"], contents);
        Assert.That(() => Checkpoint.Open(folder["x"]).Info,
            Throws.TypeOf<TrainingException>().With.Message.StartsWith($"'{folder["x"]}' is no whole checkpoint ("));
    }

    [Test]
    public void A_safetensors_file_of_another_program_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var weight = ones([2]);
        SafetensorsFile.Write(folder["other"], [new("weight", weight)], [new("format", "pt")]);
        Assert.That(() => Checkpoint.Open(folder["other"]).Info, Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{folder["other"]}' is no checkpoint of this program's version: it lacks ganonnx.checkpoint = 3, or checksums."));
    }

    [Test]
    public void A_checkpoint_of_other_networks_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var trainer = new NoiseToImageTask(_tiny, 1, 0, CPU);
        using var wider = new NoiseToImageTask(_tiny with { Width = 4 }, 1, 0, CPU);
        Checkpoint.Save(folder["c"], trainer, Info(step: 0));

        Assert.That(() => Checkpoint.Open(folder["c"]).Restore(wider), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{folder["c"]}' has 'generator.project.weight' as F32 [128, 8], not Float32 [256, 8]: it is a checkpoint of "
                + "other networks."));
    }

    [Test]
    public void A_failed_save_leaves_the_checkpoint_before()
    {
        using var folder = new TemporaryFolder();
        using var trainer = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Save(folder["c"], trainer, Info(step: 0));
        var before = File.ReadAllBytes(folder["c"]);
        var freed = ones([2]);
        freed.Dispose();

        Assert.That(() => SafetensorsFile.Write(folder["c"], [new("freed", freed)], []), Throws.InstanceOf<InvalidOperationException>());
        Assert.That(File.ReadAllBytes(folder["c"]), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo([folder["c"]]));
    }

    private static void Step(NoiseToImageTask trainer, long step)
    {
        using var pixels = tensor(Enumerable.Range(0, 2 * 32 * 32).Select(i => (byte)(i * 37)).ToArray(), [2, 1, 32, 32]);
        trainer.Step(step, [new TrainingBatch(pixels, null)]);
    }

    private static CheckpointInfo Info(long step) =>
        new() { Step = step, Options = _tiny, Channels = 1, Data = "d", DataFingerprint = "f", Tool = "t" };
}
