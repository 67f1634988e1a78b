using GanOnnx.Training.Cli;

namespace GanOnnx.EndToEnd.Tests;

public sealed class PrecisionAdviceTests
{
    [TestCase("float32", 1.84, "this CPU computes convolutions 1.8 times as fast in bfloat16: --precision bf16 trains faster, see docs/training.md")]
    [TestCase("bf16", 0.61, "this CPU computes convolutions more slowly in bfloat16, 0.61 times as fast: --precision float32 trains faster")]
    [TestCase("float32", 1.2, null, Description = "hardly worth it")]
    [TestCase("float32", 0.61, null)]
    [TestCase("bf16", 1.84, null)]
    [TestCase("float32", null, null, Description = "not measured")]
    [TestCase("bf16", null, null)]
    public void The_other_precision_is_advised_where_it_is_faster(string precision, double? speedUp, string? expected) =>
        Assert.That(PrecisionAdvice.Of(precision, speedUp), Is.EqualTo(expected));
}
