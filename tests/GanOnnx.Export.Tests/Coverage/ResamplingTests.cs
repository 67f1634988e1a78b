using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

public sealed class ResamplingTests : CoverageFixture
{
    private static IEnumerable<ModuleCase> Cases() => [.. Signals(), .. Images(), .. Volumes(), .. Shuffles()];

    private static IEnumerable<ModuleCase> Signals()
    {
        foreach (var (mode, corners) in Modes(UpsampleMode.Linear))
        {
            var named = Named(mode, corners);
            yield return Signal($"Upsample of signals by 2, {named}",
                () => Upsample(scale_factor: [2], mode: mode, align_corners: corners));
            yield return Signal($"Upsample of signals by 1.7, {named}",
                () => Upsample(scale_factor: [1.7], mode: mode, align_corners: corners));
            yield return Signal($"Upsample of signals to 11, {named}", () => Upsample([11], mode: mode, align_corners: corners));
        }
    }

    private static IEnumerable<ModuleCase> Images()
    {
        foreach (var (mode, corners) in Modes(UpsampleMode.Bilinear, UpsampleMode.Bicubic))
        {
            var named = Named(mode, corners);
            yield return Image($"Upsample by 2, {named}", () => Upsample(scale_factor: [2, 2], mode: mode, align_corners: corners));
            yield return Image($"Upsample by 3 and 1, {named}", () => Upsample(scale_factor: [3, 1], mode: mode, align_corners: corners));
            yield return Image($"Upsample by 1.7 and 0.6, {named}",
                () => Upsample(scale_factor: [1.7, 0.6], mode: mode, align_corners: corners));
            yield return Image($"Upsample by 1.7 and 0.6 recomputed, {named}",
                () => Upsample(scale_factor: [1.7, 0.6], mode: mode, align_corners: corners, recompute_scale_factor: true));
            yield return Image($"Upsample by 2 recomputed, {named}",
                () => Upsample(scale_factor: [2, 2], mode: mode, align_corners: corners, recompute_scale_factor: true));
            yield return Image($"Upsample to 10 x 13, {named}", () => Upsample([10, 13], mode: mode, align_corners: corners));
            yield return Image($"Upsample to 14 x 10, {named}", () => Upsample([14, 10], mode: mode, align_corners: corners));
            yield return Image($"Upsample to 4 x 1, {named}", () => Upsample([4, 1], mode: mode, align_corners: corners));
        }
    }

    private static IEnumerable<ModuleCase> Volumes()
    {
        foreach (var (mode, corners) in Modes(UpsampleMode.Trilinear))
        {
            var named = Named(mode, corners);
            yield return Volume($"Upsample of volumes by 2, {named}",
                () => Upsample(scale_factor: [2, 2, 2], mode: mode, align_corners: corners));
            yield return Volume($"Upsample of volumes to 5 x 3 x 8, {named}",
                () => Upsample([5, 3, 8], mode: mode, align_corners: corners));
        }
    }

    private static IEnumerable<ModuleCase> Shuffles()
    {
        yield return new("PixelShuffle", () => PixelShuffle(2), [12, 3, 4]) { Open = [[12, 5, 2]] };
        yield return new("PixelShuffle 3", () => PixelShuffle(3), [9, 3, 4]) { Open = [[9, 5, 2]] };
        yield return new("PixelUnshuffle", () => PixelUnshuffle(2), [3, 4, 6]) { Open = [[3, 8, 2]] };
        yield return new("PixelUnshuffle of one channel", () => PixelUnshuffle(3), [1, 6, 9]) { Open = [[1, 3, 6]] };
        yield return new("ChannelShuffle", () => ChannelShuffle(3), [6, 3, 4]) { Open = [[6, 2, 5]] };
        yield return new("ChannelShuffle of signals", () => ChannelShuffle(2), [6, 4]) { Open = [[6, 7]] };
    }

    private static IEnumerable<(UpsampleMode Mode, bool? Corners)> Modes(params UpsampleMode[] modes) =>
        modes.SelectMany(mode => new (UpsampleMode, bool?)[] { (mode, false), (mode, true) }).Prepend((UpsampleMode.Nearest, null));

    private static string Named(UpsampleMode mode, bool? corners) => corners is { } given ? $"{mode}, aligned corners {given}" : $"{mode}";

    private static ModuleCase Signal(string name, Func<Module> create) => new(name, create, [3, 7]) { Open = [[3, 10], [3, 4]] };

    private static ModuleCase Image(string name, Func<Module> create) => new(name, create, [3, 7, 5]) { Open = [[3, 10, 6], [3, 4, 9]] };

    private static ModuleCase Volume(string name, Func<Module> create) => new(name, create, [3, 3, 4, 5]) { Open = [[3, 2, 6, 4]] };

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) => AssertSame(module);

    [Test]
    public void Upsample_WithoutAWordOnCorners_DoesNotAlignThem() =>
        AssertSame(Image("", () => Upsample([10, 13], mode: UpsampleMode.Bilinear)));

    /// <summary>Where a pixel's source falls on a boundary, rounding decides which is taken.</summary>
    [TestCase(2), TestCase(4), TestCase(7), TestCase(21), TestCase(49), TestCase(60), TestCase(82), TestCase(122), TestCase(128)]
    public void Nearest_BetweenAnyTwoSizes_TakesTheSamePixels(long size)
    {
        foreach (var old in new long[] { 1, 2, 3, 14, 28, 42, 60 })
            AssertSame(new("", () => Upsample([size]), [1, old]), [17]);
        AssertSame(new("", () => Upsample([size]), [1, 24]) { Open = [[1, 2], [1, 14], [1, 28], [1, 41], [1, 60], [1, 96]] }, [17]);
    }

    [TestCase(1.2), TestCase(0.6), TestCase(1.1), TestCase(3.5), TestCase(41), TestCase(49)]
    public void Nearest_ByAnyFactor_TakesTheSamePixels(double factor)
    {
        foreach (var old in new long[] { 5, 10, 24, 35, 100 })
            AssertSame(new("", () => Upsample(scale_factor: [factor]), [1, old]), [17]);
        AssertSame(new("", () => Upsample(scale_factor: [factor]), [1, 24]) { Open = [[1, 5], [1, 35], [1, 100]] }, [17]);
    }
}
