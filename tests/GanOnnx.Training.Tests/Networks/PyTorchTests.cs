using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Tasks.NoiseToSound;
using GanOnnx.Training.Tasks.NoiseToVideo;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Networks;

/// <summary>Networks of sounds, of clips and of text beside the same ones written in PyTorch's own operations, with the same weights and
/// inputs.</summary>
public sealed class PyTorchTests
{
    private const double Tolerance = 1e-4;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [TestCase(1024)]
    [TestCase(8192)]
    public void WaveGan_makes_and_judges_the_same(int samples) => AssertSame("wavegan", new(64, 1, 10, 4)
    {
        Condition = Conditioning.Projection,
        Classes = 3,
        DiscriminatorNorm = false,
        Options = new Dictionary<string, double> { ["samples"] = samples, ["phaseShuffle"] = 0 },
    }, WaveGan.Architecture, "label", tensor(new long[] { 2, 0, 1, 2 }), [4, 1, 1, samples]);

    [Test]
    public void The_dcgan_of_sentences_makes_and_judges_the_same() => AssertSame("text", new(32, 3, 10, 4)
    {
        Condition = Conditioning.Text,
        TextSize = 24,
        DiscriminatorNorm = false,
    }, Dcgan.Architecture, "text", randn(4, 24), [4, 3, 32, 32]);

    [TestCase(8)]
    [TestCase(16)]
    public void Mocogan_makes_and_judges_the_same(int frames)
    {
        var shape = new NetworkShape(32, 3, 10, 4)
        {
            Condition = Conditioning.Projection,
            Classes = 3,
            DiscriminatorNorm = false,
            Options = new Dictionary<string, double> { ["frames"] = frames, ["motionSize"] = 5 },
        };
        var judged = AssertSame("mocogan", shape, Mocogan.Architecture, "label", tensor(new long[] { 2, 0, 1, 2 }), [4, frames * 3, 32, 32], clips: 4);

        // Which frames are judged is drawn: each score is that of one of the clip's frames.
        using var made = SafetensorsFile.Open(_folder["out.safetensors"]);
        using var scope = NewDisposeScope();
        var ofFrames = made.Read("frames");
        Assert.That(ofFrames.std().item<float>(), Is.GreaterThan(0.01f));
        var ours = judged.narrow(0, judged.shape[0] / 2, judged.shape[0] / 2).reshape(-1, 4, 1);
        Assert.That((ours - ofFrames.unsqueeze(0)).abs().amin([2]).max().item<float>(),
            Is.LessThan(Tolerance * Math.Max(1, ofFrames.abs().max().item<float>())));
        judged.Dispose();
    }

    private Tensor AssertSame(string mode, NetworkShape shape, Architecture architecture, string condition, Tensor conditions,
        long[] images,
        int? clips = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        random.manual_seed(3);
        var networks = architecture.Create(shape, seed: 5);
        Stir(networks.Generator);
        Stir(networks.Discriminator);
        networks.Generator.eval();
        var (z, x) = (randn(4, networks.Generator.LatentSize), randn(images));
        KeyValuePair<string, Tensor>[] tensors =
        [
            new("z", z), new(condition, conditions), new("x", x),
            .. Of("generator", networks.Generator), .. Of("discriminator", networks.Discriminator),
        ];
        SafetensorsFile.Write(_folder[$"{mode}.safetensors"], tensors, []);
        Python.Run("torch", mode, _folder[$"{mode}.safetensors"], _folder["out.safetensors"]);

        using var made = SafetensorsFile.Open(_folder["out.safetensors"]);
        var (sounds, scores) = (made.Read("made"), made.Read("scores"));
        Assert.That(sounds.std().item<float>(), Is.GreaterThan(0.01f), "there is something to compare");
        Assert.That((networks.Generator.Generate(z, conditions) - sounds).abs().max().item<float>(), Is.LessThan(Tolerance));
        var judged = networks.Discriminator.call(x, conditions);
        Assert.That((judged.narrow(0, 0, clips ?? judged.shape[0]) - scores).abs().max().item<float>(),
            Is.LessThan(Tolerance * Math.Max(1, scores.abs().max().item<float>())));
        return judged.MoveToOuterDisposeScope();
    }

    // What is 0 or 1 at first would hide where it goes.
    private static void Stir(nn.Module network)
    {
        foreach (var (name, value) in network.state_dict())
            if (name.EndsWith("running_var", StringComparison.Ordinal))
                value.copy_(rand_like(value).add(0.5));
            else if (value.dtype == ScalarType.Float32)
                value.add_(randn_like(value).mul(0.05));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Of(string player, nn.Module network) =>
        network.state_dict().Where(entry => entry.Value.dtype == ScalarType.Float32).Select(entry => KeyValuePair.Create($"{player}.{entry.Key}", entry.Value));
}
