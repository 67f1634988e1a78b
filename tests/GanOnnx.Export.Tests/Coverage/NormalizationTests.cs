using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

public sealed class NormalizationTests : CoverageFixture
{
    private static IEnumerable<ModuleCase> Cases() => [.. Batch(), .. Instance(), .. LayersAndGroups(), .. LocalResponse()];

    private static IEnumerable<ModuleCase> Batch()
    {
        yield return new("BatchNorm1d of features", () => BatchNorm1d(6), [6]);
        yield return Signal("BatchNorm1d of signals", () => BatchNorm1d(6));
        yield return Image("BatchNorm2d without weights", () => BatchNorm2d(6, affine: false));
        yield return Image("BatchNorm2d with a large epsilon", () => BatchNorm2d(6, eps: 0.5));
        yield return Volume("BatchNorm3d", () => BatchNorm3d(6));
    }

    private static IEnumerable<ModuleCase> Instance()
    {
        foreach (var affine in new[] { false, true })
            foreach (var track in new[] { false, true })
            {
                var options = $"{(affine ? "with" : "without")} weights{(track ? ", tracking" : "")}";
                yield return Signal($"InstanceNorm1d {options}", () => InstanceNorm1d(6, affine: affine, track_running_stats: track));
                yield return Image($"InstanceNorm2d {options}", () => InstanceNorm2d(6, affine: affine, track_running_stats: track));
                yield return Volume($"InstanceNorm3d {options}",
                    () => InstanceNorm3d(6, eps: 0.1, affine: affine, track_running_stats: track));
            }
    }

    private static IEnumerable<ModuleCase> LayersAndGroups()
    {
        yield return new("LayerNorm of features", () => LayerNorm(6), [6]);
        yield return new("LayerNorm of tokens", () => LayerNorm(6), [5, 6]);
        yield return new("LayerNorm over several axes", () => LayerNorm([6, 4, 5]), [6, 4, 5]);
        yield return new("LayerNorm without weights", () => LayerNorm(6, elementwise_affine: false), [5, 6]);
        yield return new("LayerNorm without bias", () => LayerNorm([5, 6], bias: false, eps: 0.1), [5, 6]);
        yield return Signal("GroupNorm of signals", () => GroupNorm(2, 6));
        yield return Image("GroupNorm", () => GroupNorm(3, 6));
        yield return Image("GroupNorm without weights", () => GroupNorm(3, 6, affine: false));
        yield return Image("GroupNorm of one group", () => GroupNorm(1, 6, eps: 0.1));
        yield return Image("GroupNorm by channel", () => GroupNorm(6, 6));
        yield return Image("GroupNorm by channel without weights", () => GroupNorm(6, 6, affine: false));
        yield return Volume("GroupNorm of volumes", () => GroupNorm(2, 6));
    }

    private static IEnumerable<ModuleCase> LocalResponse()
    {
        yield return Image("LocalResponseNorm", () => LocalResponseNorm(3, 0.5, 0.6, 1.5));
        yield return Image("LocalResponseNorm of an even size", () => LocalResponseNorm(4, 0.5));
        yield return Signal("LocalResponseNorm of signals", () => LocalResponseNorm(5, 0.5));
        yield return Volume("LocalResponseNorm of volumes", () => LocalResponseNorm(2, 0.5));
    }

    private static ModuleCase Signal(string name, Func<Module> create) => new(name, create, [6, 7]) { Open = [[6, 5], [6, 9]] };

    private static ModuleCase Image(string name, Func<Module> create) => new(name, create, [6, 4, 5]) { Open = [[6, 7, 3]] };

    private static ModuleCase Volume(string name, Func<Module> create) => new(name, create, [6, 2, 4, 5]) { Open = [[6, 3, 3, 4]] };

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) => AssertSame(module);
}
