using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Regularizers;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Regularizers;

public sealed class PenaltyListTests
{
    [TestCase(0, 1 + 2 * 10 * 16.0, Description = "due: as much more as it is rarer")]
    [TestCase(1, 1)]
    [TestCase(15, 1)]
    [TestCase(32, 1 + 2 * 10 * 16.0)]
    public void AddTo_lazy_penalties_count_for_the_steps_they_miss(long step, double expected)
    {
        using var scope = NewDisposeScope();
        using var measurements = new Measurements(CPU);
        var penalties = new PenaltyList<string>([RegularizerSpec.Parse("r1:10/16")], _ => "r1");

        var total = penalties.AddTo(tensor(1f), step, _ => tensor(2f), measurements);

        Assert.That(total.item<float>(), Is.EqualTo(expected).Within(1e-4));
        Assert.That(measurements.Read().Keys.Select(f => f.Name), Is.EqualTo(expected > 1 ? new[] { "r1" } : []),
            "what is measured is the penalty before its weight");
    }
}
