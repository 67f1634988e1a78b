using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>A bit that isn't as it was written is noticed when it is read, or does no harm.</summary>
public sealed class DamageTests
{
    private static readonly TrainingOptions _tiny = new() { Width = 2, LatentSize = 8, BatchSize = 50, Kimg = 2, TickKimg = 1, Seed = 7 };

    [Test]
    public void A_flipped_bit_anywhere_in_a_checkpoint_is_noticed()
    {
        using var folder = new TemporaryFolder();
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Save(folder["c"], task, Info());
        var bytes = File.ReadAllBytes(folder["c"]);
        var header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var random = new Random(1);

        for (var i = 0; i < 300; i++)
        {
            // A third in the header, and every byte of its length.
            var place = i < 8 ? i : random.Next(i % 3 == 0 ? header : bytes.Length);
            bytes[place] ^= (byte)(1 << i % 8);
            File.WriteAllBytes(folder["flipped"], bytes);
            Assert.That(() => Restore(folder["flipped"], task), Throws.TypeOf<TrainingException>(), $"byte {place} of {bytes.Length}");
            bytes[place] ^= (byte)(1 << i % 8);
        }
    }

    [Test]
    public void A_damaged_tensor_is_named()
    {
        using var folder = new TemporaryFolder();
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Save(folder["c"], task, Info());
        var bytes = File.ReadAllBytes(folder["c"]);
        bytes[8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)] ^= 1;
        File.WriteAllBytes(folder["c"], bytes);

        Assert.That(() => Restore(folder["c"], task), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{folder["c"]}' is damaged: 'generator.project.weight' isn't what its checksum says. Take a copy of it, or start a "
                + "new run."));
    }

    [TestCase("[-8, 8]", "[8, 16]", TestName = "Places_of_tensors_below_zero_are_refused")]
    [TestCase("[0, 8]", "[0, 8]", TestName = "Places_of_tensors_over_each_other_are_refused")]
    [TestCase("[0, 12]", "[8, 16]", TestName = "Places_of_tensors_that_overlap_are_refused")]
    [TestCase("[0, 4]", "[8, 16]", TestName = "Places_of_tensors_with_a_gap_are_refused")]
    [TestCase("[8, 0]", "[0, 16]", TestName = "Places_of_tensors_that_run_backwards_are_refused")]
    [TestCase("[0, 9223372036854775807]", "[8, 16]", TestName = "Places_of_tensors_beyond_the_file_are_refused")]
    public void Places(string first, string second)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x"], Safetensors($$$"""
            {"a":{"dtype":"F32","shape":[2],"data_offsets":{{{first}}}},"b":{"dtype":"F32","shape":[2],"data_offsets":{{{second}}}}}
            """, new byte[16]));

        Assert.That(() => SafetensorsFile.Open(folder["x"]), Throws.TypeOf<TrainingException>()
            .With.Message.Contains(" is said to be at bytes ").Or.Message.Contains(" announces "));
    }

    [Test]
    public void A_tensor_whose_place_has_other_bytes_than_its_shape_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x"], Safetensors("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""", new byte[16]));
        using var file = SafetensorsFile.Open(folder["x"]);
        using var tensor = zeros([2]);

        Assert.That(() => file.CopyTo("a", tensor), Throws.TypeOf<TrainingException>().With.Message.Contains("'a' has 16 bytes"));
    }

    [Test]
    public void A_checkpoint_from_before_there_were_checksums_is_read_and_one_that_lost_them_is_not()
    {
        using var folder = new TemporaryFolder();
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Save(folder["c"], task, Info());
        File.WriteAllBytes(folder["2"], WithoutSums(File.ReadAllBytes(folder["c"]), "2"));
        File.WriteAllBytes(folder["3"], WithoutSums(File.ReadAllBytes(folder["c"]), "3"));

        Assert.That(() => Restore(folder["2"], task), Throws.Nothing);
        Assert.That(() => Checkpoint.Open(folder["3"]), Throws.TypeOf<TrainingException>().With.Message.Contains("checksums"));
    }

    [Test]
    public void A_checkpoint_that_is_replaced_while_it_is_read_is_read_to_its_end()
    {
        using var folder = new TemporaryFolder();
        using var older = new NoiseToImageTask(_tiny, 1, 0, CPU);
        using var newer = new NoiseToImageTask(_tiny with { Seed = 9 }, 1, 0, CPU);
        Checkpoint.Save(folder["c"], older, Info());
        var before = File.ReadAllBytes(folder["c"]);
        using var opened = Checkpoint.Open(folder["c"]);
        Checkpoint.Save(folder["c"], newer, Info());

        opened.Restore(newer);

        Checkpoint.Save(folder["again"], newer, Info());
        Assert.That(File.ReadAllBytes(folder["again"]), Is.EqualTo(before));
    }

    [Test]
    public void A_flipped_bit_anywhere_in_decoded_images_is_noticed()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["data/cats/a.png"], 1, 2, 3);
        Images.Save(folder["data/dogs/b.png"], 4, 5, 6);
        ImageDataset.Decode(folder["data"], folder["images"], 32, null).Dispose();
        var bytes = File.ReadAllBytes(folder["images"]);
        var random = new Random(1);

        for (var i = 0; i < 300; i++)
        {
            // Half in what is known of the images, behind them.
            var place = i % 2 == 0 ? random.Next(bytes.Length) : random.Next(2 * 3 * 32 * 32, bytes.Length);
            bytes[place] ^= (byte)(1 << i % 8);
            File.WriteAllBytes(folder["images"], bytes);
            Assert.That(ImageDataset.TryOpen(folder["images"]), Is.Null, $"byte {place} of {bytes.Length}");
            bytes[place] ^= (byte)(1 << i % 8);
        }
        File.WriteAllBytes(folder["images"], bytes);
        using var whole = ImageDataset.TryOpen(folder["images"]);
        Assert.That(whole, Is.Not.Null);
    }

    [Test]
    public void A_run_whose_decoded_images_are_damaged_decodes_them_again()
    {
        using var damaged = new TemporaryFolder();
        using var unbroken = new TemporaryFolder();
        Train(unbroken, 2, resume: false);
        Train(damaged, 1, resume: false);
        var bytes = File.ReadAllBytes(damaged[ImageDataset.FileName]);
        bytes[5000] ^= 16;
        File.WriteAllBytes(damaged[ImageDataset.FileName], bytes);

        Train(damaged, 2, resume: true);

        Assert.That(File.ReadAllBytes(damaged[Checkpoint.FileName]), Is.EqualTo(File.ReadAllBytes(unbroken[Checkpoint.FileName])));
    }

    [TestCase("[1]")]
    [TestCase("{\"step\":1,\"step\":1}")]
    [TestCase("{\"step\":99999999999999999999,\"images\":1000,\"imagesPerSecond\":1,\"warnings\":[]}")]
    [TestCase("{\"step\":3,\"images\":\"x\"}")]
    [TestCase("\0\0\0\0")]
    [TestCase("null")]
    public void A_damaged_line_of_the_log_never_stops_a_run(string line)
    {
        using var folder = new TemporaryFolder();
        Train(folder, 1, resume: false);
        var log = folder[MetricsLog.FileName];
        File.WriteAllText(log, line + "\n" + File.ReadAllText(log));

        Train(folder, 2, resume: true);

        Assert.That(new MetricsLog(log).Read().Select(t => t.Step), Is.EqualTo([20, 40]));
    }

    [Test]
    public void A_log_that_is_damaged_in_each_line_never_stops_a_run()
    {
        using var folder = new TemporaryFolder();
        Train(folder, 1, resume: false);
        var log = folder[MetricsLog.FileName];
        File.WriteAllText(log, File.ReadAllText(log).Replace("\"step\":20,", "\"step\":2O,", StringComparison.Ordinal));

        Train(folder, 2, resume: true);

        Assert.That(new MetricsLog(log).Read().Select(t => t.Step), Is.EqualTo([40]));
    }

    [Test]
    public void A_description_that_is_damaged_while_a_run_is_at_work_never_stops_it()
    {
        using var folder = new TemporaryFolder();
        var monitor = new RecordingMonitor(step =>
        {
            if (step == 5)
                File.WriteAllText(folder["run.json"], "{\"data\": ");
        });

        Assert.That(() => Train(folder, 1, resume: false, monitor), Throws.Nothing);
        Assert.That(File.ReadAllText(folder["report.html"]), Does.Contain("1,000 real images seen"));
    }

    internal static void Restore(string path, NoiseToImageTask task)
    {
        using var checkpoint = Checkpoint.Open(path);
        checkpoint.Restore(task);
    }

    internal static CheckpointInfo Info() =>
        new() { Step = 20, Options = _tiny, Channels = 1, Data = "d", DataFingerprint = "f", Tool = "t" };

    internal static byte[] Safetensors(string header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. data];
    }

    internal static byte[] WithoutSums(byte[] checkpoint, string version)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(checkpoint);
        var header = JsonNode.Parse(checkpoint.AsSpan(8, length))!.AsObject();
        var text = header["__metadata__"]!.AsObject();
        foreach (var key in text.Select(e => e.Key).Where(key => key.StartsWith("sha256", StringComparison.Ordinal)).ToArray())
            text.Remove(key);
        text["ganonnx.checkpoint"] = version;
        return Safetensors(header.ToJsonString(), checkpoint[(8 + length)..]);
    }

    private static void Train(TemporaryFolder folder, int kimg, bool resume, RecordingMonitor? monitor = null) => Trainer.Run(
        new TrainingRun { Data = "synthetic:digits", Folder = folder.Path, Options = _tiny with { Kimg = kimg }, Resume = resume },
        monitor ?? new RecordingMonitor());
}
