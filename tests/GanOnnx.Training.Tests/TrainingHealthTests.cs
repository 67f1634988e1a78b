using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Tests;

public sealed class TrainingHealthTests
{
    [TestCase(60_000, 0.8, 0.2, 0.4, 0, Description = "a healthy run")]
    [TestCase(60_000, 0.999, 0.001, 0.4, 1, Description = "the discriminator has won")]
    [TestCase(60_000, 0.999, 0.2, 0.4, 0, Description = "sure of real images only")]
    [TestCase(60_000, 0.8, 0.2, 0.001, 1, Description = "all samples are the same")]
    [TestCase(1_000, 0.999, 0.001, 0.001, 0, Description = "a generator that has hardly begun")]
    public void Warnings_Figures_TellWhatFails(long images, double real, double fake, double deviation, int warnings) =>
        Assert.That(TrainingHealth.Warnings(images, real, fake, deviation), Has.Count.EqualTo(warnings));
}
