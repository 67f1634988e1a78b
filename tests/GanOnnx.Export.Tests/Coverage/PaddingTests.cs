using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

public sealed class PaddingTests : CoverageFixture
{
    private static IEnumerable<ModuleCase> Cases()
    {
        yield return Signal("ConstantPad1d", () => ConstantPad1d((1, 2), 0.5));
        yield return new("ConstantPad1d of features", () => ConstantPad1d((1, 2), 0.5), [4]);
        yield return Image("ConstantPad2d", () => ConstantPad2d((1, 2, 0, 3), -0.5));
        yield return Image("ConstantPad2d that crops", () => ConstantPad2d((-1, 2, 0, -2), -0.5));
        yield return Volume("ConstantPad3d", () => ConstantPad3d((1, 2, 0, 3, 2, 1), 0.5));
        yield return Image("ConstantPad2d by one size", () => ConstantPad2d(2, 0.5));
        yield return Image("ZeroPad2d", () => ZeroPad2d((1, 2, 0, 3)));
        yield return Signal("ReflectionPad1d", () => ReflectionPad1d((1, 2)));
        yield return Image("ReflectionPad2d", () => ReflectionPad2d((1, 2, 0, 3)));
        yield return Volume("ReflectionPad3d", () => ReflectionPad3d((1, 2, 0, 3, 2, 1)));
        yield return Signal("ReplicationPad1d", () => ReplicationPad1d((1, 7)));
        yield return Image("ReplicationPad2d", () => ReplicationPad2d((1, 2, 0, 9)));
        yield return Volume("ReplicationPad3d", () => ReplicationPad3d((1, 2, 0, 6, 2, 1)));
    }

    private static ModuleCase Signal(string name, Func<Module> create) => new(name, create, [3, 5]) { Open = [[3, 7], [3, 4]] };

    private static ModuleCase Image(string name, Func<Module> create) => new(name, create, [3, 5, 4]) { Open = [[3, 4, 6]] };

    private static ModuleCase Volume(string name, Func<Module> create) => new(name, create, [3, 3, 5, 4]) { Open = [[3, 4, 4, 6]] };

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) => AssertSame(module);
}
