using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.TorchSharp.Tests;

public sealed class GradientClippingTests
{
    [Test]
    public void ClipGradNorm_AboveTheLimit_ScalesAllGradientsTogether()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (WithGradient(3), WithGradient(0, 4));

        var norm = nn.utils.clip_grad_norm_([first, second], 2.5);

        Assert.That(norm, Is.EqualTo(5).Within(1e-6));
        Assert.That(Values.Of(first.grad!).Concat(Values.Of(second.grad!)), Is.EqualTo(new[] { 1.5f, 0, 2 }).Within(1e-5));
    }

    [Test]
    public void ClipGradNorm_BelowTheLimit_LeavesThem()
    {
        using var scope = NewDisposeScope();
        var parameter = WithGradient(3, 4);

        Assert.That(nn.utils.clip_grad_norm_([parameter], 6), Is.EqualTo(5).Within(1e-6));
        Assert.That(Values.Of(parameter.grad!), Is.EqualTo(new[] { 3f, 4 }));
    }

    [Test]
    public void ClipGradNorm_OfTheLargest_ScalesByIt()
    {
        using var scope = NewDisposeScope();
        var parameter = WithGradient(3, -4);

        Assert.That(nn.utils.clip_grad_norm_([parameter], 2, double.PositiveInfinity), Is.EqualTo(4).Within(1e-6));
        Assert.That(Values.Of(parameter.grad!), Is.EqualTo(new[] { 1.5f, -2 }).Within(1e-5));
    }

    [Test]
    public void ClipGradNorm_WithoutGradients_IsZero()
    {
        using var parameter = new Parameter(ones(2));

        Assert.That(nn.utils.clip_grad_norm_([parameter], 1), Is.Zero);
    }

    private static Parameter WithGradient(params float[] gradient)
    {
        var parameter = new Parameter(zeros(gradient.Length));
        (parameter * Values.Vector(gradient)).sum().backward();
        return parameter;
    }
}
