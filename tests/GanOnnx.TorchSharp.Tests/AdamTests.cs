using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>Against algorithm 1 of Kingma and Ba, "Adam: A Method for Stochastic Optimization", in double precision.</summary>
public sealed class AdamTests
{
    private static readonly float[] Start = [0.5f, -1, 2, 0.001f];

    [TestCase(1e-3, 0.9, 0.999, 1e-8)]
    [TestCase(2e-4, 0.5, 0.999, 1e-8)]
    [TestCase(0.1, 0, 0.9, 1e-3)]
    public void Step_SeveralTimes_IsThePapersAlgorithm(double lr, double beta1, double beta2, double eps)
    {
        using var scope = NewDisposeScope();
        using var parameter = nn.Parameter(Values.Vector(Start));
        using var adam = optim.Adam([parameter], lr, beta1, beta2, eps);
        var expected = new DoubleAdam(Start, lr, beta1, beta2, eps);

        AssertSameSteps(parameter, adam, expected);
    }

    [Test]
    public void Step_WithWeightDecay_AddsThatPartOfTheWeightToItsGradient()
    {
        using var scope = NewDisposeScope();
        using var parameter = nn.Parameter(Values.Vector(Start));
        using var adam = optim.Adam([parameter], 0.01, 0.5, 0.9, weight_decay: 0.3);
        var expected = new DoubleAdam(Start, 0.01, 0.5, 0.9, 1e-8, decay: 0.3);

        AssertSameSteps(parameter, adam, expected);
    }

    [Test]
    public void ParamGroups_LearningRateChanged_TheNextStepTakesIt()
    {
        using var scope = NewDisposeScope();
        using var parameter = nn.Parameter(Values.Vector(Start));
        using var adam = optim.Adam([parameter], 0.1);
        Assert.That(adam.ParamGroups.Select(g => (g.LearningRate, g.InitialLearningRate)), Is.EqualTo(new[] { (0.1, 0.1) }));

        foreach (var group in adam.ParamGroups)
            group.LearningRate = 0.02;
        Backward(parameter, 1);
        adam.step();

        // Adam's first step is the learning rate in the direction of the gradient's sign.
        Assert.That(Values.Of(parameter).Zip(Start, (now, then) => Math.Abs(now - then)), Is.All.EqualTo(0.02f).Within(1e-5f));
    }

    [Test]
    public void Step_WithoutGradient_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var used = nn.Parameter(Values.Vector(Start));
        using var unused = nn.Parameter(Values.Vector(Start));
        using var adam = optim.Adam([used, unused], 0.1);
        Backward(used, 1);

        adam.step();

        Assert.That(Values.Of(unused), Is.EqualTo(Start));
        Assert.That(Values.Of(used), Is.Not.EqualTo(Start));
        Assert.That(States(adam).Select(s => s.step), Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public void StateDict_HoldsTheMomentsInTheParametersOrder()
    {
        using var scope = NewDisposeScope();
        using var first = nn.Parameter(Values.Vector(1));
        using var second = nn.Parameter(Values.Vector(1, 2));
        using var adam = optim.Adam([first, second], 0.1, 0.9, 0.99);
        (first * 4).sum().backward();
        (second * 10).sum().backward();

        adam.step();

        Assert.That(States(adam).SelectMany(s => Values.Of(s.exp_avg)), Is.EqualTo(new[] { 0.4, 1, 1 }).Within(1e-6), "0.1 · gradient");
        Assert.That(States(adam).SelectMany(s => Values.Of(s.exp_avg_sq)), Is.EqualTo(new[] { 0.16, 1, 1 }).Within(1e-6), "0.01 · gradient²");
    }

    [Test]
    public void StateDict_MomentsWrittenBack_ResumeTheRun()
    {
        using var scope = NewDisposeScope();
        using var whole = nn.Parameter(Values.Vector(Start));
        using var resumed = nn.Parameter(Values.Vector(Start));
        using var adam = optim.Adam([whole], 0.1);
        using var second = optim.Adam([resumed], 0.1);
        Backward(whole, 1);
        adam.step();

        Values.Set(resumed, Values.Of(whole));
        Values.Set(States(second)[0].exp_avg, Values.Of(States(adam)[0].exp_avg));
        Values.Set(States(second)[0].exp_avg_sq, Values.Of(States(adam)[0].exp_avg_sq));
        States(second)[0].step = States(adam)[0].step;
        foreach (var (parameter, optimizer) in new[] { (whole, adam), (resumed, second) })
        {
            Backward(parameter, 2);
            optimizer.step();
        }

        Assert.That(Values.Of(resumed), Is.EqualTo(Values.Of(whole)));
    }

    private static Adam.State[] States(Adam adam) => [.. adam.state_dict().State.Cast<Adam.State>()];

    private static float[] Gradient(int step) => Values.Draw(Start.Length, step);

    private static void AssertSameSteps(Parameter parameter, Adam adam, DoubleAdam expected)
    {
        for (var step = 1; step <= 5; step++)
        {
            Backward(parameter, step);
            adam.step();
            expected.Step(step);
        }

        // Five float32 steps from values up to 2: a rounding of 1.2e-7 each.
        Assert.That(Values.Doubles(parameter), Is.EqualTo(expected.Values).Within(1e-6));
    }

    private static void Backward(Parameter parameter, int step)
    {
        using var scope = NewDisposeScope();
        parameter.grad = null;
        (parameter * Values.Vector(Gradient(step))).sum().backward();
    }

    private sealed class DoubleAdam(float[] start, double lr, double beta1, double beta2, double eps, double decay = 0)
    {
        private readonly double[] _mean = new double[start.Length], _square = new double[start.Length];

        public double[] Values { get; } = Array.ConvertAll(start, v => (double)v);

        public void Step(int step)
        {
            var gradient = Gradient(step);
            for (var i = 0; i < Values.Length; i++)
            {
                var g = gradient[i] + decay * Values[i];
                _mean[i] = beta1 * _mean[i] + (1 - beta1) * g;
                _square[i] = beta2 * _square[i] + (1 - beta2) * g * g;
                var (mean, square) = (_mean[i] / (1 - Math.Pow(beta1, step)), _square[i] / (1 - Math.Pow(beta2, step)));
                Values[i] -= lr * mean / (Math.Sqrt(square) + eps);
            }
        }
    }
}
