namespace GanOnnx.Inference.Tests;

/// <summary>
/// Expected numbers come from a Python program written from the documentation of <see cref="RandomStream"/>.
/// Normal values may differ by one unit in the last place between mathematics libraries, others not at all.
/// </summary>
public class RandomStreamTests
{
    private const ulong Seed = 0x123456789ABCDEF0, Index = 0x0000000700000005;

    [TestCase(0ul, 0ul, new[] { 0.991137683f, -0.92466259f, -0.617608964f, -0.482068598f, -0.153638229f, 0.180825904f, 0.831735134f })]
    [TestCase(Seed, Index, new[] { 1.43183947f, -0.140057266f, 0.0402788259f, 0.113089167f, 0.732787549f, 1.93110228f, -2.03718662f })]
    public void FillNormal_GivesTheSpecifiedValues(ulong seed, ulong index, float[] expected)
    {
        var values = new float[expected.Length];

        new RandomStream(seed, 0).FillNormal(index, values);

        Assert.That(values, Is.EqualTo(expected).Within(1).Ulps);
    }

    [TestCase(0ul, 0ul, new[] { -0.201907054f, 0.76104039f, 0.471425563f, 0.210963711f, 0.944482386f, -0.275817782f, 0.387861848f })]
    [TestCase(Seed, Index, new[] { -0.289469212f, 0.968962848f, 0.985640228f, -0.608912826f, -0.763053238f, -0.61544472f, -0.764357269f })]
    public void FillUniform_GivesTheSpecifiedValues(ulong seed, ulong index, float[] expected)
    {
        var values = new float[expected.Length];

        new RandomStream(seed, 0).FillUniform(index, values);

        Assert.That(values, Is.EqualTo(expected));
    }

    // At the last bound a quarter of the words is rejected; the second and others of its values come from a later word.
    [TestCase(0ul, 0ul, 10, new[] { 4, 4, 0, 1, 0, 1, 7, 9 })]
    [TestCase(Seed, Index, 10, new[] { 2, 1, 0, 8, 4, 8, 8, 8 })]
    [TestCase(Seed, Index, 3 << 29, new[] { 467783900, 25209344, 153786472, 1364477676, 1120298031, 1440463399, 1446088745, 358993559 })]
    public void Below_GivesTheSpecifiedValues(ulong seed, ulong index, int bound, int[] expected)
    {
        var stream = new RandomStream(seed, 1);

        var values = expected.Select((_, i) => stream.Below(index + (ulong)i, bound));

        Assert.That(values, Is.EqualTo(expected));
    }

    [TestCase(0ul, 0ul, new[] { 9, 8, 4, 6, 0, 7, 5, 3, 2, 11, 10, 1 })]
    [TestCase(Seed, Index, new[] { 0, 1, 3, 9, 7, 2, 10, 5, 11, 4, 8, 6 })]
    public void Shuffle_GivesTheSpecifiedOrder(ulong seed, ulong index, int[] expected)
    {
        var items = Enumerable.Range(0, 12).ToArray();

        new RandomStream(seed, 256).Shuffle<int>(index, items);

        Assert.That(items, Is.EqualTo(expected));
    }

    [Test]
    public void Below_BoundBelowOne_Throws() =>
        Assert.That(() => new RandomStream(0, 0).Below(0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());

    // Tolerances are five standard errors of each estimate over 2^20 values; the numbers never change.
    [Test]
    public void FillNormal_ManyValues_AreStandardNormal()
    {
        var values = Draw((stream, index, row) => stream.FillNormal(index, row));
        var error = 5 / Math.Sqrt(values.Length);

        Assert.Multiple(() =>
        {
            Assert.That(values.Average(v => (double)v), Is.Zero.Within(error));
            Assert.That(values.Average(v => (double)v * v), Is.EqualTo(1).Within(error * Math.Sqrt(2)));
            Assert.That(values.Average(v => Math.Pow(v, 4)), Is.EqualTo(3).Within(error * Math.Sqrt(96)));
            foreach (var (z, share) in ((double, double)[])[(-2, 0.022750), (-1, 0.158655), (0, 0.5), (1, 0.841345), (2, 0.977250)])
                Assert.That(values.Count(v => v < z) / (double)values.Length, Is.EqualTo(share).Within(error / 2), $"below {z}");
        });
    }

    // Five standard errors again; 0.577 is the standard deviation of a uniform value in [-1, 1].
    [Test]
    public void FillUniform_ManyValues_AreUniform()
    {
        var values = Draw((stream, index, row) => stream.FillUniform(index, row));
        var error = 5 / Math.Sqrt(values.Length);

        Assert.Multiple(() =>
        {
            Assert.That(values, Is.All.InRange(-1f, 1f));
            Assert.That(values.Average(v => (double)v), Is.Zero.Within(error * 0.577));
            for (var edge = -0.9; edge < 1; edge += 0.1)
                Assert.That(values.Count(v => v < edge) / (double)values.Length, Is.EqualTo((edge + 1) / 2).Within(error / 2),
                    $"below {edge}");
        });
    }

    [Test]
    public void NeighbouringElementsSeedsStreamsAndIndices_AreUncorrelated()
    {
        const int Length = 1 << 16;
        var values = Normal(1, 0, 0);

        Assert.Multiple(() =>
        {
            Assert.That(Correlation(values[..^1], values[1..]), Is.Zero.Within(5 / 256.0), "element");
            Assert.That(Correlation(values, Normal(2, 0, 0)), Is.Zero.Within(5 / 256.0), "seed");
            Assert.That(Correlation(values, Normal(1, 1, 0)), Is.Zero.Within(5 / 256.0), "stream");
            Assert.That(Correlation(values, Normal(1, 0, 1)), Is.Zero.Within(5 / 256.0), "index");
            Assert.That(Correlation(values, Normal(1, 0, 1ul << 32)), Is.Zero.Within(5 / 256.0), "index, high word");
            Assert.That(Correlation(values, Normal(1 + (1ul << 32), 0, 0)), Is.Zero.Within(5 / 256.0), "seed, high word");
        });

        static float[] Normal(ulong seed, uint number, ulong index)
        {
            var values = new float[Length];
            new RandomStream(seed, number).FillNormal(index, values);
            return values;
        }

        static double Correlation(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Average();
    }

    private delegate void Fill(RandomStream stream, ulong index, Span<float> row);

    private static float[] Draw(Fill fill)
    {
        const int Row = 1 << 10;
        var values = new float[1 << 20];
        for (var i = 0; i < values.Length / Row; i++)
            fill(new RandomStream(42, 0), (ulong)i, values.AsSpan(i * Row, Row));
        return values;
    }
}
