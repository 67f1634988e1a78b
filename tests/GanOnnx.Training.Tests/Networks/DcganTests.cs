using GanOnnx.Training.Networks;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Networks;

public sealed class DcganTests
{
    [Test]
    public void Networks_have_their_shapes([Values(32, 64, 128, 256)] int size, [Values(1, 3)] int channels)
    {
        using var scope = NewDisposeScope();
        var networks = Dcgan.Architecture.Create(new NetworkShape(size, channels, LatentSize: 10, Width: 4), seed: 0);

        var images = networks.Generator.Generate(zeros([5, 10]), null);
        var scores = networks.Discriminator.call(images, null);

        Assert.That(images.shape, Is.EqualTo([5, channels, size, size]));
        Assert.That(images.abs().max().item<float>(), Is.LessThanOrEqualTo(1));
        Assert.That(scores.shape, Is.EqualTo([5]));
    }

    // Width 64 at 32 px, counted by hand from the paper's layout: weights, batch normalization's two vectors, output bias.
    [Test]
    public void Generator_has_the_papers_number_of_parameters()
    {
        var networks = Dcgan.Architecture.Create(new NetworkShape(32, 1, 100, 64), seed: 0);
        var expected = 100 * 4096 + 256 * 128 * 16 + 128 * 64 * 16 + 64 * 1 * 16 + 1 + 2 * (256 + 128 + 64);
        Assert.That(networks.Generator.parameters().Sum(p => p.numel()), Is.EqualTo(expected));
    }

    // As above, with 9 weights for each pair of channels where a transposed convolution has 16.
    [Test]
    public void Resize_convolutions_have_three_by_three_weights()
    {
        var shape = new NetworkShape(32, 1, 100, 64) { Options = new Dictionary<string, double> { ["resizeConvolution"] = 1 } };
        var networks = Dcgan.Architecture.Create(shape, seed: 0);
        var expected = 100 * 4096 + 256 * 128 * 9 + 128 * 64 * 9 + 64 * 1 * 9 + 1 + 2 * (256 + 128 + 64);
        Assert.That(networks.Generator.parameters().Sum(p => p.numel()), Is.EqualTo(expected));
        Assert.That(networks.Generator.Generate(zeros([2, 100]), null).shape, Is.EqualTo([2, 1, 32, 32]));
    }

    [Test]
    public void First_weights_come_from_the_seed_alone()
    {
        var (a, b, other) = (Weights(seed: 3), Weights(seed: 3), Weights(seed: 4));
        Assert.That(b, Is.EqualTo(a));
        Assert.That(other, Is.Not.EqualTo(a));
    }

    [Test]
    public void First_weights_have_the_papers_deviation()
    {
        var weights = Weights(seed: 0);
        // 4,800 values: the deviation's standard error is 1 % of it; 5 % are five of them.
        Assert.That(Math.Sqrt(weights.Average(w => w * (double)w)), Is.EqualTo(0.02).Within(0.001));
        Assert.That(weights.Average(), Is.Zero.Within(5 * 0.02 / Math.Sqrt(weights.Length)));
    }

    // With N(0, 0.02²) they deviate by 0.002 and 0.006 where nothing normalizes the layers: nobody learns from that.
    // And with classes' vectors of deviation 0.1 by 3 at 64 px: the classes would drown the images.
    [Test]
    public void First_scores_tell_images_apart([Values(32, 64)] int size, [Values] bool norm, [Values] bool labels)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var networks = Dcgan.Architecture.Create(new NetworkShape(size, 3, 10, size / 2)
        {
            DiscriminatorNorm = norm,
            Condition = labels ? Conditioning.Projection : Conditioning.None,
            Classes = 10,
        }, seed: 0);
        random.manual_seed(0);
        var images = randn(64, 3, 4, 4);
        var scores = networks.Discriminator.call(nn.functional.interpolate(images, [size, size], mode: InterpolationMode.Bilinear),
            labels ? arange(64) % 10 : null);
        Assert.That(scores.std().item<float>(), Is.InRange(0.1, 2));
    }

    [Test]
    public void Players_have_weights_of_their_own()
    {
        var networks = Dcgan.Architecture.Create(new NetworkShape(32, 1, 10, 4), seed: 0);
        var first = networks.Generator.named_parameters().First().parameter.data<float>().ToArray()[..8];
        var second = networks.Discriminator.named_parameters().First().parameter.data<float>().ToArray()[..8];
        Assert.That(second, Is.Not.EqualTo(first));
    }

    private static float[] Weights(ulong seed)
    {
        var networks = Dcgan.Architecture.Create(new NetworkShape(32, 1, 10, 30), seed);
        return networks.Generator.state_dict()["ups.2.weight"].data<float>().ToArray()
            .Concat(networks.Generator.state_dict()["project.weight"].data<float>().ToArray().Take(4320)).ToArray();
    }
}
