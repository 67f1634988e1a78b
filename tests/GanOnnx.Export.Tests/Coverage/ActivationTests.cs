using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

public sealed class ActivationTests : CoverageFixture
{
    private static IEnumerable<ModuleCase> Cases() => [.. Pointwise(), .. Rectified(), .. AlongAnAxis()];

    private static IEnumerable<ModuleCase> Pointwise()
    {
        yield return Of("GELU", () => GELU());
        yield return Of("GELU in place", () => GELU(inplace: true));
        yield return Of("Hardshrink", () => Hardshrink());
        yield return Of("Hardshrink 1.5", () => Hardshrink(1.5));
        yield return Of("Hardsigmoid", () => Hardsigmoid());
        yield return Of("Hardswish", () => Hardswish());
        yield return Of("Hardswish in place", () => Hardswish(inplace: true));
        yield return Of("Hardtanh", () => Hardtanh());
        yield return Of("Hardtanh from -0.5 to 2", () => Hardtanh(-0.5, 2, inplace: true));
        yield return Of("LogSigmoid", () => LogSigmoid());
        yield return Of("Mish", () => Mish());
        yield return Of("Mish in place", () => Mish(inplace: true));
        yield return Of("Sigmoid", () => Sigmoid());
        yield return Of("SiLU", () => SiLU());
        yield return Of("SiLU in place", () => SiLU(inplace: true));
        yield return Of("Softplus", () => Softplus());
        yield return Of("Softplus with beta", () => Softplus(beta: 2.5));
        yield return Of("Softplus with a low threshold", () => Softplus(beta: 0.5, threshold: 1));
        yield return Of("Softshrink", () => Softshrink());
        yield return Of("Softshrink 1.5", () => Softshrink(1.5));
        yield return Of("Softsign", () => Softsign());
        yield return Of("Softsign in place", () => Softsign(inplace: true));
        yield return Of("Tanh", () => Tanh());
        yield return Of("Tanhshrink", () => Tanhshrink());
        yield return Of("Threshold", () => Threshold(0.5, -2));
        yield return Of("Threshold in place", () => Threshold(0.5, -2, inplace: true));
    }

    private static IEnumerable<ModuleCase> Rectified()
    {
        yield return Of("CELU", () => CELU());
        yield return Of("CELU 0.3", () => CELU(0.3, inplace: true));
        yield return Of("ELU", () => ELU());
        yield return Of("ELU 0.3", () => ELU(0.3, inplace: true));
        yield return Of("LeakyReLU", () => LeakyReLU(0.2));
        yield return Of("PReLU", () => PReLU(1));
        yield return Of("PReLU by channel", () => PReLU(3));
        yield return new("PReLU by channel of features", () => PReLU(3), [3]) { Scale = 4 };
        yield return new("PReLU by channel of signals", () => PReLU(3), [3, 5]) { Scale = 4, Open = [[3, 7]] };
        yield return Of("ReLU", () => ReLU());
        yield return Of("ReLU6", () => ReLU6()) with { Scale = 10 };
        yield return Of("ReLU6 in place", () => ReLU6(inplace: true)) with { Scale = 10 };
        yield return Of("RReLU", () => RReLU());
        yield return Of("RReLU from 0.3 to 0.7", () => RReLU(0.3, 0.7));
        yield return Of("SELU", () => SELU());
        yield return Of("SELU in place", () => SELU(inplace: true));
    }

    private static IEnumerable<ModuleCase> AlongAnAxis()
    {
        foreach (var axis in new long[] { 1, 2, -1 })
        {
            yield return Of($"Softmax along {axis}", () => Softmax(axis));
            yield return Of($"LogSoftmax along {axis}", () => LogSoftmax(axis));
            yield return Of($"Softmin along {axis}", () => Softmin(axis));
            yield return new($"GLU along {axis}", () => GLU(axis), [4, 6, 8]) { Open = [[4, 10, 2]] };
        }
        yield return Of("Softmax2d", () => Softmax2d());
    }

    private static ModuleCase Of(string name, Func<Module> create) => new(name, create, [3, 4, 5]) { Scale = 4, Open = [[3, 6, 7]] };

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) => AssertSame(module);
}
