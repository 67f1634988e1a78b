using GanOnnx.Export;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Networks.Layers;
using GanOnnx.Training.Networks.StyleGan2;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Tests.Networks;

/// <summary>The layers against their papers' formulas, written in another way.</summary>
public sealed class LayerTests
{
    // Sums of some dozen float32 products of numbers around 1.
    private const double Tolerance = 1e-5;

    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => _scope = NewDisposeScope();

    [TearDown]
    public void Close() => _scope.Dispose();

    [Test]
    public void ModulatedConv2d_scales_each_images_weights_by_its_style([Values] bool demodulate)
    {
        var conv = new ModulatedConv2d(inputs: 4, outputs: 6, kernel: 3, styleSize: 3, demodulate);
        Waves.Fill(conv);
        var (features, style) = (Waves.Wave([2, 4, 5, 5]), Waves.Wave([2, 3], seed: 2));

        // The exporter's operator runs it as one grouped convolution with the weights of all images.
        var expected = TracedTensor.modulated_conv2d(features, Weight(conv) / Math.Sqrt(4 * 9), Scales(conv, style), demodulate,
            padding: 1).Tensor;

        AssertClose(conv.call(features, style), expected);
    }

    [Test]
    public void ModulatedConv2d_doubles_the_size_by_a_transposed_convolution_and_a_blur()
    {
        var conv = new ModulatedConv2d(inputs: 4, outputs: 2, kernel: 3, styleSize: 3, up: true);
        Waves.Fill(conv);
        var (features, style) = (Waves.Wave([2, 4, 5, 5]), Waves.Wave([2, 3], seed: 2));
        var row = tensor(new[] { 1f, 3f, 3f, 1f }) / 4;
        var kernel = row.outer(row).repeat(2, 1, 1, 1);

        var images = Enumerable.Range(0, 2).Select(n =>
        {
            var weight = Weight(conv) / Math.Sqrt(4 * 9) * Scales(conv, style)[n].reshape(-1, 1, 1, 1);   // [C, out, 3, 3]
            weight = weight / (weight * weight).sum([0L, 2L, 3L], true).add(1e-8).sqrt();
            var large = conv_transpose2d(features.narrow(0, n, 1), weight, strides: [2, 2]);              // [1, out, 11, 11]
            return conv2d(large, kernel, padding: [1, 1], groups: 2);
        });

        AssertClose(conv.call(features, style), cat(images.ToArray()));
    }

    [Test]
    public void Blur_keeps_an_even_area_and_spreads_a_point_by_1_3_3_1()
    {
        var blur = new Blur(channels: 2, stride: 1, padding: 0);
        var point = cat([zeros(1, 1, 7, 7), 64 * eye(49)[24].reshape(1, 1, 7, 7)], 1); // in the middle of channel 1

        Assert.That(Waves.Doubles(blur.call(ones(1, 2, 4, 4))), Is.All.EqualTo(1).Within(1e-6));
        Assert.That(Waves.Doubles(blur.call(point)[0, 1, 0]), Is.EqualTo(new[] { 1.0, 3, 3, 1 }).Within(1e-5));
        Assert.That(Waves.Doubles(blur.call(point)[0, 0]), Is.All.Zero, "channels don't mix");
    }

    [Test]
    public void EqualizedLinear_scales_its_weights_when_used()
    {
        var layer = new EqualizedLinear(inputs: 4, outputs: 3, learningRate: 0.01, firstBias: 1);
        var weights = Waves.Fill(layer); // bias, weight
        var input = Waves.Wave([2, 4]);

        AssertClose(layer.call(input), linear(input, weights[1] * (0.01 / 2), weights[0] * 0.01));
        Assert.That((layer.FirstBias, layer.FirstDeviation), Is.EqualTo((100.0, 100.0)), "1 and N(0, 1) once scaled");
    }

    [Test]
    public void ConditionalBatchNorm2d_takes_each_images_scale_and_shift_from_its_class()
    {
        var norm = new ConditionalBatchNorm2d(channels: 2, classes: 3);
        var weights = Waves.Fill(norm); // bias, gain: [3, 2]
        norm.eval();
        var features = Waves.Wave([2, 2, 1, 1]);

        var expected = features.squeeze(-1).squeeze(-1) / Math.Sqrt(1 + 1e-5) * stack([weights[1][2], weights[1][0]])
            + stack([weights[0][2], weights[0][0]]);

        AssertClose(norm.call(features, tensor(new[] { 2L, 0L })).flatten(1), expected);
    }

    [Test]
    public void DiscriminatorHead_adds_the_features_product_with_the_classs_vector()
    {
        var shape = new NetworkShape(32, 1, 8, 4) { Condition = Conditioning.Projection, Classes = 3 };
        var head = new DiscriminatorHead(shape, features: 5, inputs => nn.Linear(inputs, 1));
        var weights = Waves.Fill(head); // classes.table, score.bias, score.weight
        var features = Waves.Wave([2, 5]);

        var linear = features.matmul(weights[2].t()).squeeze(1) + weights[1];
        var projection = (features * stack([weights[0][1], weights[0][2]])).sum([1L]);

        AssertClose(head.Score(features, tensor(new[] { 1L, 2L })), linear + projection);
    }

    [Test]
    public void MinibatchDiscrimination_tells_how_close_the_other_images_are()
    {
        var layer = new MinibatchDiscrimination(features: 1);
        using (no_grad())
            layer.parameters().Single().copy_(full(1, 128, 0.1f));

        var told = layer.call(tensor(new[] { 0f, 1f, 3f }, [3, 1]));

        // 16 kernels of 8 values: the distances are 0.8 for each step of 1.
        double[] expected = [Math.Exp(-0.8) + Math.Exp(-2.4), Math.Exp(-0.8) + Math.Exp(-1.6), Math.Exp(-2.4) + Math.Exp(-1.6)];
        Assert.That(Waves.Doubles(told.select(1, 0)), Is.EqualTo(new[] { 0.0, 1, 3 }), "the features themselves");
        for (var kernel = 1; kernel <= MinibatchDiscrimination.Kernels; kernel++)
            Assert.That(Waves.Doubles(told.select(1, kernel)), Is.EqualTo(expected).Within(Tolerance));
    }

    [TestCase(new[] { 1f, 2, 3, 4 }, new[] { 1.1180, 1.1180, 1.1180, 1.1180 }, Description = "one group of four: the deviation of 1 to 4")]
    [TestCase(new[] { 0f, 1, 10, 5, 20, 9 }, new[] { 8.1650, 3.2660, 8.1650, 3.2660, 8.1650, 3.2660 },
        Description = "two groups of three, in turns")]
    public void MinibatchStandardDeviation_adds_a_channel_of_the_groups_deviation(float[] images, double[] expected)
    {
        var result = new MinibatchStandardDeviation().call(tensor(images, [images.Length, 1, 1, 1]).expand(-1, 2, 2, 2));

        Assert.That(result.shape, Is.EqualTo([images.Length, 3, 2, 2]));
        for (var i = 0; i < images.Length; i++)
            Assert.That(Waves.Doubles(result[i, 2]), Is.All.EqualTo(expected[i]).Within(1e-4), "rounded in the test");
    }

    [Test]
    public void Labels_are_joined_to_latents_and_images_as_their_classs_vector_and_plane()
    {
        var shape = new NetworkShape(4, 1, 3, 4) { Condition = Conditioning.Concat, Classes = 2 };
        var (latent, image) = (new LabelledLatent(shape), new LabelledImage(shape));
        var (vectors, planes) = (Waves.Fill(latent)[0], Waves.Fill(image)[0]);
        var labels = tensor(new[] { 1L, 0L });

        var joined = latent.Join(Waves.Wave([2, 3]), labels).Tensor;
        var seen = image.Join(Waves.Wave([2, 1, 4, 4]), labels);

        AssertClose(joined.narrow(1, 3, joined.shape[1] - 3), stack([vectors[1], vectors[0]]));
        AssertClose(seen.select(1, 1).flatten(1), stack([planes[1], planes[0]]));
    }

    private static Tensor Weight(nn.Module conv) => conv.named_parameters().Single(p => p.name == "weight").parameter;

    private static Tensor Scales(nn.Module conv, Tensor style)
    {
        var weights = conv.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        return linear(style, weights["affine.weight"] / Math.Sqrt(style.shape[1]), weights["affine.bias"]);
    }

    private static void AssertClose(Tensor actual, Tensor expected)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        Assert.That(Waves.Doubles(actual), Is.EqualTo(Waves.Doubles(expected)).Within(Tolerance));
    }
}
