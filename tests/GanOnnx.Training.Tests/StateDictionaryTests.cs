using System.Globalization;
using GanOnnx.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>Weights of other programs, and ours in theirs.</summary>
public sealed class StateDictionaryTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void A_network_of_PyTorch_computes_the_same_here()
    {
        Python.Run("torch", "network", _folder["theirs.safetensors"], _folder["values.safetensors"]);
        using var network = Network();
        var names = network.state_dict().Keys.ToDictionary(Theirs, name => name);

        var transfer = StateDictionary.Load(_folder["theirs.safetensors"], network, names);
        network.eval();
        using var values = SafetensorsFile.Open(_folder["values.safetensors"]);
        using var x = zeros([2, 3, 8, 8]);
        using var y = zeros([2, 5]);
        values.CopyTo("x", x);
        values.CopyTo("y", y);

        Assert.That(transfer.Own, Is.Empty);
        Assert.That(transfer.Unused, Is.Empty);
        Assert.That((network.call(x) - y).abs().max().item<float>(), Is.LessThan(1e-5f), "rounding of sums in another order");
    }

    [Test]
    public void What_we_write_is_read_by_numpy()
    {
        using var network = Network();
        StateDictionary.Save(_folder["ours.safetensors"], network);
        var lines = Python.Run("numpy", "read", _folder["ours.safetensors"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines, Has.Length.EqualTo(network.state_dict().Count));
        foreach (var (line, (name, tensor)) in lines.Zip(network.state_dict()))
        {
            var shape = $"[{string.Join(", ", tensor.shape)}]";
            Assert.That(line, Does.StartWith($"{name} {(tensor.dtype == ScalarType.Int64 ? "int64" : "float32")} {shape} "));
            Assert.That(double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture),
                Is.EqualTo(tensor.to(float64).sum().item<double>()).Within(1e-4));
        }
    }

    [Test]
    public void Weights_to_ship_are_read_by_numpy()
    {
        Trainer.Run(new TrainingRun
        {
            Data = "synthetic:digits",
            Folder = _folder["run"],
            Options = new() { Width = 1, LatentSize = 4, Kimg = 1, TickKimg = 1 },
        }, new RecordingMonitor());
        TrainedWeights.Save(_folder["run"], _folder["w.safetensors"]);
        Assert.That(Python.Run("numpy", "read", _folder["w.safetensors"]), Does.Contain("average.project.weight float16 [64, 4] ")
            .And.Contain("discriminator.downs.0.weight float16 [1, 1, 4, 4] "));
    }

    [Test]
    public void Transposed_and_other_shapes_are_named_and_the_rest_is_taken()
    {
        using var linear = nn.Linear(2, 3);
        using var weight = ones([2, 3]);
        using var bias = full([3], 7, dtype: float16);
        using var more = ones([1]);
        SafetensorsFile.Write(_folder["t.safetensors"], [new("weight", weight), new("bias", bias), new("more", more)], []);

        var transfer = StateDictionary.Load(_folder["t.safetensors"], linear);

        Assert.That(transfer.Own.Single().ToString(), Is.EqualTo("weight ([3, 2] here, [2, 3] there: transposed)"));
        Assert.That(transfer.Unused, Is.EqualTo(["weight", "more"]));
        Assert.That(linear.bias!.data<float>().ToArray(), Is.All.EqualTo(7f), "float16 is converted");
    }

    [Test]
    public void Names_that_do_not_fit_are_all_told_and_nothing_is_changed()
    {
        using var linear = nn.Linear(2, 3);
        var before = linear.bias!.data<float>().ToArray();
        using var weight = ones([2, 3]);
        using var bias = ones([3]);
        SafetensorsFile.Write(_folder["n.safetensors"], [new("w", weight), new("b", bias)], []);

        Assert.That(() => StateDictionary.Load(_folder["n.safetensors"], linear,
                new Dictionary<string, string> { ["w"] = "weight", ["b"] = "bias", ["c"] = "bias2", ["d"] = "x" }),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo("3 of the 4 tensors that are named don't fit: w ([3, 2] here, [2, 3] "
                + "there: transposed), c (not in the file), d (not in the file). Mend the names, or leave these out."));
        Assert.That(linear.bias.data<float>().ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Two_tensors_for_one_weight_are_refused()
    {
        using var linear = nn.Linear(2, 3);
        SafetensorsFile.Write(_folder["d.safetensors"], linear.state_dict(), []);
        Assert.That(() => StateDictionary.Load(_folder["d.safetensors"], linear,
                new Dictionary<string, string> { ["weight"] = "bias", ["bias"] = "bias" }),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                $"Two tensors of '{_folder["d.safetensors"]}' are to become 'bias': 'weight' and 'bias'. Name one."));
    }

    [Test]
    public void Names_are_a_json_object([Values("[]", "{\"a\": 1}", "null", "{")] string json)
    {
        File.WriteAllText(_folder["names.json"], json);
        Assert.That(() => StateDictionary.ReadNames(_folder["names.json"]), Throws.TypeOf<TrainingException>().With.Message.StartsWith(
            $"'{_folder["names.json"]}' can't be read as names of weights, a JSON object as {{\"their.name\": \"our.name\"}}: "));
    }

    [TestCase("F8", "1", "0, 1", "a type that isn't read")]
    [TestCase("F32", "9223372036854775807, 9223372036854775807, 4", "0, 1", "its shape needs")]
    [TestCase("F32", "-1, -1", "0, 4", "its shape needs")]
    public void A_hostile_shape_or_type_is_refused(string type, string shape, string place, string message)
    {
        var length = int.Parse(place.Split(' ')[1], CultureInfo.InvariantCulture);
        File.WriteAllBytes(_folder["h.safetensors"], DamageTests.Safetensors(
            $$$"""{"a":{"dtype":"{{{type}}}","shape":[{{{shape}}}],"data_offsets":[{{{place}}}]}}""", new byte[length]));
        using var file = SafetensorsFile.Open(_folder["h.safetensors"]);
        using var scope = NewDisposeScope();
        Assert.That(() => file.Read("a"), Throws.TypeOf<TrainingException>().With.Message.Contains(message));
    }

    private static nn.Module<Tensor, Tensor> Network() => nn.Sequential(
        ("conv", nn.Conv2d(3, 4, 3, stride: 2)), ("norm", nn.BatchNorm2d(4)),
        ("relu", nn.ReLU()), ("flatten", nn.Flatten()), ("linear", nn.Linear(36, 5)));

    private static string Theirs(string name) =>
        name.Replace("conv", "0", StringComparison.Ordinal).Replace("norm", "1", StringComparison.Ordinal)
            .Replace("linear", "4", StringComparison.Ordinal);
}
