using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tests.Regularizers;

public sealed class DiscriminatorRegularizerTests
{
    [TestCase("r1")]
    [TestCase("r2")]
    [TestCase("gradient-penalty")]
    public void Value_and_gradients_of_the_gradient_are_PyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        var (network, weights) = Discriminator();
        var regularizer = GanRegularizers.Find(name)!.Discriminator!();
        manual_seed(5);
        var penalty = regularizer.Penalty(Batch(network.call));
        penalty.backward();
        PyTorch.Check(name, [penalty, .. weights.Select(weight => PyTorch.Sums(weight.grad ?? zeros_like(weight)))]);
    }

    [Test]
    public void Gradient_penalty_is_two_sided()
    {
        using var scope = NewDisposeScope();
        // A linear critic of slope s costs (s − 1)², wherever it is looked at.
        double Penalty(double slope) => new GradientPenalty().Penalty(Batch(Linear(slope / Math.Sqrt(2 * 8 * 8)))).item<float>();
        Assert.Multiple(() =>
        {
            Assert.That(Penalty(0.25), Is.EqualTo(0.5625).Within(1e-5));
            Assert.That(Penalty(1), Is.Zero.Within(1e-5));
            Assert.That(Penalty(3), Is.EqualTo(4).Within(1e-5));
        });
    }

    [Test]
    public void Gradient_penalty_of_a_flat_critic_has_a_finite_gradient()
    {
        using var scope = NewDisposeScope();
        var weight = tensor(0f, requires_grad: true);
        var penalty = new GradientPenalty().Penalty(Batch(x => (x * weight).sum([1, 2, 3])));
        penalty.backward();
        Assert.Multiple(() =>
        {
            Assert.That(penalty.item<float>(), Is.EqualTo(1));
            Assert.That(float.IsFinite(weight.grad!.item<float>()));
        });
    }

    [Test]
    public void Consistency_is_the_squared_distance_to_the_scores_of_the_changed_images()
    {
        using var scope = NewDisposeScope();
        var (network, weights) = Discriminator();
        var batch = Batch(network.call);
        manual_seed(3);
        var penalty = new Consistency().Penalty(batch);
        penalty.backward();
        var gradients = weights.Select(weight => Waves.Doubles(weight.grad!)).ToArray();

        network.zero_grad();
        manual_seed(3);
        var changed = Shift.Randomly(Mirror.Half(batch.Real), 1 / 8.0, ShiftBorder.Mirrored);
        var expected = (network.call(batch.Real) - network.call(changed)).pow(2).mean();
        expected.backward();
        Assert.That(penalty.item<float>(), Is.GreaterThan(0).And.EqualTo(expected.item<float>()));
        // The same operators in the same order but for the square: equal to a unit in the last place.
        for (var i = 0; i < weights.Length; i++)
            Assert.That(gradients[i], Is.EqualTo(Waves.Doubles(weights[i].grad!)).Within(1e-6), $"weights {i}");
    }

    [Test]
    public void Consistency_costs_a_discriminator_nothing_that_sees_neither_sides_nor_places()
    {
        using var scope = NewDisposeScope();
        var flat = ones(4, 1, 8, 8) * rand(4, 1, 1, 1);
        var penalty = new Consistency().Penalty(new(x => x.sum([1, 2, 3]), flat, flat));
        Assert.That(penalty.item<float>(), Is.Zero);
    }

    [TestCase("r1")]
    [TestCase("r2")]
    [TestCase("gradient-penalty")]
    public void Penalty_of_scores_without_a_graph_or_of_another_shape_is_refused(string name)
    {
        using var scope = NewDisposeScope();
        var regularizer = GanRegularizers.Find(name)!.Discriminator!();
        Assert.Multiple(() =>
        {
            Assert.That(() => regularizer.Penalty(Batch(x => x.detach().sum([1, 2, 3]))),
                Throws.ArgumentException.With.Message.StartsWith("A discriminator gives [3] scores with their graph"));
            Assert.That(() => regularizer.Penalty(Batch(x => x.sum([2, 3]))),
                Throws.ArgumentException.With.Message.StartsWith("A discriminator gives [3] scores with their graph"));
        });
    }

    [Test]
    public void Gradient_penalty_of_unequal_batches_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => new GradientPenalty().Penalty(new(Linear(1), ones(2, 1, 4, 4), ones(3, 1, 4, 4))),
            Throws.ArgumentException.With.Message.StartsWith("The gradient penalty needs as many real images as generated ones"));
    }

    [Test]
    public void Weight_clipping_brings_weights_within_the_limit_and_leaves_the_others()
    {
        using var scope = NewDisposeScope();
        var weight = tensor([-3f, -0.01f, 0.005f, 0.5f], [4], requires_grad: true);
        new WeightClipping(0.01).Apply([weight]);
        Assert.That(weight.data<float>().ToArray(), Is.EqualTo(new[] { -0.01f, -0.01f, 0.005f, 0.01f }));
        Assert.That(weight.is_leaf && weight.requires_grad);
    }

    private static Func<Tensor, Tensor> Linear(double slope) => x => (x * slope).sum([1, 2, 3]);

    private static DiscriminatorBatch Batch(Func<Tensor, Tensor> score) =>
        new(score, Waves.Wave([3, 2, 8, 8], 1), Waves.Wave([3, 2, 8, 8], 2));

    private static (Module<Tensor, Tensor> Network, Tensor[] Weights) Discriminator()
    {
        // pytorch.py names the layers by their numbers.
        var network = Sequential(("0", Conv2d(2, 4, 3, stride: 2, padding: 1)), ("1", Tanh()),
            ("2", Conv2d(4, 3, 3, stride: 2, padding: 1)),
            ("3", Tanh()), ("4", nn.Flatten()), ("5", nn.Linear(12, 1)), ("6", nn.Flatten(0)));
        return (network, Waves.Fill(network));
    }
}
