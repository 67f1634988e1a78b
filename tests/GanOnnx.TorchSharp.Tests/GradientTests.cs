using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>
/// Gradients of Σ weight·output by the input and every parameter, against central finite differences. The outputs are
/// float32, summed in double: with a step of 1e-2 rounding leaves about 1e-5 and the cut-off term about 1e-4, hence 2e-3.
/// </summary>
public sealed class GradientTests
{
    private const float Step = 1e-2f;
    private const double Tolerance = 2e-3;

    private static IEnumerable<TestCaseData> Modules()
    {
        yield return Of("Linear", () => Linear(3, 4), [2, 3]);
        yield return Of("Linear without bias", () => Linear(3, 4, false), [2, 3]);
        yield return Of("Conv2d", () => Conv2d(2, 3, 3, 2, 1), [2, 2, 5, 4]);
        yield return Of("Conv2d in groups, dilated", () => Conv2d(4, 2, 2, 1, 1, 2, groups: 2, bias: false), [1, 4, 4, 3]);
        yield return Of("ConvTranspose2d", () => ConvTranspose2d(2, 3, 4, 2, 1), [2, 2, 3, 2]);
        yield return Of("ConvTranspose2d in groups, padded", () => ConvTranspose2d(4, 2, 3, 2, 1, 1, groups: 2), [1, 4, 2, 2]);
        yield return Of("BatchNorm2d in training", () => BatchNorm2d(2), [3, 2, 2, 2]);
        yield return Of("BatchNorm2d in evaluation", () => Evaluated(BatchNorm2d(2)), [3, 2, 2, 2]);
        yield return Of("Conv1d, circular", () => Conv1d(2, 3, 3, padding: 1, padding_mode: PaddingModes.Circular), [2, 2, 5]);
        yield return Of("Conv3d, same", () => Conv3d(1, 2, 2, Padding.Same), [1, 1, 2, 3, 2]);
        yield return Of("ConvTranspose1d", () => ConvTranspose1d(2, 3, 3, 2, output_padding: 1), [2, 2, 3]);
        yield return Of("LayerNorm", () => LayerNorm(5), [3, 5]);
        yield return Of("GroupNorm", () => GroupNorm(2, 4), [2, 4, 3]);
        yield return Of("InstanceNorm2d", () => InstanceNorm2d(2, affine: true), [2, 2, 3, 2]);
        yield return Of("PReLU", () => PReLU(2), [3, 2, 2]);
        yield return Of("Upsample", () => Upsample([4, 5], mode: UpsampleMode.Bilinear, align_corners: true), [1, 2, 3, 3]);
        yield return Of("AvgPool2d", () => AvgPool2d(3, 2, 1, ceil_mode: true), [1, 2, 4, 4]);
        yield return Of("ReLU", () => ReLU(), [2, 5]);
        yield return Of("LeakyReLU", () => LeakyReLU(0.2), [2, 5]);
        yield return Of("Tanh", () => Tanh(), [2, 5]);
        yield return Of("Sigmoid", () => Sigmoid(), [2, 5]);
        yield return Of("Flatten", () => nn.Flatten(), [2, 2, 3]);
        yield return Of("Unflatten", () => nn.Unflatten(1, [2, 3]), [2, 6]);
        yield return Of("Identity", () => Identity(), [2, 3]);
        yield return Of("Sequential with in-place activations",
            () => Sequential(Linear(3, 4), LeakyReLU(0.2, inplace: true), Linear(4, 2), Tanh(inplace: true)), [2, 3]);

        static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> create, long[] shape) =>
            new TestCaseData(create, shape).SetArgDisplayNames(name);
    }

    private static Module<Tensor, Tensor> Evaluated(Module<Tensor, Tensor> module)
    {
        module.eval();
        return module;
    }

    [TestCaseSource(nameof(Modules))]
    public void Backward_GivesTheGradientByTheInput(Func<Module<Tensor, Tensor>> create, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var module = create().WithDrawnWeights();
        var values = Values.Draw(Values.Count(shape), 1);
        var input = tensor(values, shape, requires_grad: true);

        Weighted(module.call(input)).backward();

        Assert.That(Values.Doubles(input.grad!), Is.EqualTo(Differences(values, v => Loss(module, v, shape))).Within(Tolerance));
    }

    [TestCaseSource(nameof(Modules))]
    public void Backward_GivesTheGradientByEachParameter(Func<Module<Tensor, Tensor>> create, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var module = create().WithDrawnWeights();
        var values = Values.Draw(Values.Count(shape), 1);

        if (module.parameters().Any())
            Weighted(module.call(tensor(values, shape))).backward();

        foreach (var (name, parameter) in module.named_parameters())
        {
            var numeric = Differences(Values.Of(parameter), v =>
            {
                Values.Set(parameter, v);
                return Loss(module, values, shape);
            });
            Assert.That(Values.Doubles(parameter.grad!), Is.EqualTo(numeric).Within(Tolerance), name);
        }
    }

    private static Tensor Weighted(Tensor output) => (output * Values.Draw(output.shape, 7)).sum();

    private static double Loss(Module<Tensor, Tensor> module, float[] input, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var output = module.call(tensor(input, shape));
        return Values.Doubles(output).Zip(Values.Draw(output.numel(), 7), (value, weight) => value * weight).Sum();
    }

    private static double[] Differences(float[] at, Func<float[], double> function)
    {
        var result = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var (up, down) = (at.ToArray(), at.ToArray());
            (up[i], down[i]) = (at[i] + Step, at[i] - Step);
            result[i] = (function(up) - function(down)) / ((double)up[i] - down[i]);
        }
        function(at);
        return result;
    }
}
