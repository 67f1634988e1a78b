using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tests;

/// <summary>
/// What our checks of shapes rely on: these native errors arrive as exceptions that can be caught. Those of Tensor.matmul and autograd.grad
/// end
/// the process, so nothing here calls them wrongly.
/// </summary>
public sealed class NativeErrorTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Of("shapes that don't broadcast", () => ones([2]) + ones([3]), "size of tensor");
        yield return Of("view of another size", () => ones([2]).view(3), "invalid for input of size 2");
        yield return Of("cat of other sizes", () => cat([ones([1, 2]), ones([1, 3])]), "Sizes of tensors must match");
        yield return Of("index out of range", () => ones([2]).index_select(0, tensor(new[] { 5L }, [1])), "out of range");
        yield return Of("copy of another shape", () => ones([2]).copy_(ones([3])), "must match");
        yield return Of("Linear of other features", () => Linear(3, 2).call(ones([1, 4])), "shapes cannot be multiplied");
        yield return Of("Unflatten into other sizes", () => nn.Unflatten(1, [2, 3]).call(ones([1, 5])), "");
        yield return Of("kernel larger than the image", () => Conv2d(1, 1, 3).call(ones([1, 1, 2, 2])), "Kernel size can't be greater");

        static TestCaseData Of(string name, Func<Tensor> mistake, string message) =>
            new TestCaseData(mistake, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Mistakes))]
    public void NativeError_IsAnExternalExceptionWithTorchsMessage(Func<Tensor> mistake, string message)
    {
        using var scope = NewDisposeScope();

        Assert.That(() => mistake(), Throws.TypeOf<ExternalException>().With.Message.Contains(message));
    }

    [Test]
    public void Backward_OfSeveralValues_IsAnExternalException()
    {
        using var scope = NewDisposeScope();
        var output = ones([2], requires_grad: true) * 2;

        Assert.That(() => output.backward(), Throws.TypeOf<ExternalException>().With.Message.Contains("scalar"));
    }

    [Test]
    public void Backward_Twice_IsAnExternalException()
    {
        using var scope = NewDisposeScope();
        var output = tensor([2f], [1], requires_grad: true).square().sum();
        output.backward();

        Assert.That(() => output.backward(), Throws.TypeOf<ExternalException>().With.Message.Contains("second time"));
    }

    [Test]
    public void InPlaceOperation_OnALeafThatRequiresGrad_IsAnExternalException()
    {
        using var leaf = tensor([2f], [1], requires_grad: true);

        Assert.That(() => leaf.add_(1), Throws.TypeOf<ExternalException>().With.Message.Contains("leaf"));
    }

    private static IEnumerable<TestCaseData> WrongInputs()
    {
        yield return Of("Conv2d of other channels", () => Conv2d(3, 1, 1), [1, 2, 4, 4]);
        yield return Of("Conv2d of two axes", () => Conv2d(3, 1, 1), [3, 4]);
        yield return Of("ConvTranspose2d of other channels", () => ConvTranspose2d(3, 1, 1), [1, 2, 4, 4]);
        yield return Of("BatchNorm2d of two axes", () => BatchNorm2d(3), [2, 3]);
        yield return Of("Unflatten counted from the end", () => nn.Unflatten(-1, [2, 2]), [1, 4]);
        yield return Of("Unflatten of an absent axis", () => nn.Unflatten(2, [2, 2]), [1, 4]);

        static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> create, long[] shape) =>
            new TestCaseData(create, shape).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(WrongInputs))]
    public void Module_InputOfAnotherShape_IsAnArgumentException(Func<Module<Tensor, Tensor>> create, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var module = create();

        Assert.That(() => module.call(ones(shape)), Throws.ArgumentException);
    }

    [Test]
    public void Error_LeavesTheThreadUsable()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => ones([2]) + ones([3]), Throws.TypeOf<ExternalException>());

        Assert.That((ones([2]) + ones([2])).data<float>().ToArray(), Is.EqualTo(new[] { 2f, 2 }));
    }
}
