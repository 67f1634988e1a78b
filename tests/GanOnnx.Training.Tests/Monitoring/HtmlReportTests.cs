using System.Text.RegularExpressions;
using GanOnnx.Training.Monitoring.Report;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Training.Tests.Monitoring;

public sealed partial class HtmlReportTests
{
    private const string OldLine = """{"step":20,"images":1000,"imagesPerSecond":90,"discriminatorLoss":0.5,"generatorLoss":1.5,"realProbability":0.8,"fakeProbability":0.2,"sampleDeviation":0.4,"warnings":[]}""";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void What_people_named_is_text_and_no_markup()
    {
        const string Evil = "<img src=x onerror=alert(1)>\\\"'</script>&";
        File.WriteAllText(_folder["run.json"], $$"""{ "data": "{{Evil}}", "{{Evil}}": "{{Evil}}", "options": { "architecture": "{{Evil}}", "kimg": 2 } }""");
        Metrics(OldLine.Replace("\"warnings\":[]", $"\"warnings\":[\"{Evil}: {Evil}\"],\"extras\":{{\"{Evil}\":1}}"));

        var page = Write();

        Assert.That(page, Does.Not.Contain("<img src=x"));
        Assert.That(ScriptEnds().Count(page), Is.EqualTo(ScriptBegins().Count(page)), "no script is ended by a name");
        Assert.That(page, Does.Contain("&lt;img src=x onerror=alert(1)&gt;"));
    }

    [Test]
    public void It_loads_nothing_and_forbids_itself_to()
    {
        Metrics(OldLine);
        Picture("kimg-000001.png", 64);
        var page = Write();

        Assert.That(Loads().Matches(page).Select(m => m.Value), Has.All.Contains("data:image/"));
        Assert.That(page, Does.Contain("default-src 'none'").And.Not.Contain("@import").And.Not.Contain("<link").And.Not.Contain("fetch("));
        Assert.That(Loads().Count(page), Is.Positive);
    }

    [Test]
    public void Many_big_pictures_and_ticks_stay_below_5_MB()
    {
        for (var i = 0; i < 14; i++)
            Picture($"kimg-{i:000000}.png", 1024);
        Metrics([.. Enumerable.Range(0, 5000)
            .Select(i => OldLine.Replace("\"step\":20,\"images\":1000", $"\"step\":{i},\"images\":{i * 1000}"))]);

        var page = Write();

        Assert.That(new FileInfo(_folder["report.html"]).Length, Is.LessThan(5_000_000));
        Assert.That(page, Does.Contain("One tick in 9 is drawn."));
        Assert.That(Pictures().Count(page), Is.EqualTo(12));
    }

    [Test]
    public void Lines_of_older_versions_and_torn_ones_are_no_obstacle()
    {
        Metrics(OldLine, "{\"step\":40,\"ima");
        var page = Write();
        Assert.That(page, Does.Contain("1,000 real images seen").And.Contain("<h3>Losses</h3>"));
        Assert.That(page, Does.Not.Contain("<h3>Gradient norms</h3>"), "what they don't tell isn't drawn");
    }

    [TestCase(2, 1000, 54)]
    [TestCase(1, 20_000, 200)]
    [TestCase(9, 10_000, 100)]
    [TestCase(3, 30_000, 300)]
    [TestCase(9, 2_000, 58)]
    public void A_run_that_has_hardly_begun_is_not_called_healthy(int ticks, int imagesPerTick, int kimg)
    {
        Metrics(Lines(ticks, imagesPerTick));

        Assert.That(Write(), Does.Contain($"Too early to tell: the figures show whether training fails from about {kimg} kimg on.")
            .And.Not.Contain("class=\"fine\""));
    }

    [Test]
    public void A_run_of_which_the_figures_tell_is_called_healthy()
    {
        Metrics(Lines(10, 10_000));

        Assert.That(Write(), Does.Contain("<p class=\"fine\">None: nothing in the figures looks like failing training.</p>")
            .And.Not.Contain("Too early"));
    }

    [Test]
    public void A_description_that_is_damaged_or_gone_is_no_obstacle([Values("{\"a\":1,\"a\":2}", "[1]", "null", "{", null)] string? run)
    {
        Metrics(OldLine);
        if (run is not null)
            File.WriteAllText(_folder["run.json"], run);
        Assert.That(Write(), Does.Contain("1,000 real images seen"));
    }

    [Test]
    public void A_run_without_a_tick_has_a_page() => Assert.That(Write(), Does.Contain("Training has begun"));

    [Test]
    public void A_picture_that_is_none_is_left_out()
    {
        Metrics(OldLine);
        Picture("kimg-000001.png", 64);
        File.WriteAllText(_folder["samples/kimg-000002.png"], "no picture");
        Assert.That(Pictures().Count(Write()), Is.EqualTo(1));
    }

    private string Write()
    {
        new HtmlReport(_folder.Path).Write();
        return File.ReadAllText(_folder["report.html"]);
    }

    private static string[] Lines(int ticks, int imagesPerTick) => [.. Enumerable.Range(1, ticks)
        .Select(i => OldLine.Replace("\"step\":20,\"images\":1000", $"\"step\":{i},\"images\":{i * imagesPerTick}"))];

    private void Metrics(params string[] lines) => File.WriteAllLines(_folder["metrics.jsonl"], lines);

    // Noise, which no format makes smaller.
    private void Picture(string name, int size)
    {
        var pixels = new byte[size * size * 3];
        new Random(size).NextBytes(pixels);
        using var image = Image.LoadPixelData<Rgb24>(pixels, size, size);
        Directory.CreateDirectory(_folder["samples"]);
        using var file = File.Create(_folder[$"samples/{name}"]);
        image.Save(file, new PngEncoder());
    }

    [GeneratedRegex("""(src|href|srcset|xlink:href)="[^"]*"|url\([^#)][^)]*\)""")]
    private static partial Regex Loads();

    [GeneratedRegex("<img src=\"data:image/")]
    private static partial Regex Pictures();

    [GeneratedRegex("<script")]
    private static partial Regex ScriptBegins();

    [GeneratedRegex("</script")]
    private static partial Regex ScriptEnds();
}
