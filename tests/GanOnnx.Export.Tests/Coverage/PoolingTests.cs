using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

public sealed class PoolingTests : CoverageFixture
{
    private static IEnumerable<ModuleCase> Cases() => [.. Max(), .. Average(), .. Lp(), .. Adaptive(), .. AdaptiveVolumes()];

    private static IEnumerable<ModuleCase> Max()
    {
        foreach (var up in new[] { false, true })
        {
            var rounded = up ? ", rounded up" : "";
            yield return Signal($"MaxPool1d{rounded}", () => MaxPool1d(2, ceil_mode: up));
            yield return Signal($"MaxPool1d with all options{rounded}", () => MaxPool1d(3, 2, 1, 2, up));
            yield return Signal($"MaxPool1d of far windows{rounded}", () => MaxPool1d(2, 4, 1, 1, up));
            yield return Signal($"MaxPool1d of far dilated windows{rounded}", () => MaxPool1d(2, 5, 1, 3, up));
            yield return Image($"MaxPool2d{rounded}", () => MaxPool2d(2, ceil_mode: up));
            yield return Image($"MaxPool2d with all options{rounded}", () => MaxPool2d((3, 2), (2, 3), (1, 0), (1, 2), up));
            yield return Image($"MaxPool2d of overlapping windows{rounded}", () => MaxPool2d(3, 2, 1, ceil_mode: up));
            yield return Volume($"MaxPool3d{rounded}", () => MaxPool3d(2, ceil_mode: up));
            yield return Volume($"MaxPool3d with all options{rounded}", () => MaxPool3d((2, 3, 2), (1, 2, 3), (1, 1, 0), (1, 1, 2), up));
        }
    }

    private static IEnumerable<ModuleCase> Average()
    {
        foreach (var up in new[] { false, true })
            foreach (var count in new[] { false, true })
            {
                var options = $"{(up ? ", rounded up" : "")}{(count ? ", counting the padding" : "")}";
                yield return Signal($"AvgPool1d{options}", () => AvgPool1d(3, 2, 1, up, count));
                yield return Signal($"AvgPool1d without padding{options}", () => AvgPool1d(2, null, 0, up, count));
                yield return Image($"AvgPool2d{options}", () => AvgPool2d((3, 2), (2, 3), (1, 1), up, count));
                yield return Image($"AvgPool2d without padding{options}", () => AvgPool2d(2, ceil_mode: up, count_include_pad: count));
                yield return Image($"AvgPool2d of far windows{options}", () => AvgPool2d(2, 4, 1, up, count));
                yield return Image($"AvgPool2d with a divisor{options}", () => AvgPool2d(3, 2, 1, up, count, 5));
                yield return Volume($"AvgPool3d{options}", () => AvgPool3d((2, 3, 2), (1, 2, 3), (1, 1, 0), up, count));
                yield return Volume($"AvgPool3d with a divisor{options}", () => AvgPool3d(2, 2, 1, up, count, 3));
            }
    }

    private static IEnumerable<ModuleCase> Lp()
    {
        foreach (var up in new[] { false, true })
            foreach (var norm in new[] { 1, 2, 4 })
            {
                var options = $"{norm}{(up ? ", rounded up" : "")}";
                yield return Signal($"LPPool1d {options}", () => LPPool1d(norm, 3, 2, up));
                yield return Image($"LPPool2d {options}", () => LPPool2d(norm, [2, 3], ceil_mode: up));
            }
        // A sum of odd powers has a root only where it is positive.
        yield return Image("LPPool2d 3", () => Sequential(ReLU(), LPPool2d(3, 2)));
        yield return Image("LPPool2d 1.5", () => Sequential(ReLU(), LPPool2d(1.5, 3, 1)));
    }

    private static IEnumerable<ModuleCase> Adaptive()
    {
        foreach (var count in new long[] { 1, 3, 4, 9, 13 })
        {
            yield return Signal($"AdaptiveAvgPool1d to {count}", () => AdaptiveAvgPool1d(count));
            yield return Signal($"AdaptiveMaxPool1d to {count}", () => AdaptiveMaxPool1d(count));
        }
        foreach (var (height, width) in new (long, long)[] { (1, 1), (3, 7), (1, 4), (9, 2), (2, 1), (12, 10) })
        {
            yield return Image($"AdaptiveAvgPool2d to {height} x {width}", () => AdaptiveAvgPool2d((height, width)));
            yield return Image($"AdaptiveMaxPool2d to {height} x {width}", () => AdaptiveMaxPool2d([height, width]));
        }
    }

    private static IEnumerable<ModuleCase> AdaptiveVolumes()
    {
        foreach (var counts in new long[][] { [1, 1, 1], [1, 2, 3], [5, 3, 2], [2, 4, 1] })
        {
            yield return Volume($"AdaptiveAvgPool3d to {string.Join(" x ", counts)}", () => AdaptiveAvgPool3d(counts));
        }
    }

    private static ModuleCase Signal(string name, Func<Module> create) => new(name, create, [2, 9]) { Open = [[2, 11], [2, 12], [2, 8]] };

    private static ModuleCase Image(string name, Func<Module> create) => new(name, create, [2, 9, 7]) { Open = [[2, 6, 8], [2, 12, 11]] };

    private static ModuleCase Volume(string name, Func<Module> create) => new(name, create, [2, 5, 6, 4]) { Open = [[2, 4, 7, 5]] };

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) => AssertSame(module);

    [Test]
    public void AdaptivePooling_OfMultiples_IsOneOperator() =>
        Assert.That(Operators(AdaptiveAvgPool2d((2, 3)), 1, 2, 8, 9), Is.EqualTo(new[] { "AveragePool" }));
}
