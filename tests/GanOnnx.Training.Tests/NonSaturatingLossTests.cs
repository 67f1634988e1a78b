using GanOnnx.Training.Losses;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>Float32 against double formulas: 1e-6 relative is a few units in the last place.</summary>
public sealed class NonSaturatingLossTests
{
    private const double Relative = 1e-6;

    private static readonly float[] _real = [2.5f, -1f, 0.25f], _fake = [-3f, 0.5f, 1.5f];

    [Test]
    public void Discriminator_is_the_papers_cross_entropy()
    {
        using var scope = NewDisposeScope();
        var loss = new NonSaturatingLoss().Discriminator(tensor(_real, [3]), tensor(_fake, [3])).item<float>();
        var expected = -_real.Average(s => Math.Log(Sigmoid(s))) - _fake.Average(s => Math.Log(1 - Sigmoid(s)));
        Assert.That(loss, Is.EqualTo(expected).Within(Relative * expected));
    }

    [Test]
    public void Generator_raises_the_log_probability_of_its_fakes()
    {
        using var scope = NewDisposeScope();
        var loss = new NonSaturatingLoss().Generator(tensor(_fake, [3])).item<float>();
        var expected = -_fake.Average(s => Math.Log(Sigmoid(s)));
        Assert.That(loss, Is.EqualTo(expected).Within(Relative * expected));
    }

    [Test]
    public void Generators_gradient_is_the_formulas()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(_fake, [3], requires_grad: true);
        new NonSaturatingLoss().Generator(scores).backward();
        // d/ds softplus(−s) = sigmoid(s) − 1, averaged over three scores.
        Assert.That(scores.grad!.data<float>().ToArray(), Is.EqualTo(_fake.Select(s => (float)((Sigmoid(s) - 1) / 3))).Within(Relative));
    }

    [TestCase(1e4f)]
    [TestCase(-1e4f)]
    public void Extreme_scores_give_finite_losses(float score)
    {
        using var scope = NewDisposeScope();
        var scores = tensor([score], [1]);
        Assert.That(float.IsFinite(new NonSaturatingLoss().Discriminator(scores, scores).item<float>()));
        Assert.That(float.IsFinite(new NonSaturatingLoss().Generator(scores).item<float>()));
    }

    private static double Sigmoid(double s) => 1 / (1 + Math.Exp(-s));
}
