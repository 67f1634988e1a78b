using GanOnnx.Training.Networks;
using TorchSharp;

namespace GanOnnx.Training.Tests.Networks;

public sealed class NetworkSummaryTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from architecture in Architectures.Names
        from condition in Architectures.ConditionsOf(architecture)
        select new TestCaseData(architecture, condition).SetName($"Every_parameter_is_in_one_layer({architecture}, {condition})");

    [TestCaseSource(nameof(Cases))]
    public void Every_parameter_is_in_one_layer(string architecture, string condition)
    {
        using var _ = torch.NewDisposeScope();
        var (generator, discriminator) = Create(architecture, condition);
        var (made, judged) = (NetworkSummary.Of(generator), NetworkSummary.Of(discriminator));

        Assert.That(made.Sum(l => l.Parameters), Is.EqualTo(generator.parameters().Sum(p => p.numel())));
        Assert.That(judged.Sum(l => l.Parameters), Is.EqualTo(discriminator.parameters().Sum(p => p.numel())));
        Assert.That(made.Concat(judged).Select(l => l.Shape), Has.All.Match(@"^\[(N|\d+)(, \d+)*\]$"));
        Assert.That(made.Select(l => l.Name), Is.Unique);
        Assert.That(judged.Select(l => l.Name), Is.Unique);
    }

    [Test]
    public void Layers_stand_in_the_order_they_are_passed()
    {
        using var _ = torch.NewDisposeScope();
        var layers = NetworkSummary.Of(Create("dcgan", "none").Generator);

        Assert.That(layers.Select(l => $"{l.Name} {l.Shape}"), Is.EqualTo([
            "project [N, 256]", "norms.0.batch [N, 16, 4, 4]", "ups.0 [N, 8, 8, 8]", "norms.1.batch [N, 8, 8, 8]",
            "ups.1 [N, 4, 16, 16]", "norms.2.batch [N, 4, 16, 16]", "ups.2 [N, 1, 32, 32]"]));
    }

    [Test]
    public void It_leaves_the_network_as_it_was()
    {
        using var _ = torch.NewDisposeScope();
        var generator = Create("dcgan", "none").Generator;
        var before = generator.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        NetworkSummary.Of(generator);

        Assert.That(generator.training, Is.True);
        foreach (var (name, tensor) in generator.state_dict())
            Assert.That(tensor.bytes.ToArray(), Is.EqualTo(before[name]), name);
    }

    private static GanNetworks Create(string architecture, string condition) =>
        Architectures.Find(architecture)!.Create(
            new TrainingOptions { Architecture = architecture, Condition = condition, Width = 4, LatentSize = 8 }.Shape(1, 3), 1);
}
