using GanOnnx.Training.Tests.Fixtures;
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

    [TestCase(0)]
    [TestCase(0.01)]
    public void A_step_is_that_of_torchsharps_adam_to_the_bit(double decay)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (ours, theirs) = (nn.Linear(37, 5), nn.Linear(37, 5));
        theirs.load_state_dict(ours.state_dict());
        using var optimizer = new NetworkOptimizer(ours, 3e-3, _options with { WeightDecay = decay });
        using var adam = optim.Adam(theirs.parameters(), 3e-3, _options.Beta1, _options.Beta2, weight_decay: decay);
        for (var step = 0; step < 30; step++)
        {
            var x = randn(8, 37);
            optimizer.Minimize((ours.call(x) - 1).pow(2).mean(), measureNorm: false);
            theirs.zero_grad();
            (theirs.call(x) - 1).pow(2).mean().backward();
            adam.step();
        }

        foreach (var (mine, other) in ours.parameters().Zip(theirs.parameters()))
            Assert.That(Waves.Doubles(mine), Is.EqualTo(Waves.Doubles(other)));
    }

    private static Tensor Loss(NetworkOptimizer optimizer) => (optimizer.Parameters[0] * tensor(new[] { 3f, 4f })).sum();
}
