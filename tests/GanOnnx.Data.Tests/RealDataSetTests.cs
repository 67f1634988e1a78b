namespace GanOnnx.Data.Tests;

/// <summary>What each of the real data sets is found to be, against its README.</summary>
public sealed class RealDataSetTests
{
    [TestCase("cifar10-jpg", "train", 50_000, 10, 5_000)]
    [TestCase("cifar10-jpg", "test", 10_000, 10, 1_000)]
    [TestCase("facades-cmp", null, 800, 2, 400)]
    [TestCase("fashion-mnist", null, 60_000, 10, 6_000)]
    [TestCase("fashion-mnist", "test", 10_000, 10, 1_000)]
    [TestCase("flowers-128", null, 2_567, 5, 418)]
    [TestCase("lpc-characters", null, 8_000, 4, 2_000)]
    [TestCase("mnist", null, 60_000, 10, 5_923)]
    [TestCase("openmoji", null, 3_628, 2, 1_814)]
    [TestCase("sr-test", null, 19, 2, 14)]
    [TestCase("sr-train-bsds400", "all", 400, 0, 0)]
    public void Classes_and_counts_are_those_of_its_readme(string name, string? split, int images, int classes, int ofFirst)
    {
        var data = DataFolder.Survey(RealData.Folder(name), split);

        Assert.That((data.Images, data.Classes.Count, data.Classes.FirstOrDefault()?.Images ?? 0), Is.EqualTo((images, classes, ofFirst)));
    }

    [Test]
    public void Recordings_have_the_classes_of_their_names()
    {
        var data = DataFolder.Survey(RealData.Folder("fsdd"));
        Assert.That((data.Images, data.Classes.Count, data.Classes[0].Images, data.Remark), Is.EqualTo(
            (2_700, 10, 270, "classes from the names, before the first _; 15 longer than 1.02 s")));
    }
}
