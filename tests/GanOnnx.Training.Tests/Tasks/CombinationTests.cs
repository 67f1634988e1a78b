using GanOnnx.Tests.Shared.Translation;

namespace GanOnnx.Training.Tests.Tasks;

/// <summary>What combines in the tasks from image to image, any two choices together once; all of them: <c>GanOnnx.Benchmarks
/// combinations</c>.</summary>
public sealed class CombinationTests
{
    private static readonly IReadOnlyList<Combination> _all = Combination.All(32);

    private static IEnumerable<TestCaseData> Pairwise() =>
        Combination.Pairwise(_all).Select(combination => new TestCaseData(combination).SetArgDisplayNames(combination.ToString()));

    [TestCaseSource(nameof(Pairwise))]
    public void It_trains_resumes_to_the_bit_and_exports(object combination)
    {
        using var folder = new TemporaryFolder();
        Assert.That(((Combination)combination).Check(steps: 4, folder.Path).Wrong, Is.Null);
    }

    [Test]
    public void All_tasks_and_losses_are_among_them()
    {
        // Those of noise have tests of their own: GanFamilyTests, WaveGanTests and MocoganTests.
        string[] ofNoise = ["generate", "wavegan", "mocogan"];
        Assert.That(_all.Select(combination => combination.Options.Task).Distinct(),
            Is.EquivalentTo(OptionChoice.Of("task").Select(task => task.Name).Except(ofNoise)));
        Assert.That(_all.Select(combination => combination.Options.Loss).Distinct(),
            Is.EquivalentTo(OptionChoice.Of("loss").Select(loss => loss.Name)));
        Assert.That(_all.Select(combination => combination.Options.Architecture).Distinct(), Is.EquivalentTo(OptionChoice.Of("architecture")
            .Where(network => !network.Tasks!.Intersect(ofNoise).Any()).Select(network => network.Name)));
    }
}
