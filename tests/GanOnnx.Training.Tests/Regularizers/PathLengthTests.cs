using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Regularizers;

public sealed class PathLengthTests
{
    [Test]
    public void Mean_value_and_gradient_of_two_steps_are_PyTorchs()
    {
        using var scope = NewDisposeScope();
        using var regularizer = new PathLength(CPU);
        manual_seed(6);
        for (var step = 1; step <= 2; step++)
        {
            var matrix = Matrix();
            var penalty = regularizer.Penalty(Batch(step, matrix));
            penalty.backward();
            PyTorch.Check($"path-length {step}", regularizer.State.Single().Value, penalty, PyTorch.Sums(matrix.grad!));
        }
    }

    [Test]
    public void Restored_state_continues_to_the_bit()
    {
        using var scope = NewDisposeScope();
        using var first = new PathLength(CPU);
        using var second = new PathLength(CPU);
        first.Penalty(Batch(1, Matrix()));
        foreach (var ((name, target), (sourceName, source)) in second.State.Zip(first.State))
        {
            Assert.That(name, Is.EqualTo(sourceName));
            target.copy_(source);
        }

        float Next(PathLength regularizer)
        {
            manual_seed(9);
            return regularizer.Penalty(Batch(2, Matrix())).item<float>();
        }
        Assert.That(Next(second), Is.EqualTo(Next(first)));
    }

    [Test]
    public void State_outlives_the_scope_it_was_made_and_changed_in()
    {
        PathLength regularizer;
        using (NewDisposeScope())
        {
            regularizer = new PathLength(CPU);
            regularizer.Penalty(Batch(1, Matrix()));
        }
        Assert.That(regularizer.State.Single().Value.item<float>(), Is.GreaterThan(0));
        regularizer.Dispose();
    }

    [Test]
    public void Penalty_of_images_that_were_not_made_from_the_styles_is_refused()
    {
        using var scope = NewDisposeScope();
        using var regularizer = new PathLength(CPU);
        Assert.That(() => regularizer.Penalty(Of(new(ones(2, 1, 4, 4), ones([2, 3, 5], requires_grad: true)))),
            Throws.ArgumentException.With.Message.StartsWith(
                "Path length needs images [N, C, H, W] with the graph of their styles [N, L, D]"));
    }

    private static Tensor Matrix() => Waves.Wave([8, 32], 4, 0.5).requires_grad_();

    private static GeneratorBatch Of(StyleBatch batch) => new(1, 1, CPU, latents => latents) { Styles = () => batch };

    private static GeneratorBatch Batch(int seed, Tensor matrix)
    {
        var styles = Waves.Wave([3, 2, 4], seed).requires_grad_();
        return Of(new(styles.flatten(1).matmul(matrix).tanh().reshape(3, 2, 4, 4), styles));
    }
}
