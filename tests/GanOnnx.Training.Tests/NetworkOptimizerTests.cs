using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

public sealed class NetworkOptimizerTests
{
    private static readonly TrainingOptions _options = new() { Beta1 = 0.5, Beta2 = 0.9 };

    // The loss 3 w₀ + 4 w₁: a gradient of norm 5.
    [Test]
    public void Minimize_GradientLongerThanTheClip_IsShortenedToItAndToldAsItWas()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new NetworkOptimizer(nn.Linear(2, 1, hasBias: false), 0.1, _options with { GradientClip = 2 });

        var norm = optimizer.Minimize(Loss(optimizer), measureNorm: false)!;

        Assert.That(norm.item<float>(), Is.EqualTo(5).Within(1e-5));
        Assert.That(Waves.Doubles(optimizer.Parameters[0].grad!), Is.EqualTo(new[] { 1.2, 1.6 }).Within(1e-5));
    }

    [TestCase(0, Description = "off")]
    [TestCase(6, Description = "longer than the gradient")]
    public void Minimize_GradientWithinTheClip_IsLeftAsItIs(double clip)
    {
        using var scope = NewDisposeScope();
        using var optimizer = new NetworkOptimizer(nn.Linear(2, 1, hasBias: false), 0.1, _options with { GradientClip = clip });

        var norm = optimizer.Minimize(Loss(optimizer), measureNorm: true)!;

        Assert.That(norm.item<float>(), Is.EqualTo(5).Within(1e-5));
        Assert.That(Waves.Doubles(optimizer.Parameters[0].grad!), Is.EqualTo(new[] { 3.0, 4 }).Within(1e-6));
    }

    [Test]
    public void Schedule_HalfTheRate_HalvesTheStep()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new NetworkOptimizer(nn.Linear(2, 1, hasBias: false), 0.1, _options);
        var before = Waves.Doubles(optimizer.Parameters[0]);

        optimizer.Schedule(0.5);
        optimizer.Minimize(Loss(optimizer), measureNorm: false);

        // Adam's first step is the learning rate, whatever the gradient.
        Assert.That(Waves.Doubles(optimizer.Parameters[0]).Zip(before, (now, then) => then - now), Is.All.EqualTo(0.05).Within(1e-6));
        Assert.That(optimizer.LearningRate, Is.EqualTo(0.05).Within(1e-12));
    }

    // 3,001 numbers: many vectors and a rest. MKL rounds some square roots to the other neighbour, which is a part in 10⁷ of a step.
    [TestCase(0.5, 0.9, 0, 3e-3)]
    [TestCase(0.9, 0.999, 0, 1e-4)]
    [TestCase(0, 0.99, 0.01, 2.5e-3)]
    [TestCase(0, 0.9, 0, 0.1)]
    [TestCase(0.5, 0.999, 0.1, 0.05)]
    public void A_step_is_that_of_torchsharps_adam(double beta1, double beta2, double decay, double rate)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (ours, theirs) = (nn.Linear(3001, 1), nn.Linear(3001, 1));
        theirs.load_state_dict(ours.state_dict());
        using var optimizer = new NetworkOptimizer(ours, rate, new TrainingOptions { Beta1 = beta1, Beta2 = beta2, WeightDecay = decay });
        using var adam = optim.Adam(theirs.parameters(), rate, beta1, beta2, weight_decay: decay);
        for (var step = 0; step < 30; step++)
        {
            var gradients = randn(3001);
            optimizer.Minimize(Product(ours, gradients), measureNorm: false);
            theirs.zero_grad();
            Product(theirs, gradients).backward();
            adam.step();
        }

        foreach (var (mine, other) in ours.parameters().Zip(theirs.parameters()))
            Assert.That(Waves.Doubles(mine), Is.EqualTo(Waves.Doubles(other)).Within(1e-6 * rate + 3e-7));
    }

    // What isn't flat memory of 4-byte numbers on the CPU goes another way.
    [Test]
    public void A_step_of_other_numbers_is_the_same()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (single, wide) = (nn.Linear(301, 1), nn.Linear(301, 1));
        wide.load_state_dict(single.state_dict());
        wide.to(float64);
        var options = _options with { WeightDecay = 0.01 };
        using NetworkOptimizer ours = new(single, 0.01, options), others = new(wide, 0.01, options);
        for (var step = 0; step < 30; step++)
        {
            var gradients = randn(301);
            ours.Minimize(Product(single, gradients), measureNorm: false);
            others.Minimize(Product(wide, gradients.to(float64)), measureNorm: false);
        }

        Assert.That(others.Parameters[0].dtype, Is.EqualTo(float64));
        foreach (var (mine, other) in single.parameters().Zip(wide.parameters()))
            Assert.That(Waves.Doubles(mine), Is.EqualTo(Waves.Doubles(other)).Within(1e-6));
    }

    [Test]
    public void Forget_TheNextStep_IsTheFirstAgain()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new NetworkOptimizer(nn.Linear(2, 1, hasBias: false), 0.1, _options);
        optimizer.Minimize((optimizer.Parameters[0] * tensor(new[] { -9f, 40f })).sum(), measureNorm: false);
        var before = Waves.Doubles(optimizer.Parameters[0]);

        optimizer.Forget();
        optimizer.Minimize(Loss(optimizer), measureNorm: false);

        Assert.That(Waves.Doubles(optimizer.Parameters[0]).Zip(before, (now, then) => then - now), Is.All.EqualTo(0.1).Within(1e-6));
        Assert.That(optimizer.Steps, Is.EqualTo(1));
    }

    // Gradients are what is given, whatever the weights have become.
    private static Tensor Product(nn.Module<Tensor, Tensor> network, Tensor gradients) => network.call(gradients.unsqueeze(0)).sum();

    private static Tensor Loss(NetworkOptimizer optimizer) => (optimizer.Parameters[0] * tensor(new[] { 3f, 4f })).sum();
}
