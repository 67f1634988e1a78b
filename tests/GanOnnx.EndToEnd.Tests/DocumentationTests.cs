using System.Globalization;
using System.Text.RegularExpressions;
using GanOnnx.Inference;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What the documentation says holds.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] _folders = ["", "docs", "inference", "training", "models"];

    private static IEnumerable<string> Pages() => _folders
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md",
            folder is "" or "docs" ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    [TestCaseSource(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        foreach (Match link in Link().Matches(text))
        {
            var (target, anchor) = (link.Groups[1].Value, link.Groups[2].Value);
            var path = target.Length == 0 ? Path.Combine(Repository.Root, page) : Path.Combine(folder, target);
            Assert.That(File.Exists(path) || Directory.Exists(path), $"{page}: {link.Value}");
            if (anchor.Length > 0)
                Assert.That(Heading().Matches(File.ReadAllText(path)).Select(h => Anchor(h.Groups[1].Value)), Has.Member(anchor),
                    $"{page}: {link.Value}");
        }
    }

    [Test]
    public void The_known_answers_of_random_numbers_are_the_librarys()
    {
        var rows = Answer().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/random-numbers.md")));
        Assert.That(rows, Has.Count.EqualTo(4));
        foreach (Match row in rows)
        {
            var (seed, image) = (ulong.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture),
                ulong.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture));
            var latent = new float[4];
            new LatentSampler(4).Fill(seed, image, latent);
            // The mathematics libraries of systems differ in the last bit.
            Assert.That(latent, Is.EqualTo(row.Groups[3].Value.Split(", ").Select(v => float.Parse(v, CultureInfo.InvariantCulture)))
                .Within(1).Ulps);
            Assert.That(LatentSampler.Label(seed, image, 10), Is.EqualTo(int.Parse(row.Groups[4].Value, CultureInfo.InvariantCulture)));
        }
    }

    // As GitHub makes them: lower case, no punctuation, hyphens for spaces.
    private static string Anchor(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?m)^#+ (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?m)^\| (\d+) \| (\d+) \| ([-0-9., ]+) \| (\d) \|$")]
    private static partial Regex Answer();
}
