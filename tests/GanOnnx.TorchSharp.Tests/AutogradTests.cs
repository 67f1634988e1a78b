using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>What training relies on in automatic differentiation.</summary>
public sealed class AutogradTests
{
    [Test]
    public void Backward_Twice_AddsTheGradients()
    {
        using var scope = NewDisposeScope();
        var x = tensor([3f], [1], requires_grad: true);

        (x * x).sum().backward();
        (x * 2).sum().backward();

        Assert.That(Values.Of(x.grad!), Is.EqualTo(new[] { 8f }));
    }

    [Test]
    public void Backward_ThroughADetachedTensor_StopsThere()
    {
        using var scope = NewDisposeScope();
        var x = tensor([3f], [1], requires_grad: true);

        (x * (x * 5).detach()).sum().backward();

        Assert.That(Values.Of(x.grad!), Is.EqualTo(new[] { 15f }));
    }

    [Test]
    public void Grad_BeforeBackward_IsNull()
    {
        using var x = tensor([3f], [1], requires_grad: true);

        Assert.That(x.grad, Is.Null);
    }

    [Test]
    public void Grad_SetToNull_IsNull()
    {
        using var scope = NewDisposeScope();
        var x = tensor([3f], [1], requires_grad: true);
        x.sum().backward();

        x.grad = null;

        Assert.That(x.grad, Is.Null);
    }

    [Test]
    public void NoGrad_ResultsRequireNone()
    {
        using var scope = NewDisposeScope();
        using var module = Linear(2, 1);
        using (no_grad())
            Assert.That(module.call(ones([1, 2])).requires_grad, Is.False);

        Assert.That(module.call(ones([1, 2])).requires_grad, Is.True);
    }

    [Test]
    public void NoGrad_Nested_EndsWithTheOutermost()
    {
        using (no_grad())
        {
            using (enable_grad())
                Assert.That(is_grad_enabled(), Is.True);
            using (no_grad())
                Assert.That(is_grad_enabled(), Is.False);
            Assert.That(is_grad_enabled(), Is.False);
        }
        Assert.That(is_grad_enabled(), Is.True);
    }

    [Test]
    public void NoGrad_HoldsForItsThreadOnly()
    {
        using var noGrad = no_grad();
        var other = false;
        var thread = new Thread(() => other = is_grad_enabled());
        thread.Start();
        thread.Join();

        Assert.That(other, Is.True);
    }

    [Test]
    public void RequiresGrad_OffAndOn_FreezesAPlayer()
    {
        using var scope = NewDisposeScope();
        using var module = Linear(2, 1);
        var x = tensor([1f, 2], [1, 2], requires_grad: true);

        foreach (var parameter in module.parameters())
            parameter.requires_grad = false;
        module.call(x).sum().backward();

        Assert.That(module.parameters().Select(p => p.grad), Is.All.Null);
        Assert.That(Values.Of(x.grad!), Is.EqualTo(Values.Of(module.weight)));

        foreach (var parameter in module.parameters())
            parameter.requires_grad = true;
        module.call(x).sum().backward();

        Assert.That(Values.Of(module.weight.grad!), Is.EqualTo(new[] { 1f, 2 }));
    }

    [Test]
    public void ZeroGrad_OfAModule_ClearsEveryGradient()
    {
        using var scope = NewDisposeScope();
        using var module = Sequential(Linear(2, 3), Linear(3, 1));
        module.call(ones([1, 2])).sum().backward();
        Assert.That(module.parameters().Select(p => p.grad), Has.None.Null);

        module.zero_grad();

        Assert.That(module.parameters().Select(p => p.grad), Is.All.Null);
    }

    [Test]
    public void AutogradGrad_LeavesTheLeavesGradientsAlone()
    {
        using var scope = NewDisposeScope();
        var x = tensor([3f], [1], requires_grad: true);

        var gradient = autograd.grad([(x * x).sum()], [x])[0];

        Assert.That(Values.Of(gradient), Is.EqualTo(new[] { 6f }));
        Assert.That(x.grad, Is.Null);
    }

    [Test]
    public void AutogradGrad_GradOutputs_WeighTheOutputs()
    {
        using var scope = NewDisposeScope();
        var x = tensor([3f, 4], [2], requires_grad: true);

        var gradient = autograd.grad([x * x], [x], [Values.Vector(1, 10)])[0];

        Assert.That(Values.Of(gradient), Is.EqualTo(new[] { 6f, 80 }));
    }

    /// <summary>
    /// WGAN-GP's penalty (|∂score/∂x| − 1)² of score = Σ tanh(w·x): with s = 1 − tanh²(w·x), ∂score/∂x = s·w and
    /// n = |s|·|w|, so ∂penalty/∂w = 2(n − 1)·∂n/∂w. One sample, so s is a scalar: n = s·|w| and
    /// ∂n/∂w = s·w/|w| − 2·tanh(w·x)·s·|w|·x.
    /// </summary>
    [Test]
    public void AutogradGrad_OfAGradient_IsTheGradientPenaltysOwn()
    {
        using var scope = NewDisposeScope();
        double[] w = [0.5, -0.75, 0.25], x = [0.2, 0.4, -0.6];
        var weight = tensor([0.5f, -0.75f, 0.25f], [3], requires_grad: true);
        var input = tensor([0.2f, 0.4f, -0.6f], [3], requires_grad: true);

        var score = (weight * input).sum().tanh();
        var gradient = autograd.grad([score], [input], retain_graph: true, create_graph: true)[0];
        (gradient.square().sum().sqrt() - 1).square().backward();

        var t = Math.Tanh(w.Zip(x, (a, b) => a * b).Sum());
        var (s, length) = (1 - t * t, Math.Sqrt(w.Sum(v => v * v)));
        var expected = w.Zip(x, (wi, xi) => 2 * (s * length - 1) * (s * wi / length - 2 * t * s * length * xi));
        Assert.That(Values.Doubles(weight.grad!), Is.EqualTo(expected).Within(1e-6), "a few roundings of float32");
    }

    /// <summary>The same penalty of a small critic.</summary>
    [Test]
    public void AutogradGrad_OfANetworksGradient_MatchesFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var critic = Sequential(Conv2d(1, 2, 3, 1, 1), Tanh(), nn.Flatten(), Linear(18, 1)).WithDrawnWeights();
        var weight = critic.named_parameters().First().parameter;

        Penalty(critic).backward();

        var at = Values.Of(weight);
        var numeric = at.Select((_, i) => (With(at[i] + 0.01f, i) - With(at[i] - 0.01f, i)) / 0.02).ToArray();
        // The penalty is about 1; its float32 rounding of 1e-7 by a step of 0.02, and the cut-off term of about 1e-3.
        Assert.That(Values.Doubles(weight.grad!), Is.EqualTo(numeric).Within(5e-3));

        double With(float value, int i)
        {
            var changed = at.ToArray();
            changed[i] = value;
            Values.Set(weight, changed);
            return Penalty(critic).ToDouble();
        }
    }

    private static Tensor Penalty(Module<Tensor, Tensor> critic)
    {
        var x = tensor(Values.Draw(18, 5), [2, 1, 3, 3], requires_grad: true);
        var gradient = autograd.grad([critic.call(x).sum()], [x], retain_graph: true, create_graph: true)[0];
        return (gradient.square().sum().sqrt() - 1).square();
    }
}
