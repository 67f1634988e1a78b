using GanOnnx.Training.Networks;
using GanOnnx.Training.Networks.FastGan;
using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Tests.Networks;

public sealed class FastGanTests
{
    // Sums of some dozen float32 products of numbers around 1.
    private const double Tolerance = 1e-5;

    private static readonly NetworkShape _small = new(64, 1, LatentSize: 6, Width: 2);

    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => _scope = NewDisposeScope();

    [TearDown]
    public void Close() => _scope.Dispose();

    [Test]
    public void Networks_have_their_shapes([Values(64, 128, 256)] int size, [Values(1, 3)] int channels)
    {
        var shape = new NetworkShape(size, channels, LatentSize: 10, Width: 2) { Decoders = true };
        var networks = FastGan.Architecture.Create(shape, seed: 0);

        var images = networks.Generator.Generate(ones([3, 10]), null);
        var (scores, features) = ((IReconstructs)networks.Discriminator).ScoreWithFeatures(images, null);
        var (whole, quarter) = ((IReconstructs)networks.Discriminator).Reconstruct(features, 3);

        Assert.That(images.shape, Is.EqualTo([3, channels, size, size]));
        Assert.That(scores.shape, Is.EqualTo([3]));
        Assert.That(whole.shape, Is.EqualTo([3, channels, size / 2, size / 2]));
        Assert.That(quarter.shape, Is.EqualTo(whole.shape));
        foreach (var made in new[] { images, whole, quarter })
            Assert.That(made.abs().max().item<float>(), Is.LessThanOrEqualTo(1));
    }

    // Counted by hand from the paper's layout: weights, batch normalization's two vectors, biases of excitation and pixels.
    [Test]
    public void Generator_has_as_many_parameters_as_its_layout()
    {
        var networks = FastGan.Architecture.Create(new NetworkShape(64, 3, 256, 16), seed: 0);
        var expected = 256 * 128 * 16 + 2 * 128                                                    // 4 px, 64 channels and their gates
            + 9 * (64 * 128 + 64 * 128 + 64 * 64 + 32 * 32) + 2 * (128 + 128 + 64 + 32)             // 8, 16, 32, 64 px
            + 64 * 16 * 16 + 16 + 16 * 16 + 16                                                     // excitation
            + 16 * 3 * 9 + 3;
        Assert.That(networks.Generator.parameters().Sum(p => p.numel()), Is.EqualTo(expected));
    }

    [Test]
    public void UpBlock_repeats_pixels_and_gates_the_first_half_of_the_channels_by_the_second()
    {
        var block = new UpBlock(_small, inputs: 1, outputs: 1);
        var weight = block.named_parameters().Single(p => p.name == "conv.weight").parameter;
        using (no_grad())
        {
            // Only the middle of each kernel: three times the pixel, and minus twice.
            weight.zero_();
            weight[TensorIndex.Colon, TensorIndex.Colon, 1, 1] = tensor(new[] { 3f, -2f }, [2, 1]);
        }
        block.eval();

        var result = block.Up(tensor(new[] { 0.5f, -1f }, [1, 1, 1, 2]), labels: null).Tensor;

        static double Gated(double x) => 3 * x / (1 + Math.Exp(2 * x));
        double[] row = [Gated(0.5), Gated(0.5), Gated(-1), Gated(-1)];
        Assert.That(result.shape, Is.EqualTo([1, 1, 2, 4]));
        // Batch normalization divides by the root of 1 + 1e-5.
        Assert.That(Waves.Doubles(result), Is.EqualTo(row.Concat(row)).Within(5e-5));
    }

    [Test]
    public void SkipExcitation_scales_each_channel_of_the_large_features_by_what_the_small_ones_say()
    {
        var excitation = new SkipExcitation(size: 8, inputs: 1, outputs: 2);
        var weights = excitation.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        using (no_grad())
        {
            // The sum of 4 × 4 pooled pixels, and minus half of it.
            weights["conv1.weight"].copy_(tensor(new[] { 1f, -0.5f }, [2, 1, 1, 1]).expand(2, 1, 4, 4));
            weights["conv1.bias"].copy_(tensor(new[] { 0f, 0.25f }));
            weights["conv2.weight"].copy_(tensor(new[] { 1f, 0f, 0f, 2f }, [2, 2, 1, 1]));
            weights["conv2.bias"].copy_(tensor(new[] { 0.5f, 0f }));
        }
        var small = Waves.Wave([1, 1, 8, 8]);
        var large = Waves.Wave([1, 2, 16, 16], seed: 2);

        var result = excitation.call(small, large);

        var sum = Waves.Doubles(small).Sum() / 4; // of 16 means of four
        double[] gates = [Sigmoid(Leaky(sum) + 0.5), Sigmoid(2 * Leaky(0.25 - sum / 2))];
        for (var channel = 0; channel < 2; channel++)
            Assert.That(Waves.Doubles(result[0, channel]),
                Is.EqualTo(Waves.Doubles(large[0, channel]).Select(x => x * gates[channel])).Within(Tolerance));

        static double Leaky(double x) => x > 0 ? x : 0.1 * x;
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    [TestCase(64, 1)]
    [TestCase(128, 2)]
    [TestCase(256, 3)]
    public void Features_of_4_8_and_16_pixels_gate_those_of_64_128_and_256(int size, int count)
    {
        var generator = FastGan.Architecture.Create(_small with { Size = size }, seed: 0).Generator;
        var biases = generator.named_parameters().Where(p => p.name.EndsWith("conv2.bias", StringComparison.Ordinal)).ToArray();
        Assert.That(biases.Select(b => b.name), Is.EqualTo(Enumerable.Range(0, count).Select(i => $"excitations.{i}.conv2.bias")));

        using (no_grad())
            biases[^1].parameter.fill_(-1000); // a sigmoid of 0: nothing of the largest features goes on
        var images = generator.Generate(Waves.Wave([2, 6]), null);

        Assert.That(Waves.Doubles(images), Is.All.Zero, "what is left is the last bias, 0 at first");
    }

    [Test]
    public void A_latent_is_one_picture_whatever_is_drawn([Values] bool training)
    {
        var generator = FastGan.Architecture.Create(_small, seed: 0).Generator;
        generator.train(training);
        byte[] Bytes(long seed)
        {
            manual_seed(seed);
            return generator.Generate(Waves.Wave([3, 6]), null).bytes.ToArray();
        }
        Assert.That(Bytes(seed: 2), Is.EqualTo(Bytes(seed: 1)));
    }

    [Test]
    public void DownBlock_is_the_mean_of_a_strided_and_a_pooled_path()
    {
        var block = new DownBlock(_small with { DiscriminatorNorm = false }, inputs: 2, outputs: 3);
        Waves.Fill(block);
        var w = block.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        var x = Waves.Wave([2, 2, 8, 8]);

        static Tensor Leaky(Tensor value) => value.maximum(value * 0.2);
        var strided = Leaky(conv2d(x, w["down.conv.weight"], w["down.conv.bias"], strides: [2, 2], padding: [1, 1]));
        strided = Leaky(conv2d(strided, w["conv.conv.weight"], w["conv.conv.bias"], padding: [1, 1]));
        var means = x.reshape(2, 2, 4, 2, 4, 2).mean([3L, 5L]);
        var pooled = Leaky(conv2d(means, w["pooled.conv.weight"], w["pooled.conv.bias"]));

        Assert.That(Waves.Doubles(block.call(x)), Is.EqualTo(Waves.Doubles((strided + pooled) / 2)).Within(Tolerance));
    }

    [Test]
    public void The_discriminator_sees_the_shrunk_image_too()
    {
        var discriminator = Discriminator(_small with { DiscriminatorNorm = false });
        using (no_grad())
            foreach (var (name, parameter) in discriminator.named_parameters())
                if (name.StartsWith("patches", StringComparison.Ordinal))
                    parameter.zero_();

        var images = Waves.Wave([2, 1, 64, 64]);
        // 2 × 2 pixels are one of the shrunk image, so to exchange them within changes nothing.
        var turned = images.reshape(2, 1, 32, 2, 64).flip(3).reshape(2, 1, 64, 64);
        var scores = Waves.Doubles(discriminator.call(images, null));
        Assert.That(Waves.Doubles(discriminator.call(turned, null)), Is.EqualTo(scores).Within(Tolerance));
        Assert.That(scores, Is.Unique, "it sees something");
    }

    [Test]
    public void A_quarter_is_made_of_that_quarter_of_the_features([Values(0, 1, 2, 3)] int part)
    {
        var discriminator = (IReconstructs)Discriminator(_small with { Decoders = true });
        var features = discriminator.ScoreWithFeatures(Waves.Wave([2, 1, 64, 64]), null).Features;
        Assert.That(features.Select(f => f.shape[^1]), Is.EqualTo([16, 8]));
        var (row, column) = (part / 2 * 8, part % 2 * 8);
        var without = features[0].detach().clone();
        without[.., .., row..(row + 8), column..(column + 8)] = 0;
        var only = features[0].detach() - without;

        double[] Quarter(Tensor first) => Waves.Doubles(discriminator.Reconstruct([first, features[1]], part).Quarter);
        Assert.That(Quarter(only), Is.EqualTo(Quarter(features[0])), "the others don't matter");
        Assert.That(Quarter(without), Is.Not.EqualTo(Quarter(features[0])));
    }

    [Test]
    public void Decoders_are_there_where_reconstruction_is_asked_for()
    {
        var options = new TrainingOptions { Architecture = "fastgan", Size = 64, Width = 2 };
        bool HasDecoders(string regularizers) =>
            Discriminator((options with { Regularizers = regularizers }).Shape(3, 0)).named_parameters()
                .Any(p => p.name.StartsWith("whole.", StringComparison.Ordinal) || p.name.StartsWith("quarter.", StringComparison.Ordinal));

        Assert.That((HasDecoders("reconstruction"), HasDecoders("r1")), Is.EqualTo((true, false)));
        Assert.That(() => ((IReconstructs)Discriminator(_small)).Reconstruct([], 0), Throws.InvalidOperationException);
    }

    [Test]
    public void Decoders_learn_to_make_images_again()
    {
        var discriminator = Discriminator(_small with { Decoders = true, Width = 4 });
        var real = Waves.Wave([4, 1, 64, 64]).cumsum(3).tanh();
        using var optimizer = optim.Adam(discriminator.parameters(), 0.01);
        double Step()
        {
            using var scope = NewDisposeScope();
            var (scores, features) = ((IReconstructs)discriminator).ScoreWithFeatures(real, null);
            var penalty = new Reconstruction().Penalty(new(_ => scores, real, real)
            {
                Reconstruct = part => ((IReconstructs)discriminator).Reconstruct(features, part),
            });
            optimizer.zero_grad();
            penalty.backward();
            optimizer.step();
            return penalty.item<float>();
        }
        manual_seed(1);
        var penalties = Enumerable.Range(0, 30).Select(_ => Step()).ToArray();

        Assert.That(penalties[^5..].Average(), Is.LessThan(0.7 * penalties[..5].Average()));
        var unreached = discriminator.named_parameters().Where(p => p.parameter.grad is null).Select(p => p.name.Split('.')[0]).Distinct();
        Assert.That(unreached, Is.EquivalentTo(["patches", "shrunkFirst", "shrunkBlock", "shrunkPatches", "head"]),
            "it reaches all that the 8 x 8 features are made from");
    }

    private static DiscriminatorNetwork Discriminator(NetworkShape shape) => FastGan.Architecture.Create(shape, seed: 0).Discriminator;
}
