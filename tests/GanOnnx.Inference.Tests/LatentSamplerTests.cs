namespace GanOnnx.Inference.Tests;

public class LatentSamplerTests
{
    [Test]
    public void Fill_AnyBatchAndShard_GivesEachImageTheSameLatent()
    {
        const int Size = 13;
        var sampler = new LatentSampler(Size);
        var all = new float[64 * Size];
        var single = new float[Size];

        sampler.Fill(5, 0, all);

        for (var image = 0; image < 64; image++)
        {
            sampler.Fill(5, (ulong)image, single);
            Assert.That(single, Is.EqualTo(all[(image * Size)..((image + 1) * Size)]), $"image {image}");
        }
    }

    [Test]
    public void Fill_UniformDistribution_TakesUniformValues()
    {
        var expected = new float[8];
        var values = new float[8];
        new RandomStream(3, RandomStream.Latents).FillUniform(2, expected);

        new LatentSampler(8, LatentDistribution.Uniform).Fill(3, 2, values);

        Assert.That(values, Is.EqualTo(expected));
    }

    [Test]
    public void Fill_LengthThatIsNoWholeLatent_Throws() =>
        Assert.That(() => new LatentSampler(4).Fill(0, 0, new float[6]),
            Throws.ArgumentException.With.Message.StartsWith("6 values are no whole number of latents of 4."));

    // 1,000 expected each; five standard deviations of a binomial count are 150.
    [Test]
    public void Label_ManyImages_GivesEveryClassAsOften()
    {
        var counts = Enumerable.Range(0, 10_000).GroupBy(i => LatentSampler.Label(9, (ulong)i, 10)).Select(g => g.Count()).ToList();

        Assert.That(counts, Has.Count.EqualTo(10).And.All.EqualTo(1000).Within(150));
    }
}
