using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>Each layer against its definition in double precision; sums of at most 72 float32 products stay within 1e-5.</summary>
public sealed class LayerTests
{
    private const double Tolerance = 1e-5;

    [TestCase(1, 1, true)]
    [TestCase(5, 3, true)]
    [TestCase(5, 3, false)]
    public void Linear_IsTheWeightedSum(long inputs, long outputs, bool bias)
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(inputs, outputs, bias).WithDrawnWeights();
        var input = Values.Draw([4, inputs], 1);

        var output = layer.call(input);

        Assert.That(output.shape, Is.EqualTo(new[] { 4, outputs }));
        Assert.That(Values.Doubles(output), Is.EqualTo(Reference.Linear(layer, input)).Within(Tolerance));
    }

    // in, out, kernel, stride, padding, dilation, groups, bias, output's height, output's width
    [TestCase(1, 1, 1, 1, 0, 1, 1, true, 6, 5)]
    [TestCase(3, 4, 3, 1, 0, 1, 1, true, 4, 3)]
    [TestCase(3, 4, 3, 1, 1, 1, 1, false, 6, 5)]
    [TestCase(2, 4, 4, 2, 1, 1, 1, true, 3, 2)]
    [TestCase(2, 2, 3, 1, 2, 2, 1, true, 6, 5)]
    [TestCase(4, 6, 3, 2, 1, 1, 2, true, 3, 3)]
    [TestCase(4, 4, 3, 1, 1, 1, 4, false, 6, 5)]
    public void Conv2d_IsTheGatheredSum(long @in, long @out, long kernel, long stride, long padding, long dilation, long groups,
        bool bias, long height, long width)
    {
        using var scope = NewDisposeScope();
        using var layer = Conv2d(@in, @out, kernel, stride, padding, dilation, groups: groups, bias: bias).WithDrawnWeights();
        var input = Values.Draw([2, @in, 6, 5], 1);

        var output = layer.call(input);

        Assert.That(output.shape, Is.EqualTo(new[] { 2, @out, height, width }));
        Assert.That(Values.Doubles(output), Is.EqualTo(Reference.Conv(layer, input, output.shape)).Within(Tolerance));
    }

    // in, out, kernel, stride, padding, output padding, dilation, groups, bias, output's height, output's width
    [TestCase(1, 1, 1, 1, 0, 0, 1, 1, true, 4, 3)]
    [TestCase(3, 2, 3, 1, 0, 0, 1, 1, true, 6, 5)]
    [TestCase(3, 2, 4, 2, 1, 0, 1, 1, false, 8, 6)]
    [TestCase(2, 3, 3, 2, 1, 1, 1, 1, true, 8, 6)]
    [TestCase(2, 3, 3, 1, 1, 0, 2, 1, true, 6, 5)]
    [TestCase(4, 6, 4, 2, 1, 0, 1, 2, true, 8, 6)]
    public void ConvTranspose2d_IsTheScatteredSum(long @in, long @out, long kernel, long stride, long padding, long outputPadding,
        long dilation, long groups, bool bias, long height, long width)
    {
        using var scope = NewDisposeScope();
        using var layer = ConvTranspose2d(@in, @out, kernel, stride, padding, outputPadding, dilation, groups: groups, bias: bias)
            .WithDrawnWeights();
        var input = Values.Draw([2, @in, 4, 3], 1);

        var output = layer.call(input);

        Assert.That(output.shape, Is.EqualTo(new[] { 2, @out, height, width }));
        Assert.That(Values.Doubles(output), Is.EqualTo(Reference.ConvTranspose(layer, input, output.shape)).Within(Tolerance));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void BatchNorm2d_Training_NormalizesByTheBatch(bool affine)
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm2d(3, eps: 1e-3, affine: affine).WithDrawnWeights();
        var input = Values.Draw([4, 3, 2, 5], 1);
        var (mean, variance) = Reference.Moments(input, less: 0);

        Assert.That(Values.Doubles(layer.call(input)), Is.EqualTo(Reference.Normalize(layer, input, mean, variance)).Within(Tolerance));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void BatchNorm2d_Evaluation_NormalizesByTheRunningStatistics(bool affine)
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm2d(3, affine: affine).WithDrawnWeights();
        Values.Set(layer.running_mean!, [0.5f, -1, 2]);
        Values.Set(layer.running_var!, [0.25f, 4, 1]);
        layer.eval();
        var input = Values.Draw([4, 3, 2, 5], 1);

        Assert.That(Values.Doubles(layer.call(input)), Is.EqualTo(Reference.Normalize(layer, input, [0.5, -1, 2], [0.25, 4, 1])).Within(Tolerance));
    }

    [Test]
    public void BatchNorm2d_WithoutRunningStatistics_NormalizesByTheBatchInEvaluationToo()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm2d(3, track_running_stats: false).WithDrawnWeights();
        layer.eval();
        var input = Values.Draw([4, 3, 2, 5], 1);
        var (mean, variance) = Reference.Moments(input, less: 0);

        Assert.That(layer.running_mean, Is.Null);
        Assert.That(Values.Doubles(layer.call(input)), Is.EqualTo(Reference.Normalize(layer, input, mean, variance)).Within(Tolerance));
    }

    [Test]
    public void BatchNorm2d_Training_MovesTheRunningStatisticsByTheMomentum()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm2d(2, momentum: 0.25);
        double[] mean = [0, 0], variance = [1, 1];
        foreach (var seed in new[] { 1, 2 })
        {
            var input = Values.Draw([4, 2, 3, 3], seed);
            layer.call(input);
            var (batchMean, batchVariance) = Reference.Moments(input, less: 1);
            mean = [.. mean.Zip(batchMean, (old, now) => 0.75 * old + 0.25 * now)];
            variance = [.. variance.Zip(batchVariance, (old, now) => 0.75 * old + 0.25 * now)];
        }

        Assert.That(Values.Doubles(layer.running_mean!), Is.EqualTo(mean).Within(Tolerance));
        Assert.That(Values.Doubles(layer.running_var!), Is.EqualTo(variance).Within(Tolerance));
        Assert.That(layer.num_batches_tracked!.item<long>(), Is.EqualTo(2));
    }

    [Test]
    public void BatchNorm2d_Evaluation_LeavesTheRunningStatisticsAlone()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm2d(2);
        layer.eval();

        layer.call(Values.Draw([4, 2, 3, 3], 1));

        Assert.That(Values.Of(layer.running_mean!), Is.EqualTo(new[] { 0f, 0 }));
        Assert.That(Values.Of(layer.running_var!), Is.EqualTo(new[] { 1f, 1 }));
        Assert.That(layer.num_batches_tracked!.item<long>(), Is.Zero);
    }

    private static IEnumerable<TestCaseData> Activations()
    {
        yield return Of("ReLU", () => ReLU(), x => Math.Max(0, x));
        yield return Of("ReLU in place", () => ReLU(inplace: true), x => Math.Max(0, x));
        yield return Of("LeakyReLU", () => LeakyReLU(), x => x < 0 ? 0.01 * x : x);
        yield return Of("LeakyReLU 0.2", () => LeakyReLU(0.2), x => x < 0 ? 0.2 * x : x);
        yield return Of("LeakyReLU 0.2 in place", () => LeakyReLU(0.2, inplace: true), x => x < 0 ? 0.2 * x : x);
        yield return Of("Tanh", () => Tanh(), Math.Tanh);
        yield return Of("Tanh in place", () => Tanh(inplace: true), Math.Tanh);
        yield return Of("Sigmoid", () => Sigmoid(), x => 1 / (1 + Math.Exp(-x)));
        yield return Of("Identity", () => Identity(), x => x);

        static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> module, Func<double, double> function) =>
            new TestCaseData(module, function).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Activations))]
    public void Activation_IsItsFunction(Func<Module<Tensor, Tensor>> create, Func<double, double> function)
    {
        using var scope = NewDisposeScope();
        using var module = create();
        float[] values = [-90, -2, -0.5f, 0, 0.5f, 2, 90];

        var output = module.call(Values.Vector(values));

        Assert.That(Values.Doubles(output), Is.EqualTo(values.Select(v => function(v))).Within(1e-6), "one rounding of float32");
    }

    [TestCase(1, -1, new long[] { 2, 60 })]
    [TestCase(0, -1, new long[] { 120 })]
    [TestCase(1, 2, new long[] { 2, 12, 5 })]
    [TestCase(-2, -1, new long[] { 2, 3, 20 })]
    [TestCase(2, 2, new long[] { 2, 3, 4, 5 })]
    public void Flatten_JoinsAxesAndKeepsTheOrder(long start, long end, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var module = nn.Flatten(start, end);
        var input = Values.Draw([2, 3, 4, 5], 1);

        var output = module.call(input);

        Assert.That(output.shape, Is.EqualTo(shape));
        Assert.That(Values.Of(output), Is.EqualTo(Values.Of(input)));
    }

    [TestCase(1, new long[] { 3, 4 }, new long[] { 2, 3, 4, 5 })]
    [TestCase(1, new long[] { 3, 2, 2 }, new long[] { 2, 3, 2, 2, 5 })]
    [TestCase(1, new long[] { -1, 4 }, new long[] { 2, 3, 4, 5 })]
    [TestCase(2, new long[] { 5, 1 }, new long[] { 2, 12, 5, 1 })]
    public void Unflatten_SplitsAnAxisAndKeepsTheOrder(long axis, long[] sizes, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var module = nn.Unflatten(axis, sizes);
        var input = Values.Draw([2, 12, 5], 1);

        var output = module.call(input);

        Assert.That(output.shape, Is.EqualTo(shape));
        Assert.That(Values.Of(output), Is.EqualTo(Values.Of(input)));
    }

    [Test]
    public void Sequential_IsItsModulesOneAfterTheOther()
    {
        using var scope = NewDisposeScope();
        using var first = Linear(3, 4).WithDrawnWeights();
        using var second = Linear(4, 2).WithDrawnWeights();
        using var sequential = Sequential(first, Tanh()).append(second);
        var input = Values.Draw([2, 3], 1);

        Assert.That(Values.Of(sequential.call(input)), Is.EqualTo(Values.Of(second.call(first.call(input).tanh()))));
        Assert.That(input.IsInvalid, Is.False, "the caller's input is not disposed");
    }

    [Test]
    public void Sequential_OfNothing_PassesItsInputOn()
    {
        using var scope = NewDisposeScope();
        using var sequential = Sequential(Array.Empty<Module<Tensor, Tensor>>());

        Assert.That(Values.Of(sequential.call(Values.Vector(1, 2))), Is.EqualTo(new[] { 1f, 2 }));
    }

    private static IEnumerable<TestCaseData> Weighted()
    {
        yield return Of("Linear", () => Linear(24, 7), 24);
        yield return Of("Conv2d", () => Conv2d(6, 4, 2), 24);
        yield return Of("ConvTranspose2d", () => ConvTranspose2d(4, 6, 2), 24);

        static TestCaseData Of(string name, Func<Module> create, long fanIn) => new TestCaseData(create, fanIn).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Weighted))]
    public void FirstWeights_AreUniformWithinOneByTheRootOfTheFanIn(Func<Module> create, long fanIn)
    {
        manual_seed(3);
        using var module = create();
        var bound = 1 / Math.Sqrt(fanIn);

        var values = module.parameters().SelectMany(Values.Of).ToArray();

        Assert.That(values, Is.All.InRange(-bound, bound));
        Assert.That(values.Max(), Is.GreaterThan(0.9 * bound), "of 100 uniform values one is in the last twentieth, but for 1 in 150 seeds");
        Assert.That(values.Min(), Is.LessThan(-0.9 * bound));
    }

    [TestCaseSource(nameof(Weighted))]
    public void FirstWeights_OfOneSeedAreTheSame(Func<Module> create, long _)
    {
        manual_seed(3);
        using var first = create();
        using var other = create();
        manual_seed(3);
        using var second = create();

        var weights = first.parameters().SelectMany(Values.Of).ToArray();

        Assert.That(second.parameters().SelectMany(Values.Of), Is.EqualTo(weights));
        Assert.That(other.parameters().SelectMany(Values.Of), Is.Not.EqualTo(weights));
    }
}
