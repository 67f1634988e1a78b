using TorchSharp;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

public sealed class ConvolutionTests : CoverageFixture
{
    private static readonly PaddingModes[] Modes =
        [PaddingModes.Zeros, PaddingModes.Constant, PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular];

    private static IEnumerable<ModuleCase> Cases() => [.. OneAxis(), .. TwoAxes(), .. ThreeAxes(), .. Transposed(), .. Patches()];

    private static IEnumerable<ModuleCase> OneAxis()
    {
        yield return Signal("Conv1d", () => Conv1d(4, 6, 3));
        yield return Signal("Conv1d without bias", () => Conv1d(4, 6, 3, bias: false));
        yield return Signal("Conv1d with stride, padding, dilation and groups", () => Conv1d(4, 6, 3, 2, 2, 2, groups: 2));
        yield return Signal("Conv1d Valid", () => Conv1d(4, 6, 3, Padding.Valid));
        yield return Signal("Conv1d Same", () => Conv1d(4, 6, 4, Padding.Same, dilation: 3));
        foreach (var mode in Modes)
            yield return Signal($"Conv1d padded by {mode}", () => Conv1d(4, 6, 3, 1, 2, padding_mode: mode));
    }

    private static IEnumerable<ModuleCase> TwoAxes()
    {
        yield return Image("Conv2d", () => Conv2d(4, 6, 3));
        yield return Image("Conv2d of a wide kernel", () => Conv2d(4, 6, (1, 3), (2, 1), (0, 1), (1, 2)));
        yield return Image("Conv2d in groups", () => Conv2d(4, 6, 3, 2, 1, groups: 2));
        yield return Image("Conv2d by channel", () => Conv2d(4, 4, 3, groups: 4));
        yield return Image("Conv2d Valid", () => Conv2d(4, 6, 3, Padding.Valid, 2));
        yield return Image("Conv2d Valid by reflection", () => Conv2d(4, 6, 3, Padding.Valid, padding_mode: PaddingModes.Reflect));
        yield return Image("Conv2d Same", () => Conv2d(4, 6, (2, 3), Padding.Same, dilation: (1, 2)));
        foreach (var mode in Modes)
        {
            yield return Image($"Conv2d padded by {mode}", () => Conv2d(4, 6, (3, 5), padding: (1, 2), padding_mode: mode));
            yield return Image($"Conv2d Same by {mode}", () => Conv2d(4, 6, 4, Padding.Same, padding_mode: mode));
            // TorchSharp mixes the axes up for this one; its module's output is what counts.
            yield return Image($"Conv2d Same of a kernel that isn't square by {mode}",
                () => Conv2d(4, 6, (2, 5), Padding.Same, padding_mode: mode));
        }
    }

    private static IEnumerable<ModuleCase> ThreeAxes()
    {
        yield return Volume("Conv3d", () => Conv3d(4, 6, 3));
        yield return Volume("Conv3d with stride, padding, dilation and groups",
            () => Conv3d(4, 6, (1, 2, 3), (1, 2, 1), (0, 1, 2), (1, 1, 2), groups: 2, bias: false));
        yield return Volume("Conv3d Same", () => Conv3d(4, 2, (1, 2, 3), Padding.Same));
        foreach (var mode in Modes)
            yield return Volume($"Conv3d padded by {mode}", () => Conv3d(4, 2, (3, 3, 3), padding: (0, 1, 2), padding_mode: mode));

        static ModuleCase Volume(string name, Func<Module> create) => new(name, create, [4, 5, 6, 4]) { Open = [[4, 4, 7, 6]] };
    }

    private static IEnumerable<ModuleCase> Transposed()
    {
        yield return Signal("ConvTranspose1d", () => ConvTranspose1d(4, 6, 3));
        yield return Signal("ConvTranspose1d with all options", () => ConvTranspose1d(4, 6, 3, 2, 1, 1, 2, groups: 2, bias: false));
        yield return Image("ConvTranspose2d", () => ConvTranspose2d(4, 6, 3));
        yield return Image("ConvTranspose2d of a wide kernel", () => ConvTranspose2d(4, 6, (2, 4), (1, 2), (0, 1)));
        yield return Image("ConvTranspose2d with all options", () => ConvTranspose2d(4, 6, 3, 2, 1, 1, 2, groups: 2, bias: false));
        yield return new("ConvTranspose3d", () => ConvTranspose3d(4, 6, 3), [4, 3, 4, 2]) { Open = [[4, 2, 3, 5]] };
        yield return new("ConvTranspose3d with all options", () => ConvTranspose3d(4, 6, 3, 2, 1, 1, 2, groups: 2, bias: false),
            [4, 3, 4, 2])
        { Open = [[4, 2, 3, 5]] };
    }

    private static IEnumerable<ModuleCase> Patches()
    {
        yield return Image("Unfold", () => Unfold(3));
        yield return Image("Unfold with all options", () => Unfold((2, 3), (1, 2), (1, 0), (2, 1)));
        yield return new("Fold", () => Fold((6, 5), (2, 3)), [12, 15]);
        yield return new("Fold with all options", () => Fold((6, 7), (2, 3), (2, 1), (1, 0), (2, 2)), [12, 9]);
        yield return new("Fold of patches that leave a rest", () => Fold((6, 6), (3, 3), stride: (2, 2)), [18, 4]);
    }

    private static ModuleCase Signal(string name, Func<Module> create) => new(name, create, [4, 9]) { Open = [[4, 12], [4, 7]] };

    private static ModuleCase Image(string name, Func<Module> create) => new(name, create, [4, 9, 7]) { Open = [[4, 6, 8], [4, 11, 5]] };

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) => AssertSame(module);
}
