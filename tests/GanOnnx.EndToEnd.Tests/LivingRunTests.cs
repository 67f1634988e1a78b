using System.Text.Json.Nodes;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Earlier states of a run, runs that begin with another's weights, runs that go on otherwise.</summary>
public sealed class LivingRunTests
{
    private static readonly string[] _tiny = ["--data", "synthetic:digits", "--arch", "mlp", "--width", "1", "--tick", "1", "--kimg", "2"];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        Gan.Succeed(["train", .. _tiny, "--out", _folder["run"], "--snapshot-every", "1"]);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void An_earlier_state_is_listed_and_exported()
    {
        var exported = Gan.Succeed("export", _folder["run"], "--at", "1", "--out", _folder["m.onnx"]);
        var inspected = JsonNode.Parse(Gan.Succeed("inspect", _folder["m.onnx"], "--json").Output)!;
        var listed = JsonNode.Parse(Gan.Succeed("runs", _folder["run"], "--json").Output)![0]!;

        Assert.That(exported.Output, Does.Contain("; trained on 1 kimg"));
        Assert.That((long)inspected["metadata"]!["gan.training"]!["imagesSeen"]!, Is.EqualTo(1024));
        Assert.That(listed["snapshots"]!.AsArray().Select(s => (int)s!["kimg"]!), Is.EqualTo([1, 2]));
        Assert.That(Gan.Succeed("runs", _folder["run"]).Output, Does.Contain("    snapshots at 1, 2 kimg, "));
    }

    [Test]
    public void A_best_one_is_asked_for_in_vain_where_nothing_was_measured()
    {
        var result = Gan.Run("export", _folder["run"], "--at", "best", "--out", _folder["m.onnx"]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Is.EqualTo(
            $"gan: '{_folder["run"]}' has no best snapshot: nothing was measured while it was trained that could "
            + "tell which is best. It has snapshots at 1, 2 kimg, and its last state.\n"));
    }

    [Test]
    public void Weights_are_written_and_begun_with()
    {
        var written = Gan.Succeed("export", _folder["run"], "--weights", _folder["w.safetensors"]);
        var begun = Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["next"], "--init", _folder["w.safetensors"], "--lr",
            "0.001", "--freeze-discriminator", "1");

        Assert.That(written.Output, Does.Contain(" MB of weights to begin with: train --init "));
        Assert.That(begun.Error, Does.Contain($"begins with 18 tensors of {_folder["w.safetensors"]}; 0 begin anew, 0 of there fit nowhere")
            .And.Contain("mlp: 32 × 32 px"), "its options are the defaults");
    }

    [Test]
    public void Weights_of_others_are_begun_with_by_their_names()
    {
        Gan.Succeed("export", _folder["run"], "--weights", _folder["others.safetensors"]);
        File.WriteAllText(_folder["names.json"], """{"average.hidden1.weight": "generator.hidden1.weight"}""");
        var begun = Gan.Succeed(["train", .. _tiny, "--out", _folder["named"], "--init", _folder["others.safetensors"], "--init-names",
            _folder["names.json"]]);
        Assert.That(begun.Error, Does.Contain("begins with 2 tensors of ").And.Contain("  anew: generator.hidden1.bias (not there)"));

        File.WriteAllText(_folder["wrong.json"], """{"average.hidden1.weight": "generator.hidden2.weight"}""");
        var refused = Gan.Run(["train", .. _tiny, "--out", _folder["wrong"], "--init", _folder["others.safetensors"], "--init-names",
            _folder["wrong.json"]]);
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.EndWith(
            "1 of the 1 tensors that are named don't fit: average.hidden1.weight ([16, 16] here, [16, 100] "
            + "there). Mend the names, or leave these out.\n"));
    }

    [Test]
    public void A_run_goes_on_with_another_rate_and_says_so()
    {
        Gan.Succeed(["train", .. _tiny, "--out", _folder["on"]]);
        var on = Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["on"], "--resume", "--lr", "0.001", "--kimg", "3");
        Assert.That(on.Error, Does.Contain("from 2 kimg on: learningRate 0.001 instead of 0.0002"));

        var refused = Gan.Run("train", "--data", "synthetic:digits", "--out", _folder["on"], "--resume", "--width", "2");
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.EndWith(" begin a new run with its weights. The option is --init.\n"));
    }

    [Test]
    public void Something_has_to_be_written()
    {
        var result = Gan.Run("export", _folder["run"]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Is.EqualTo("gan: Say what to write: --out FILE.onnx, --weights FILE.safetensors, or both.\n"));
    }
}
