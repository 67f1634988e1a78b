using GanOnnx.Evaluation.Tests.Fixtures;

namespace GanOnnx.Evaluation.Tests;

/// <summary>Resizing and networks give the values of those that published figures come from.</summary>
public sealed class NetworkTests
{
    [TestCaseSource(typeof(ReferenceNetworks), nameof(ReferenceNetworks.Resized))]
    public void Resizing_gives_the_values_of_pillow_and_tensorflow(Resizing resizing, int width, int size, float[] expected)
    {
        var plane = Array.ConvertAll(ReferenceNetworks.Picture(width, width - 2, 1), value => (float)value);
        var resampler = resizing.For(width, width - 2, size);
        var result = new float[size * size];

        resampler.Resize(plane, new float[resampler.WorkLength], result);

        // The reference has four decimals, sums in another order and values up to 255.
        Assert.That((float[])[.. result[..size], .. result[^size..]], Is.EqualTo(expected).Within(2e-4));
    }

    [TestCaseSource(typeof(ReferenceNetworks), nameof(ReferenceNetworks.Features))]
    public void ResNet18_gives_the_features_that_pytorch_computes(int channels, float[] every64th, float norm)
    {
        using var network = FeatureNetwork.OfResNet18();

        var features = network.Features(ReferenceNetworks.Picture(32, 32, channels), 1, 32, 32, channels);

        Assert.That(features, Has.Length.EqualTo(512));
        Assert.That(features.Where((_, i) => i % 64 == 0), Is.EqualTo(every64th).Within(1e-3)); // float32 through 18 layers
        Assert.That(Math.Sqrt(features.Sum(f => f * f)), Is.EqualTo(norm).Within(1e-3));
    }

    [Test]
    public void Features_do_not_depend_on_the_batch()
    {
        using var network = FeatureNetwork.OfResNet18();
        var pictures = Enumerable.Range(0, 11).Select(i => ReferenceNetworks.Picture(20 + i, 24, 3)[..(20 * 24 * 3)]).ToArray();

        var together = network.Features([.. pictures.SelectMany(p => p)], 11, 20, 24, 3);

        for (var i = 0; i < pictures.Length; i++)
            Assert.That(network.Features(pictures[i], 1, 20, 24, 3), Is.EqualTo(together[(i * 512)..((i + 1) * 512)]).Within(1e-4));
    }

    [Test]
    public void ResNet18_is_known_by_its_weights()
    {
        using var network = FeatureNetwork.OfResNet18();

        Assert.That((network.Name, network.FrechetName, network.Size, network.FeatureCount),
            Is.EqualTo(("ResNet18", "FD-ResNet18", 224, 512)));
        Assert.That(network.Digest, Is.EqualTo(ResNet18.Digest));
    }
}
