using GanOnnx.Training.Cli;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What training shows on a terminal.</summary>
public sealed class TerminalTests
{
    [TestCase(new double[0], "")]
    [TestCase(new double[] { 5 }, "▅")]
    [TestCase(new double[] { 3, 3, 3 }, "▅▅▅")]
    [TestCase(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, "▁▂▃▄▅▆▇█")]
    [TestCase(new[] { double.NaN, -1, double.PositiveInfinity, 1 }, "▁█")]
    public void Sparkline(double[] values, string curve) => Assert.That(Training.Cli.Sparkline.Of(values, 8), Is.EqualTo(curve));

    [Test]
    public void Sparkline_shows_the_last_values() => Assert.That(Training.Cli.Sparkline.Of([9, 9, 0, 1], 2), Is.EqualTo("▁█"));

    [Test]
    public void LayerTable_is_aligned_and_ends_with_the_sum() =>
        Assert.That(LayerTable.Lines("generator", [new("project", "Linear", "[N, 256]", 25_600), new("drop", "Dropout", "[N, 256]", 0)]),
            Is.EqualTo([
            "generator  type     output    parameters",
            "────────────────────────────────────────",
            "project    Linear   [N, 256]      25,600",
            "drop       Dropout  [N, 256]",
            "────────────────────────────────────────",
            "total                             25,600"]));

    [TestCase(110, 30)]
    [TestCase(40, 8)]
    [TestCase(20, 3)]
    public void LiveView_stays_within_the_window_and_erases_what_it_drew(int width, int height)
    {
        using var terminal = new StringWriter();
        var view = new LiveView(terminal, () => (width, height));
        view.Add(new Tick(10, 1000, new Dictionary<Figure, double>
        {
            [Figures.ImagesPerSecond] = 100,
            [Figures.DiscriminatorLoss] = 0.5,
            [Figures.GeneratorLoss] = 1.5,
            [Figures.RealProbability] = 0.8,
            [Figures.FakeProbability] = 0.2,
            [Figures.SampleDeviation] = 0.4,
        }, ["Mode collapse: the generated images differ by 0.010. Try another loss."]));
        view.Report(11, 100, 100);
        var drawn = terminal.ToString();
        view.Clear();
        var lines = drawn.TrimEnd('\n').Split('\n');

        Assert.That(lines, Has.Length.LessThan(height), "what is higher than the window can't be erased");
        Assert.That(lines.Select(Visible), Has.All.Matches<string>(line => line.Length < Math.Max(21, width)));
        Assert.That(Visible(lines[0]), Does.StartWith("Training "));
        Assert.That(terminal.ToString()[drawn.Length..], Is.EqualTo($"\r\e[{lines.Length}A\e[J"));
    }

    private static string Visible(string line) => System.Text.RegularExpressions.Regex.Replace(line, "\e\\[[0-9;]*m", "");
}
