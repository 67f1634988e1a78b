namespace GanOnnx.Inference.Tests;

public class LatentWalkTests
{
    private const int Size = 10;

    private static readonly LatentSampler _sampler = new(Size);
    private static readonly ulong[] _seeds = [1, 5, 9];

    [Test]
    public void Fill_Closed_PassesEverySeedAndLeadsBack()
    {
        var frames = All(new LatentWalk(_sampler, _seeds, 12));

        Assert.That(frames[0], Is.EqualTo(Latent(1)));
        Assert.That(frames[4], Is.EqualTo(Latent(5)));
        Assert.That(frames[8], Is.EqualTo(Latent(9)));
        Assert.That(frames[10], Is.EqualTo(Between(9, 1, 0.5)), "on the way back");
        Assert.That(frames[11], Is.EqualTo(Between(9, 1, 0.75)), "the first frame is the next one");
    }

    [Test]
    public void Fill_Open_EndsAtTheLastSeed()
    {
        var frames = All(new LatentWalk(_sampler, _seeds, 9, isClosed: false));

        Assert.That(frames[0], Is.EqualTo(Latent(1)));
        Assert.That(frames[3], Is.EqualTo(Between(1, 5, 0.75)));
        Assert.That(frames[4], Is.EqualTo(Latent(5)));
        Assert.That(frames[8], Is.EqualTo(Latent(9)));
    }

    [Test]
    public void Fill_FramesThatNoSeedDivides_AreEvenlySpread()
    {
        var frames = All(new LatentWalk(_sampler, _seeds, 10));

        Assert.That(frames[3], Is.EqualTo(Between(1, 5, 0.9)));
        Assert.That(frames[4], Is.EqualTo(Between(5, 9, 0.2)));
    }

    [Test]
    public void Fill_OneFrameAtATime_GivesTheSame()
    {
        var walk = new LatentWalk(_sampler, _seeds, 7);
        var all = All(walk);

        for (var i = 0; i < walk.Frames; i++)
        {
            var one = new float[Size];
            walk.Fill(i, one);
            Assert.That(one, Is.EqualTo(all[i]), $"frame {i}");
        }
    }

    [Test]
    public void Fill_UniformLatents_GoStraightAndStayInRange()
    {
        var sampler = new LatentSampler(Size, LatentDistribution.Uniform);
        float[] from = new float[Size], to = new float[Size], middle = new float[Size];
        sampler.Fill(1, 0, from);
        sampler.Fill(5, 0, to);

        new LatentWalk(sampler, [1, 5], 4).Fill(1, middle);

        Assert.That(middle, Is.EqualTo(from.Zip(to, (a, b) => (float)(0.5 * a + 0.5 * b))));
    }

    [Test]
    public void Fill_AsManyFramesAsSeeds_AreTheSeedsThemselves() =>
        Assert.That(All(new LatentWalk(_sampler, _seeds, 3)), Is.EqualTo(new[] { Latent(1), Latent(5), Latent(9) }));

    [Test]
    public void Fill_SameSeedTwice_StandsStill() =>
        Assert.That(All(new LatentWalk(_sampler, [4, 4], 6)), Is.All.EqualTo(Latent(4)).Within(1e-6f));

    [TestCase(-1, 1)]
    [TestCase(12, 1)]
    [TestCase(11, 2)]
    public void Fill_FrameThatIsNot_Throws(int frame, int count) =>
        Assert.That(
            () => new LatentWalk(_sampler, _seeds, 12).Fill(frame, new float[count * Size]),
            Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Fill_LengthThatIsNoWholeLatent_Throws() =>
        Assert.That(
            () => new LatentWalk(_sampler, _seeds, 12).Fill(0, new float[Size + 1]),
            Throws.ArgumentException.With.Message.StartsWith("11 values are no whole number of latents of 10."));

    [Test]
    public void Constructor_OneSeed_Throws() =>
        Assert.That(
            () => new LatentWalk(_sampler, [1], 12),
            Throws.ArgumentException.With.Message.StartsWith("A walk needs at least 2 seeds, not 1."));

    [Test]
    public void Constructor_FewerFramesThanSeeds_Throws() =>
        Assert.That(
            () => new LatentWalk(_sampler, _seeds, 2),
            Throws.ArgumentException.With.Message.StartsWith("A walk through 3 seeds needs at least that many frames, not 2."));

    private static float[][] All(LatentWalk walk)
    {
        var latents = new float[walk.Frames * Size];
        walk.Fill(0, latents);
        return [.. latents.Chunk(Size)];
    }

    private static float[] Latent(ulong seed)
    {
        var latent = new float[Size];
        _sampler.Fill(seed, 0, latent);
        return latent;
    }

    private static float[] Between(ulong from, ulong to, double amount)
    {
        var latent = new float[Size];
        LatentInterpolation.Spherical(Latent(from), Latent(to), amount, latent);
        return latent;
    }
}
