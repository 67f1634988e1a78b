using System.Text.Json.Nodes;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Tasks.NoiseToImage;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>Runs that begin with the weights of another.</summary>
public sealed class TransferTests
{
    private static readonly TrainingOptions _tiny = new()
    {
        Width = 2,
        LatentSize = 8,
        BatchSize = 20,
        Kimg = 1,
        TickKimg = 1,
        SnapshotKimg = 1,
    };

    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void TrainTheFirst()
    {
        Train("first", _tiny, null);
        TrainedWeights.Save(_folder["first"], _folder["weights.safetensors"]);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [TestCase("first", "generator")]
    [TestCase("first/checkpoint.safetensors", "generator")]
    [TestCase("first/snapshots/kimg-000001.safetensors", "average")]
    [TestCase("weights.safetensors", "average")]
    public void All_weights_are_taken_where_all_fit(string from, string generator)
    {
        using var task = new NoiseToImageTask(_tiny with { Seed = 5 }, 1, 0, CPU);
        using var file = WeightSource.Open(_folder[from]);
        var transfer = WeightSource.Copy(from, file, task.Networks, null);

        Assert.That(transfer.Own, Is.Empty);
        Assert.That(transfer.Unused, Is.Empty);
        AssertEqual(task.Generator, generator, from);
        AssertEqual(task.AveragedGenerator, "average", from);
        AssertEqual(task.Discriminator, "discriminator", from);
    }

    [Test]
    public void A_run_begins_with_them_and_tells_and_writes_it_down()
    {
        var monitor = Train("second", _tiny with { Seed = 5 }, "first");

        Assert.That(monitor.Start!.Transfer!.Taken, Has.Count.EqualTo(new NoiseToImageTask(_tiny, 1, 0, CPU).Networks
            .Sum(n => n.Module.state_dict().Count)));
        var init = JsonNode.Parse(File.ReadAllText(_folder["second/run.json"]))!["init"]!;
        Assert.That(((string?)init["file"], (int)init["own"]!), Is.EqualTo((_folder["first"], 0)));
        Train("second", _tiny with { Seed = 5, Kimg = 2 }, null, resume: true);
        Assert.That(JsonNode.Parse(File.ReadAllText(_folder["second/run.json"]))!["init"], Is.Not.Null, "a run that goes on still says it");
    }

    [Test]
    public void Weights_of_another_size_of_images_begin_anew_and_are_named()
    {
        var monitor = Train("larger", _tiny with { Size = 64, Width = 1 }, "first");
        var transfer = monitor.Start!.Transfer!;

        Assert.That(transfer.Taken, Does.Contain("generator.ups.0.weight").And.Contain("average.ups.0.weight"));
        Assert.That(transfer.Own.Select(w => $"{w}"), Does.Contain("discriminator.downs.0.weight ([1, 1, 4, 4] here, [2, 1, 4, 4] there)")
            .And.Contain("generator.ups.3.weight (not there)"));
    }

    [Test]
    public void Where_nothing_fits_that_is_said()
    {
        using var weight = ones([2]);
        SafetensorsFile.Write(_folder["strange.safetensors"], [new("weight", weight)], []);
        Assert.That(() => Train("none", _tiny with { Architecture = "mlp", Width = 1 }, "strange.safetensors"),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                $"None of the 1 tensors of '{_folder["strange.safetensors"]}' fits by name and shape: "
                    + "generator.hidden1.weight (not there), "
                    + "generator.hidden1.bias (not there), generator.hidden2.weight (not there), generator.hidden2.bias (not there), "
                    + "generator.pixels.weight (not there) and 13 more. Give weights of such networks, or say which name is which.")
                .And.Property("Option").EqualTo("init-names"));
    }

    [TestCase("stylegan2")]
    [TestCase("resnet")]
    [TestCase("mlp")]
    public void Every_architecture_goes_from_one_data_to_another(string architecture)
    {
        var options = _tiny with
        {
            Architecture = architecture,
            Width = 1,
            Network = architecture == "stylegan2" ? new() { ["mappingLayers"] = 2 } : []
        };
        Train($"{architecture}-1", options, null);
        var monitor = Train($"{architecture}-2", options with { FrozenLayers = 1, LearningRate = 1e-4 }, $"{architecture}-1");
        Assert.That(monitor.Start!.Transfer!.Own, Is.Empty);
        Assert.That(monitor.Ticks, Has.Count.EqualTo(1));
    }

    [Test]
    public void Frozen_layers_stay_to_the_bit_and_the_others_learn()
    {
        Train("frozen", _tiny with { FrozenLayers = 2, Regularizers = "weight-clipping:0.001" }, "first");

        using var before = new NoiseToImageTask(_tiny, 1, 0, CPU);
        using var after = new NoiseToImageTask(_tiny, 1, 0, CPU);
        Restore(before.Discriminator, "discriminator", "first");
        Restore(after.Discriminator, "discriminator", "frozen");
        var changed = before.Discriminator.named_parameters().Zip(after.Discriminator.named_parameters())
            .Where(p => !Values(p.First.parameter).SequenceEqual(Values(p.Second.parameter))).Select(p => p.First.name);
        Assert.That(changed, Is.EquivalentTo(before.Discriminator.named_parameters().Select(p => p.name)
            .Except(["downs.0.weight", "downs.0.bias", "downs.1.weight", "norms.0.weight", "norms.0.bias"])));
    }

    [Test]
    public void A_run_with_frozen_layers_resumes_to_the_same_bytes()
    {
        var options = _tiny with { FrozenLayers = 1, Seed = 3 };
        Train("unbroken", options, "first");
        using var stop = new CancellationTokenSource();
        Train("broken", options, "first", new RecordingMonitor(step => { if (step == 20) stop.Cancel(); }), stop: stop.Token);
        Train("broken", options, null, resume: true);
        Assert.That(File.ReadAllBytes(_folder["broken/checkpoint.safetensors"]),
            Is.EqualTo(File.ReadAllBytes(_folder["unbroken/checkpoint.safetensors"])));
    }

    [Test]
    public void As_many_layers_as_there_are_cannot_be_frozen() =>
        Assert.That(() => Train("all", _tiny with { FrozenLayers = 4 }, "first"), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            "The discriminator has 4 layers, so at most 3 of them can be frozen, not 4."));

    [Test]
    public void First_weights_are_not_frozen()
    {
        Assert.That(() => Train("fresh", _tiny with { FrozenLayers = 1 }, null), Throws.TypeOf<TrainingException>().With.Message.StartsWith(
            "Layers of the discriminator are frozen where a run begins with weights of another;").And.Property("Option").EqualTo("init"));
        Assert.That(Directory.Exists(_folder["fresh"]), Is.False);
    }

    [Test]
    public void Weights_that_are_not_there_are_told_before_anything_is_written()
    {
        Assert.That(() => Train("nowhere", _tiny, "nothing"), Throws.TypeOf<TrainingException>().With.Message.StartsWith(
            $"There are no weights '{_folder["nothing"]}'."));
        Assert.That(Directory.Exists(_folder["nowhere"]), Is.False);
    }

    [Test]
    public void The_options_of_weights_are_theirs_but_for_their_datas()
    {
        Assert.That(TrainedWeights.OptionsOf(_folder["weights.safetensors"]), Is.EqualTo(_tiny));
        using var weight = ones([2]);
        SafetensorsFile.Write(_folder["other.safetensors"], [new("weight", weight)], []);
        Assert.That(TrainedWeights.OptionsOf(_folder["other.safetensors"]), Is.Null);
    }

    private void AssertEqual(nn.Module network, string name, string from)
    {
        using var file = WeightSource.Open(_folder[from]);
        foreach (var (key, tensor) in network.state_dict())
        {
            using var there = zeros_like(tensor);
            file.CopyTo($"{name}.{key}", there, convert: true);
            Assert.That(tensor.equal(there).all().item<bool>(), Is.True, key);
        }
    }

    private void Restore(nn.Module network, string name, string run)
    {
        using var file = WeightsFile.Open(_folder[run]);
        file.Restore(name, network);
    }

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    private RecordingMonitor Train(string name, TrainingOptions options, string? init, RecordingMonitor? monitor = null,
        bool resume = false,
        CancellationToken stop = default)
    {
        monitor ??= new RecordingMonitor();
        Trainer.Run(new TrainingRun
        {
            Data = "synthetic:digits",
            Folder = _folder[name],
            Options = options,
            Init = init is null ? null : _folder[init],
            Resume = resume,
        }, monitor, stop);
        return monitor;
    }
}
