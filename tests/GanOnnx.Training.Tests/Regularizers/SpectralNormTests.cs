using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Regularizers;

public sealed class SpectralNormTests
{
    [Test]
    public void Weights_vector_and_gradient_after_a_training_pass_are_PyTorchs()
    {
        using var scope = NewDisposeScope();
        var (weight, vector) = (Waves.Wave([4, 2, 3, 3], 3).requires_grad_(), Start(4));
        var normalized = SpectralNorm.Normalize(weight, vector, training: true);
        (normalized * Waves.Wave([4, 2, 3, 3], 7)).sum().backward();
        PyTorch.Check("spectral-norm", PyTorch.Sums(normalized), vector, PyTorch.Sums(weight.grad!));
    }

    [Test]
    public void Training_passes_find_the_largest_singular_value()
    {
        using var scope = NewDisposeScope();
        // diag(3, 2, 1) in a turned basis; the estimate's error shrinks by (2/3)² a pass.
        var turn = Turn(0.4);
        var weight = turn.matmul(tensor([3f, 0, 0, 0, 2, 0, 0, 0, 1], [3, 3]));
        var vector = Start(3);
        Tensor normalized = weight;
        for (var pass = 0; pass < 30; pass++)
            normalized = SpectralNorm.Normalize(weight, vector, training: true);
        Assert.That(Waves.Doubles(normalized * 3), Is.EqualTo(Waves.Doubles(weight)).Within(1e-5));
    }

    [Test]
    public void Evaluation_leaves_the_vector()
    {
        using var scope = NewDisposeScope();
        var vector = Start(4);
        SpectralNorm.Normalize(Waves.Wave([4, 2, 3, 3], 3), vector, training: false);
        Assert.That(Waves.Doubles(vector), Is.EqualTo(Waves.Doubles(Start(4))));
    }

    [Test]
    public void Two_passes_before_the_backward_pass_are_allowed()
    {
        using var scope = NewDisposeScope();
        var (weight, vector) = (Waves.Wave([4, 3], 3).requires_grad_(), Start(4));
        var first = SpectralNorm.Normalize(weight, vector, training: true).sum();
        var second = SpectralNorm.Normalize(weight, vector, training: true).sum();
        (first - second).backward();
        Assert.That(Waves.Doubles(weight.grad!), Has.Some.Not.Zero);
    }

    [Test]
    public void A_vector_of_another_length_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => SpectralNorm.Normalize(ones(4, 3), ones(3), training: true),
            Throws.ArgumentException.With.Message.StartsWith("Spectral normalization of weights [out, …] needs a vector [out]"));
    }

    private static Tensor Start(long length) => nn.functional.normalize(Waves.Wave([length], 5), dim: 0);

    private static Tensor Turn(double angle)
    {
        var (sin, cos) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
        return tensor([cos, -sin, 0, sin, cos, 0, 0, 0, 1], [3, 3]);
    }
}
