using System.CommandLine;
using System.Text.RegularExpressions;
using GanOnnx.CommandLine;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What the verbs tell of themselves, and that <c>docs/verbs</c>, which the script shows, says the same.</summary>
public sealed class HelpTests
{
    private const int Width = 80;
    private static readonly string _texts = Path.Combine(Repository.Root, "docs", "verbs");

    private static IEnumerable<object[]> All() =>
        Cli.Verbs.All.Select(verb => new object[] { "inference", verb.Name })
            .Concat(Server.Verbs.All.Select(verb => new object[] { "server", verb.Name }))
            .Concat(Training.Cli.Verbs.All.Select(verb => new object[] { "training", verb.Name }));

    [TestCaseSource(nameof(All))]
    public void The_text_that_the_script_shows_is_the_programs(string program, string name)
    {
        var said = HelpText.Of(VerbOf(name), Width);
        var path = Path.Combine(_texts, program, $"{name}.txt");
        if (Environment.GetEnvironmentVariable("GANONNX_ACCEPT") == "1")
            File.WriteAllText(path, said);

        Assert.That(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "", Is.EqualTo(said),
            $"GANONNX_ACCEPT=1 ./gan test --filter HelpTests writes {path}.");
    }

    [TestCase("inference")]
    [TestCase("server")]
    [TestCase("training")]
    public void No_text_is_left_of_a_verb_that_is_gone(string program) =>
        Assert.That(Directory.GetFiles(Path.Combine(_texts, program)).Select(Path.GetFileNameWithoutExtension),
            Is.EquivalentTo(All().Where(verb => (string)verb[0] == program).Select(verb => verb[1])));

    [TestCaseSource(nameof(All))]
    public void A_verb_has_an_example_that_its_parser_takes(string program, string name)
    {
        var verb = VerbOf(name);
        Assert.That(verb.Examples, Is.Not.Empty);
        foreach (var example in verb.Examples.Where(example => !example.Contains("--list", StringComparison.Ordinal)))
            Assert.That(verb.Parse(example).Errors, Is.Empty, example);
    }

    [TestCase(40)]
    [TestCase(64)]
    [TestCase(120)]
    public void Descriptions_stay_within_the_width(int width)
    {
        foreach (var verb in Cli.Verbs.All.Concat(Server.Verbs.All).Concat(Training.Cli.Verbs.All))
        {
            var lines = HelpText.Of(verb, width).Split('\n');
            var examples = Array.IndexOf(lines, "Examples");
            // Examples are to be pasted, and a list of names without a space has no place to break.
            Assert.That(lines[2..examples].Where(line => line.Trim().Contains(' ')), Has.All.Matches<string>(line => line.Length <= width),
                verb.Name);
        }
    }

    [Test]
    public void Options_stand_under_their_headings_and_the_usage_has_what_must_be_given()
    {
        var verb = new Verb("draw", "draw a line", (_, _) => 0, "a.png --to 3")
        {
            new Argument<string>("FILE") { Description = "Where." },
            new Option<int>("--to") { Required = true, Description = "As far as this, a number which is long enough for another line." },
            { "Colors", new Option<bool>("--red") { Description = "In red." } },
        };
        Assert.That(HelpText.Of(verb, 50), Is.EqualTo("""
            gan draw: draw a line

              gan draw FILE --to NUMBER [OPTION …]

              FILE  Where.

            Options
              --to NUMBER  As far as this, a number which is
                           long enough for another line.

            Colors
              --red  In red.

            Examples
              gan draw a.png --to 3

            Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 130 interrupted.

            """));
    }

    [Test]
    public void The_programs_print_it_and_without_a_verb_tell_all()
    {
        Assert.That(Gan.Succeed("generate", "--help").Output, Is.EqualTo(HelpText.Of(VerbOf("generate"), Width)));
        Assert.That(Gan.Succeed("train", "--help").Output, Is.EqualTo(HelpText.Of(VerbOf("train"), Width)));
        Assert.That(Gan.Succeed("--help").Output,
            Does.StartWith("gan VERB …\n\n  generate     make images with a model\n").And.Contain(
            "  train        train a GAN on your pictures\n"));
    }

    [TestCase("gneerate", "There is no verb 'gneerate'. Did you mean generate? See: gan --help")]
    [TestCase("draw", "There is no verb 'draw'. See: gan --help")]
    [TestCase("inspect fashion-dcgan --jsno", "inspect has no option --jsno. Did you mean --json? See: gan inspect --help")]
    [TestCase("train --data --dry-run", "An option before --dry-run has no value. See: gan train --help")]
    [TestCase("inspect --jsno", "inspect has no option --jsno. Did you mean --json? See: gan inspect --help")]
    [TestCase("generate fashion-dcgan --out x.png --colour=red", "generate has no option --colour. See: gan generate --help")]
    [TestCase("train --dta pictures --out r", "train has no option --dta. Did you mean --data? See: gan train --help")]
    public void What_is_mistyped_is_told(string command, string sentence)
    {
        var result = Gan.Run(command.Split(' '));
        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2, $"gan: {sentence}")));
    }

    [TestCase("count", "count", ExpectedResult = "count")]
    [TestCase("conut", "count", ExpectedResult = "count")]
    [TestCase("cont", "count", ExpectedResult = "count")]
    [TestCase("mount", "count", ExpectedResult = "count")]
    [TestCase("cuntt", "count", ExpectedResult = null)]
    [TestCase("xy", "out", ExpectedResult = null)]
    [TestCase("intrepolte", "interpolate", ExpectedResult = "interpolate")]
    public string? Spelling(string typed, string name) => CommandLine.Spelling.Nearest(typed, [name]);

    [Test]
    public void Hints_quote_what_a_shell_would_split()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows quotes in another way.");
        Assert.That(Hint.Of("export", "runs/my run", "it's", "a$b", "", "--out", "model.onnx"),
            Is.EqualTo(@"gan export 'runs/my run' 'it'\''s' 'a$b' '' --out model.onnx"));
    }

    // What is pasted has to be what was meant, whatever is in a name; and nothing of it may reach the terminal before.
    [TestCase("my run")]
    [TestCase("it's")]
    [TestCase("a$b`c\"d\\e")]
    [TestCase("tab\tline\nend\\")]
    [TestCase("line\n")]
    [TestCase("red\e[31m it's\a")]
    [TestCase("=ls")]
    [TestCase("{a,b}*?~#!&;|<>()")]
    [TestCase("")]
    [TestCase("größe/日本")]
    public void A_pasted_word_is_the_word(string word)
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows quotes in another way.");
        var quoted = Hint.Quoted(word);
        Assert.That(quoted.Where(char.IsControl), Is.Empty);
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash",
            ["--norc", "-c", $"printf %s {quoted}; printf ."])
        { RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C.UTF-8" } })!;
        Assert.That(shell.StandardOutput.ReadToEnd(), Is.EqualTo(word + "."));
    }

    [Test]
    public void The_script_completes_what_the_programs_do()
    {
        var said = Completion.Table([.. Cli.Verbs.All, .. Server.Verbs.All, .. Training.Cli.Verbs.All, Completion.Create()]);
        var path = Path.Combine(_texts, "completions");
        if (Environment.GetEnvironmentVariable("GANONNX_ACCEPT") == "1")
            File.WriteAllText(path, said);
        Assert.That(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "", Is.EqualTo(said),
            $"GANONNX_ACCEPT=1 ./gan test --filter HelpTests writes {path}.");
    }

    [Test]
    public void The_scripts_text_of_completion_is_the_programs() =>
        Assert.That(File.ReadAllText(Path.Combine(_texts, "script/completion.txt")),
            Is.EqualTo(HelpText.Of(Completion.Create(), Width)));

    [TestCase("gan ", "generate", "bench", "completion")]
    [TestCase("gan ge", "generate")]
    [TestCase("./gan generate --st", "--style-mix")]
    [TestCase("gan generate x.onnx --device c", "cpu", "cuda")]
    [TestCase("gan completion ", "bash", "zsh", "pwsh")]
    [TestCase("gan generate fashion-d", "fashion-dcgan")]
    public void A_program_completes(string line, params string[] among)
    {
        var words = Gan.Succeed($"[suggest:{line.Length}]", line + " behind the cursor").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(words, Is.SupersetOf(among));
        Assert.That(words, Is.All.StartsWith(line[(line.LastIndexOf(' ') + 1)..]));
    }

    [Test]
    public void Every_training_option_stands_under_a_heading() =>
        Assert.That(VerbOf("train").Groups.Select(group => group.Heading), Is.EqualTo(
            ["The run", "What is trained", "The data", "The networks", "How they learn", "How long, and what is kept",
                "With --task generate, pix2pix, cyclegan", "With --task generate", "With --task pix2pix",
                "With --task pix2pix, cyclegan, srgan", "With --task cyclegan", "With --task super-resolution, srgan", "With --task srgan",
                "With --task wavegan", "With --task mocogan"]));

    [Test]
    public void No_option_names_a_thing_twice()
    {
        foreach (var option in VerbOf("train").Groups.SelectMany(group => group.Options))
        {
            var names = Regex.Matches(option.Description ?? "", @"(?<=[,:] |for \w+ )[a-z0-9-]+(?=[,;.])").Select(match => match.Value);
            Assert.That(names, Is.Unique, option.Description);
        }
    }

    private static Verb VerbOf(string name) =>
        Cli.Verbs.All.Concat(Server.Verbs.All).Concat(Training.Cli.Verbs.All).Single(verb => verb.Name == name);
}
