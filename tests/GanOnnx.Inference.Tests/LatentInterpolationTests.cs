namespace GanOnnx.Inference.Tests;

public class LatentInterpolationTests
{
    // One rounding to float.
    private const double Rounding = 1e-6;

    [TestCase(0, 1, 0)]
    [TestCase(1.0 / 3, 0.8660254f, 0.5f)] // 30 of 90 degrees
    [TestCase(0.5, 0.70710677f, 0.70710677f)]
    [TestCase(1, 0, 1)]
    public void Spherical_RightAngle_TurnsEvenly(double amount, float x, float y) =>
        Assert.That(Spherical([1, 0], [0, 1], amount), Is.EqualTo(new[] { x, y }).Within(Rounding));

    [Test]
    public void Spherical_120Degrees_IsHalfWayAt60()
    {
        float[] to = [-0.5f, 0.8660254f];

        Assert.That(Spherical([1, 0], to, 0.5), Is.EqualTo(new[] { 0.5f, 0.8660254f }).Within(Rounding));
    }

    [Test]
    public void Spherical_LatentsOfOneLength_KeepIt()
    {
        var (from, to) = Latents(100);
        Scale(to, Length(from) / Length(to));

        foreach (var amount in new[] { 0.1, 0.37, 0.5, 0.9 })
            Assert.That(Length(Spherical(from, to, amount)), Is.EqualTo(Length(from)).Within(1e-5 * Length(from)), $"{amount}");
    }

    [Test]
    public void Spherical_LatentsOfTwoSeeds_PassesThroughNoShorterOnes()
    {
        var (from, to) = Latents(100);
        var shortest = Math.Min(Length(from), Length(to));

        Assert.That(Length(Spherical(from, to, 0.5)), Is.GreaterThan(0.95 * shortest));
        // The straight line's middle, for comparison: near √½ of it.
        Assert.That(Length(Linear(from, to, 0.5)), Is.LessThan(0.8 * shortest));
    }

    [Test]
    public void Spherical_BothEnds_AreTheLatentsThemselves()
    {
        var (from, to) = Latents(64);

        Assert.That(Spherical(from, to, 0), Is.EqualTo(from));
        Assert.That(Spherical(from, to, 1), Is.EqualTo(to));
    }

    [TestCase(new[] { 1f, 2 }, new[] { 1f, 2 }, TestName = "the same")]
    [TestCase(new[] { 1f, 2 }, new[] { 2f, 4 }, TestName = "the same direction")]
    [TestCase(new[] { 1f, 2 }, new[] { -1f, -2 }, TestName = "opposite directions")]
    [TestCase(new[] { 0f, 0 }, new[] { 1f, 2 }, TestName = "from zero")]
    [TestCase(new[] { 1f, 2 }, new[] { 0f, 0 }, TestName = "to zero")]
    [TestCase(new[] { 0f, 0 }, new[] { 0f, 0 }, TestName = "both zero")]
    [TestCase(new[] { 3f }, new[] { -1f }, TestName = "a single value")]
    [TestCase(new[] { 1f, 0 }, new[] { 1f, 1e-7f }, TestName = "almost the same direction")]
    public void Spherical_NoCircleOrMany_GoesStraight(float[] from, float[] to) =>
        Assert.That(Spherical(from, to, 0.25), Is.EqualTo(Linear(from, to, 0.25)));

    // 1e-3 is three digits away from where it goes straight; without care the arccosine would be off by 1e-5 of the angle here.
    [Test]
    public void Spherical_NarrowAngle_TurnsEvenly()
    {
        float[] to = [MathF.Cos(1e-3f), MathF.Sin(1e-3f)];

        Assert.That(Spherical([1, 0], to, 0.5)[1], Is.EqualTo(Math.Sin(0.5e-3)).Within(1e-9));
    }

    [Test]
    public void Linear_Quarter_GoesAQuarter() =>
        Assert.That(Linear([0, 8], [4, -8], 0.25), Is.EqualTo(new[] { 1f, 4 }));

    [Test]
    public void Spherical_DestinationIsALatent_Works()
    {
        float[] from = [1, 0], to = [0, 1];

        LatentInterpolation.Spherical(from, to, 0.5, from);

        Assert.That(from, Is.EqualTo(new[] { 0.70710677f, 0.70710677f }).Within(Rounding));
    }

    [Test]
    public void Spherical_OtherLengths_SaysWhich() =>
        Assert.That(
            () => LatentInterpolation.Spherical(new float[2], new float[3], 0.5, new float[4]),
            Throws.ArgumentException.With.Message.EqualTo(
                "Latents of one length are expected, not of 2, 3 and 4 values (from, to, destination)."));

    private static float[] Spherical(float[] from, float[] to, double amount)
    {
        var result = new float[from.Length];
        LatentInterpolation.Spherical(from, to, amount, result);
        return result;
    }

    private static float[] Linear(float[] from, float[] to, double amount)
    {
        var result = new float[from.Length];
        LatentInterpolation.Linear(from, to, amount, result);
        return result;
    }

    private static (float[] From, float[] To) Latents(int size)
    {
        var (from, to) = (new float[size], new float[size]);
        new LatentSampler(size).Fill(1, 0, from);
        new LatentSampler(size).Fill(2, 0, to);
        return (from, to);
    }

    private static double Length(float[] latent) => Math.Sqrt(latent.Sum(value => (double)value * value));

    private static void Scale(float[] latent, double factor)
    {
        for (var i = 0; i < latent.Length; i++)
            latent[i] = (float)(latent[i] * factor);
    }
}
