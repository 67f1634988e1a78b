using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>Factories, memory, types and the operators that are no layer.</summary>
public sealed class TensorTests
{
    [Test]
    public void Tensor_OfFloats_HasShapeTypeAndRowMajorOrder()
    {
        using var t = tensor([1f, 2, 3, 4, 5, 6], [2, 3]);

        Assert.That(t.shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(t.dtype, Is.EqualTo(float32));
        Assert.That((t.ndim, t.numel(), t.device_type, t.requires_grad), Is.EqualTo((2L, 6L, DeviceType.CPU, false)));
        Assert.That(t.data<float>()[1, 0], Is.EqualTo(4));
    }

    [Test]
    public void Tensor_OfLongs_IsInt64()
    {
        using var t = tensor(new[] { long.MaxValue, -1 }, [2]);

        Assert.That(t.dtype, Is.EqualTo(int64));
        Assert.That(t.data<long>().ToArray(), Is.EqualTo(new[] { long.MaxValue, -1 }));
    }

    [Test]
    public void Tensor_OfBytes_IsUInt8()
    {
        using var t = tensor(new byte[] { 0, 255 }, [2]);

        Assert.That(t.dtype, Is.EqualTo(uint8));
        Assert.That(t.data<byte>().ToArray(), Is.EqualTo(new byte[] { 0, 255 }));
    }

    [Test]
    public void Tensor_OfAScalar_HasNoAxes()
    {
        using var number = tensor(2.5f);
        using var count = tensor(3L);

        Assert.That((number.ndim, number.item<float>(), number.dtype), Is.EqualTo((0L, 2.5f, float32)));
        Assert.That((count.ndim, count.item<long>(), count.dtype), Is.EqualTo((0L, 3L, int64)));
    }

    [Test]
    public void Tensor_OfAnArray_CopiesIt()
    {
        var values = new[] { 1f, 2 };
        using var t = tensor(values, [2]);

        values[0] = 9;

        Assert.That(Values.Of(t), Is.EqualTo(new[] { 1f, 2 }));
    }

    [Test]
    public void Tensor_WithRequiresGrad_IsALeafThatRequiresOne()
    {
        using var t = tensor([1f], [1], requires_grad: true);

        Assert.That((t.requires_grad, t.is_leaf), Is.EqualTo((true, true)));
    }

    [Test]
    public void ZerosOnesEmpty_HaveTheirShapeAndType()
    {
        using var scope = NewDisposeScope();

        Assert.That(Values.Of(zeros([2, 2])), Is.EqualTo(new float[4]));
        Assert.That(Values.Of(ones([3])), Is.EqualTo(new[] { 1f, 1, 1 }));
        Assert.That(ones([2], int64).data<long>().ToArray(), Is.EqualTo(new[] { 1L, 1 }));
        Assert.That(empty([2, 0, 3], uint8).shape, Is.EqualTo(new[] { 2, 0, 3 }));
        Assert.That(zeros_like(ones([2, 1], float64)).dtype, Is.EqualTo(float64));
    }

    [Test]
    public void Bytes_AreTheTensorsMemory()
    {
        using var t = tensor([1f, 2], [2]);

        BitConverter.TryWriteBytes(t.bytes[4..], 7f);

        Assert.That(Values.Of(t), Is.EqualTo(new[] { 1f, 7 }));
        Assert.That(t.bytes.Length, Is.EqualTo(8));
    }

    [Test]
    public void Bytes_Set_FillTheTensor()
    {
        using var t = empty([2], uint8);

        t.bytes = new byte[] { 3, 4 };

        Assert.That(t.data<byte>().ToArray(), Is.EqualTo(new byte[] { 3, 4 }));
    }

    [Test]
    public void Bytes_SetToAnotherLength_Throws()
    {
        using var t = empty([2], uint8);

        Assert.That(() => t.bytes = new byte[3], Throws.ArgumentException);
    }

    [Test]
    public void Bytes_OfATensorThatIsNotContiguous_Throws()
    {
        using var scope = NewDisposeScope();
        var t = Values.Draw([2, 3], 1).permute(1, 0);

        Assert.That(t.is_contiguous(), Is.False);
        Assert.That(() => t.bytes.Length, Throws.InvalidOperationException);
    }

    [Test]
    public void Data_OfATensorThatIsNotContiguous_FollowsItsShape()
    {
        using var scope = NewDisposeScope();
        var t = tensor([1f, 2, 3, 4, 5, 6], [2, 3]).permute(1, 0);

        Assert.That(t.data<float>().ToArray(), Is.EqualTo(new[] { 1f, 4, 2, 5, 3, 6 }));
        Assert.That(t.contiguous().bytes.Length, Is.EqualTo(24));
    }

    [Test]
    public void Data_OfAnotherType_Throws()
    {
        using var t = ones([2]);

        Assert.That(() => t.data<double>(), Throws.ArgumentException);
    }

    [Test]
    public void Item_OfSeveralElements_Throws()
    {
        using var t = ones([2]);

        Assert.That(() => t.item<float>(), Throws.ArgumentException);
    }

    [Test]
    public void To_AnotherType_Converts()
    {
        using var scope = NewDisposeScope();

        Assert.That(Values.Vector(1.9f, -1.9f).to(int64).data<long>().ToArray(), Is.EqualTo(new[] { 1L, -1 }), "towards zero");
        Assert.That(Values.Of(tensor(new byte[] { 0, 255 }, [2]).to(float32)), Is.EqualTo(new[] { 0f, 255 }));
        Assert.That(Values.Vector(0.1f).to(float64).data<double>().ToArray(), Is.EqualTo(new[] { (double)0.1f }));
        Assert.That(Values.Vector(2.5f).ToDouble(), Is.EqualTo(2.5));
    }

    [Test]
    public void To_DisposeAfter_DisposesTheSource()
    {
        using var scope = NewDisposeScope();
        var source = ones([1], uint8);

        source.to(float32, disposeAfter: true);

        Assert.That(source.IsInvalid, Is.True);
    }

    [Test]
    public void To_TheSameDevice_KeepsTheValues()
    {
        using var scope = NewDisposeScope();

        Assert.That(Values.Of(Values.Vector(1, 2).to(CPU).cpu()), Is.EqualTo(new[] { 1f, 2 }));
    }

    private static IEnumerable<TestCaseData> ElementWise()
    {
        yield return Of("x + 2", x => x + 2, x => x + 2);
        yield return Of("x - 2", x => x - 2, x => x - 2);
        yield return Of("x * 2", x => x * 2, x => x * 2);
        yield return Of("2 * x", x => 2 * x, x => x * 2);
        yield return Of("x / 4", x => x / 4, x => x / 4);
        yield return Of("-x", x => -x, x => -x);
        yield return Of("x + x", x => x + x, x => 2 * x);
        yield return Of("x - tanh x", x => x - x.tanh(), x => x - Math.Tanh(x));
        yield return Of("x * tanh x", x => x * x.tanh(), x => x * Math.Tanh(x));
        yield return Of("x / sigmoid x", x => x / x.sigmoid(), x => x * (1 + Math.Exp(-x)));
        yield return Of("|x|", x => x.abs(), Math.Abs);
        yield return Of("√|x|", x => x.abs().sqrt(), x => Math.Sqrt(Math.Abs(x)));
        yield return Of("x²", x => x.square(), x => x * x);
        yield return Of("x³", x => x.pow(3), x => x * x * x);
        yield return Of("relu", x => x.relu(), x => Math.Max(0, x));
        yield return Of("leaky relu", x => x.leaky_relu(0.2), x => Math.Max(0.2 * x, x));
        yield return Of("softplus", x => nn.functional.softplus(x), x => Math.Log(1 + Math.Exp(x)));
        yield return Of("add with factor", x => x.add(x.square(), 0.5), x => x + 0.5 * x * x);
        yield return Of("add_", x => x.clone().add_(x, 0.5), x => 1.5 * x);
        yield return Of("sub_", x => x.clone().sub_(3), x => x - 3);
        yield return Of("mul_", x => x.clone().mul_(x), x => x * x);
        yield return Of("lerp_", x => x.clone().lerp_(x.square(), tensor(0.25f)), x => x + 0.25 * (x * x - x));
        yield return Of("addcmul_", x => x.clone().addcmul_(x, x, 0.5), x => x + 0.5 * x * x);
        yield return Of("addcdiv_", x => x.clone().addcdiv_(x, x.square() + 1, -0.5), x => x - 0.5 * x / (x * x + 1));

        static TestCaseData Of(string name, Func<Tensor, Tensor> operation, Func<double, double> function) =>
            new TestCaseData(operation, function).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(ElementWise))]
    public void Operation_OnEachElement_IsItsFunction(Func<Tensor, Tensor> operation, Func<double, double> function)
    {
        using var scope = NewDisposeScope();
        float[] values = [-3, -0.5f, 0.25f, 1, 4];

        Assert.That(Values.Doubles(operation(Values.Vector(values))), Is.EqualTo(values.Select(v => function(v))).Within(1e-5),
            "values up to 230 in float32");
    }

    private static IEnumerable<TestCaseData> WholeTensor()
    {
        yield return Of("sum", x => x.sum(), 9);
        yield return Of("mean", x => x.mean(), 1.5);
        yield return Of("max", x => x.max(), 7);

        static TestCaseData Of(string name, Func<Tensor, Tensor> operation, double result) =>
            new TestCaseData(operation, result).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(WholeTensor))]
    public void Reduction_IsAScalar(Func<Tensor, Tensor> operation, double expected)
    {
        using var scope = NewDisposeScope();
        var result = operation(tensor([1f, -2, 3, -4, 4, 7], [2, 3]));

        Assert.That((result.ndim, result.ToDouble()), Is.EqualTo((0L, expected)));
    }

    [TestCase(1f, true)]
    [TestCase(float.NaN, false)]
    [TestCase(float.PositiveInfinity, false)]
    public void IsFiniteAll_FindsWhatIsNot(float value, bool expected)
    {
        using var scope = NewDisposeScope();

        Assert.That(Values.Vector(1, value).isfinite().all().item<bool>(), Is.EqualTo(expected));
    }

    [Test]
    public void Addition_OfDifferentShapes_Broadcasts()
    {
        using var scope = NewDisposeScope();

        Assert.That(Values.Of(tensor([1f, 2], [2, 1]) + Values.Vector(10, 20)), Is.EqualTo(new[] { 11f, 21, 12, 22 }));
    }

    [Test]
    public void Cat_JoinsAlongAnAxis()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tensor([1f, 2], [2, 1]), tensor([3f, 4], [2, 1]));

        Assert.That(Values.Of(cat([a, b])), Is.EqualTo(new[] { 1f, 2, 3, 4 }));
        Assert.That(Values.Of(cat([a, b], 1)), Is.EqualTo(new[] { 1f, 3, 2, 4 }));
    }

    [Test]
    public void IndexSelect_TakesRows()
    {
        using var scope = NewDisposeScope();
        var rows = tensor([1f, 2, 3, 4, 5, 6], [3, 2]).index_select(0, tensor(new[] { 2L, 0 }, [2]));

        Assert.That(Values.Of(rows), Is.EqualTo(new[] { 5f, 6, 1, 2 }));
    }

    [Test]
    public void ViewReshape_KeepTheOrder()
    {
        using var scope = NewDisposeScope();
        var t = tensor([1f, 2, 3, 4, 5, 6], [2, 3]);

        Assert.That(t.view(3, -1).shape, Is.EqualTo(new[] { 3, 2 }));
        Assert.That(Values.Of(t.permute(1, 0).reshape(6)), Is.EqualTo(new[] { 1f, 4, 2, 5, 3, 6 }));
    }

    [Test]
    public void View_SharesTheMemoryAndCloneDoesNot()
    {
        using var scope = NewDisposeScope();
        var t = zeros([2]);
        var (view, clone) = (t.view(2, 1), t.clone());

        t.add_(1);

        Assert.That(Values.Of(view), Is.EqualTo(new[] { 1f, 1 }));
        Assert.That(Values.Of(clone), Is.EqualTo(new[] { 0f, 0 }));
    }

    private static IEnumerable<TestCaseData> InPlace()
    {
        yield return Of("copy_", x => x.copy_(ones([2])));
        yield return Of("add_ of a tensor", x => x.add_(ones([2])));
        yield return Of("add_ of a number", x => x.add_(1));
        yield return Of("sub_", x => x.sub_(-1));
        yield return Of("lerp_", x => x.lerp_(ones([2]), ones([2])));
        yield return Of("addcmul_", x => x.addcmul_(ones([2]), ones([2]), 1));
        yield return Of("addcdiv_", x => x.addcdiv_(ones([2]), ones([2]), 1));
        yield return Of("constant_", x => nn.init.constant_(x, 1));

        static TestCaseData Of(string name, Func<Tensor, Tensor> operation) => new TestCaseData(operation).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(InPlace))]
    public void InPlaceOperation_ChangesAndReturnsItsTensor(Func<Tensor, Tensor> operation)
    {
        using var scope = NewDisposeScope();
        var t = zeros([2]);

        Assert.That(operation(t), Is.SameAs(t));
        Assert.That(Values.Of(t), Is.EqualTo(new[] { 1f, 1 }));
    }

    [Test]
    public void Copy_WithConversion_ChangesTheTargetsValues()
    {
        using var scope = NewDisposeScope();
        var target = zeros([2]);

        target.copy_(tensor(new[] { 1L, 2 }, [2]));

        Assert.That(Values.Of(target), Is.EqualTo(new[] { 1f, 2 }));
    }

    [Test]
    public void InitNormal_HasItsMeanAndDeviation()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var values = Values.Doubles(nn.init.normal_(empty([10_000]), 3, 0.5));

        // Four standard errors of 10 000 draws: 4 · 0.5 / 100 and 4 · 0.5 / √20 000.
        Assert.That(values.Average(), Is.EqualTo(3).Within(0.02));
        Assert.That(Math.Sqrt(values.Sum(v => (v - 3) * (v - 3)) / values.Length), Is.EqualTo(0.5).Within(0.0142));
    }

    [Test]
    public void InitConstant_FillsAParameterThatRequiresGrad()
    {
        using var parameter = nn.Parameter(zeros([2]));
        using var _ = nn.init.constant_(parameter, 4);

        Assert.That(Values.Of(parameter), Is.EqualTo(new[] { 4f, 4 }));
        Assert.That(parameter.requires_grad, Is.True);
    }
}
