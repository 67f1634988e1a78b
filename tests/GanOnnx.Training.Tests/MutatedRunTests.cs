using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.Report;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>Damaged and hostile files of runs: what reads them gives what is there or the exception that it promises.</summary>
[NonParallelizable]
public sealed class MutatedRunTests
{
    private const long MostMemory = 2L << 30;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private static readonly TrainingOptions _tiny = new() { Architecture = "mlp", Size = 28, Width = 1, LatentSize = 2, BatchSize = 2 };

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void A_mutated_checkpoint_is_read_or_refused_with_a_sentence()
    {
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Save(_folder["c"], task, DamageTests.Info() with { Options = _tiny });
        byte[][] files = [File.ReadAllBytes(_folder["c"]), DamageTests.WithoutSums(File.ReadAllBytes(_folder["c"]), "2")];

        Mutations.Try(500, bytes =>
        {
            File.WriteAllBytes(_folder["m"], bytes);
            Checkpoint.IsOne(_folder["m"]);
            Trainer.OptionsOf(_folder["m"]);
            DamageTests.Restore(_folder["m"], task);
            return true;
        }, e => e is TrainingException, random => Mended(Mutate(files, random), random), _limit, MostMemory);
    }

    [Test]
    public void A_mutated_checkpoint_is_exported_or_refused_with_a_sentence()
    {
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Checkpoint.Save(_folder["c"], task, DamageTests.Info() with { Options = _tiny });
        byte[][] files = [File.ReadAllBytes(_folder["c"]), DamageTests.WithoutSums(File.ReadAllBytes(_folder["c"]), "2")];

        Mutations.Try(300, bytes =>
        {
            File.WriteAllBytes(_folder["m"], bytes);
            TrainedGenerator.Load(_folder["m"]).Dispose();
            return true;
        }, e => e is TrainingException, random => Mended(Mutate(files, random), random), _limit, MostMemory);
    }

    [Test]
    public void A_mutated_file_of_weights_is_begun_with_or_refused_with_a_sentence()
    {
        using var task = new NoiseToImageTask(_tiny, 1, 0, CPU);
        WeightsFile.Save(_folder["w"], task.Networks, DamageTests.Info() with { Options = _tiny }, half: true);
        SafetensorsFile.Write(_folder["others"], task.Generator.state_dict(), []);
        byte[][] files = [File.ReadAllBytes(_folder["w"]), File.ReadAllBytes(_folder["others"])];

        Mutations.Try(500, bytes =>
        {
            File.WriteAllBytes(_folder["m"], bytes);
            WeightsFile.IsOne(_folder["m"]);
            TrainedWeights.OptionsOf(_folder["m"]);
            using var source = WeightSource.Open(_folder["m"]);
            WeightSource.Copy("m", source, task.Networks, null);
            return true;
        }, e => e is TrainingException, random => Mended(Mutate(files, random), random), _limit, MostMemory);
    }

    [Test]
    public void Mutated_snapshots_and_their_best_are_passed_over()
    {
        Trainer.Run(new TrainingRun
        {
            Data = "synthetic:digits",
            Folder = _folder["run"],
            Options = _tiny with { Kimg = 2, TickKimg = 1, SnapshotKimg = 1 },
        }, new RecordingMonitor());
        var snapshots = new SnapshotFolder(_folder["run"]);
        snapshots.MarkBest(Snapshot.Of(_folder["run"])[0].Images, new Dictionary<string, double> { ["fd"] = 1.5 });
        var best = _folder["run/snapshots/best.json"];
        byte[][] bests = [File.ReadAllBytes(best)];
        byte[][] files = [File.ReadAllBytes(_folder["run/snapshots/kimg-000001.safetensors"])];

        Mutations.Try(300, bytes =>
        {
            File.WriteAllBytes(_folder["run/snapshots/kimg-000001.safetensors"], bytes);
            File.WriteAllBytes(best, MutateText(bests, new Random(bytes.Length)));
            var there = RunSummary.Find(_folder["run"]).Single().Snapshots;
            return there.Count == 2;
        }, _ => false, random => Mended(Mutate(files, random), random), _limit, MostMemory);
    }

    [Test]
    public void A_mutated_preset_is_read_or_refused_with_a_sentence()
    {
        byte[][] files = [.. Directory.GetFiles(Path.Combine(Repository.Root, "training/configs"), "*.json").Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes), JsonSerializer.SerializeToUtf8Bytes(new TrainingOptions(), TrainingOptions.Json)];

        Mutations.Try(1000, bytes =>
        {
            var options = TrainingOptions.FromJson(Encoding.UTF8.GetString(bytes));
            options.Validate();
            return options.Equals(options with { Seed = options.Seed });
        }, e => e is JsonException or TrainingException, random => MutateText(files, random), _limit, MostMemory);
    }

    [Test]
    public void A_mutated_description_and_log_of_a_run_stop_nothing()
    {
        Trainer.Run(new TrainingRun { Data = "synthetic:digits", Folder = _folder["run"], Options = _tiny with { Kimg = 3, TickKimg = 1 } },
            new RecordingMonitor());
        byte[][] runs = [File.ReadAllBytes(_folder["run/run.json"])];
        byte[][] logs = [File.ReadAllBytes(_folder["run/metrics.jsonl"])];
        Directory.CreateDirectory(_folder["m"]);
        var log = Path.Combine(_folder["m"], MetricsLog.FileName);
        (byte[] Run, byte[] Log) made = ([], []);

        Mutations.Try(300, _ =>
        {
            File.WriteAllBytes(_folder["m/run.json"], made.Run);
            File.WriteAllBytes(log, made.Log);
            var isOurs = RunDescription.IsOne(_folder["m/run.json"]) && MetricsLog.IsOne(log);
            new HtmlReport(_folder["m"]).Write();
            var health = new TrainingHealth(0.5);
            var ticks = new MetricsLog(log).Read();
            health.Recall(ticks);
            if (MetricsLog.IsOne(log))
                new MetricsLog(log).TruncateAfter(40);
            return isOurs && ticks.Count == 3;
        }, _ => false, random =>
        {
            made = (MutateText(runs, random), MutateText(logs, random));
            return made.Log;
        }, _limit, MostMemory);
    }

    // Half of the time the tensors' bytes alone, a quarter nothing: the harness wants some files that can be read.
    private static byte[] Mutate(byte[][] files, Random random) =>
        random.Next(8) == 0 ? [.. files[random.Next(files.Length)]] : random.Next(3) == 0 ? MutateHeader(files, random)
            : Mutations.Mutate(files, random);

    // A file that was made to do harm: its header is JSON still, and its length is right.
    private static byte[] MutateHeader(byte[][] files, Random random)
    {
        var file = files[random.Next(files.Length)];
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = MutateText([file[8..(8 + length)]], random);
        return DamageTests.Safetensors(Encoding.UTF8.GetString(header), file[(8 + length)..]);
    }

    // Numbers and words of JSON replaced, which leaves it JSON; else bytes.
    private static byte[] MutateText(byte[][] files, Random random)
    {
        if (random.Next(8) == 0)
            return [.. files[random.Next(files.Length)]];
        if (random.Next(2) == 0)
            return Mutations.Mutate(files, random);
        string[] values = ["0", "-1", "1e400", "\"NaN\"", "9223372036854775808", "null", "[]", "{}", "\"\"", "true", "1.5", "\"\\ud800\"",
            "\"mlp\"", "100000000"];
        var text = Encoding.UTF8.GetString(files[random.Next(files.Length)]);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var matches = System.Text.RegularExpressions.Regex.Matches(text, """(?<=: ?)("[^"\\]*"|[-\w.+]+)(?=[ \r\n]*[,}])""");
            if (matches.Count == 0)
                break;
            var match = matches[random.Next(matches.Count)];
            text = string.Concat(text.AsSpan(0, match.Index), values[random.Next(values.Length)], text.AsSpan(match.Index + match.Length));
        }
        return Encoding.UTF8.GetBytes(text);
    }

    // With checksums that are right, half of the time: what comes behind them is tried too.
    private static byte[] Mended(byte[] file, Random random)
    {
        if (random.Next(2) == 0)
            return file;
        try
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
            var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
            var text = header["__metadata__"]!.AsObject();
            foreach (var (name, entry) in header.Where(e => e.Key != "__metadata__" && text.ContainsKey("sha256:" + e.Key)))
            {
                var (start, end) = (8 + length + (int)entry!["data_offsets"]![0]!, 8 + length + (int)entry["data_offsets"]![1]!);
                text["sha256:" + name] = Convert.ToHexStringLower(SHA256.HashData(file.AsSpan(start, end - start)));
            }
            if (text.ContainsKey("sha256"))
            {
                text["sha256"] = new string('0', 64);
                text["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(header.ToJsonString())));
            }
            return DamageTests.Safetensors(header.ToJsonString(), file[(8 + length)..]);
        }
        catch (Exception e) when (e is not AssertionException)
        {
            return file;
        }
    }
}
