using System.Diagnostics;
using System.Runtime.Versioning;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The script <c>gan</c>, in a folder of its own, with a stand-in for <c>dotnet</c> that notes how it is called.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ScriptTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CopyScript()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The script gan is for Linux and macOS.");
        _folder = new();
        foreach (var file in new[] { "gan", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            File.Copy(Path.Combine(Repository.Root, file), _folder[file]);
        foreach (var text in Directory.GetFiles(Path.Combine(Repository.Root, "docs/verbs"), "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "inference/GanOnnx.CommandLine/completion"))))
        {
            var copy = _folder[Path.GetRelativePath(Repository.Root, text)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(text, copy);
        }
        Directory.CreateDirectory(_folder["inference"]);
        Directory.CreateDirectory(_folder["training"]);
        Directory.CreateDirectory(_folder["packages/one/1.0.0"]);
        Directory.CreateDirectory(_folder["artifacts/obj/GanOnnx.Cli"]);
        File.WriteAllText(_folder["artifacts/obj/GanOnnx.Cli/project.assets.json"], $$"""
            {
              "libraries": {
                "one/1.0.0": {
                  "path": "one/1.0.0"
                }
              },
              "packageFolders": {
                "{{_folder["packages/"]}}": {}
              }
            }
            """);
        Dotnet("");
    }

    [TearDown]
    public void Clean() => _folder?.Dispose();

    [Test]
    public void Alone_it_tells_the_verbs()
    {
        var result = Run();
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, Run("--help").Output)));
        Assert.That(result.Output, Does.StartWith("gan VERB …"));
    }

    [Test]
    public void It_tells_every_verb_in_a_line()
    {
        var texts = Directory.GetFiles(_folder["docs/verbs"], "*.txt", SearchOption.AllDirectories);
        Assert.That(Run("--help").Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)),
            Is.EquivalentTo(texts.Select(text =>
                $"  {Path.GetFileNameWithoutExtension(text),-11}  {File.ReadLines(text).First().Split(": ", 2)[1]}")));
    }

    [TestCase("generate", "inference")]
    [TestCase("train", "training")]
    [TestCase("setup", "script")]
    public void Help_is_told_at_once_nothing_is_restored_or_built(string verb, string folder)
    {
        var result = Run(verb, "--help");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, File.ReadAllText(_folder[$"docs/verbs/{folder}/{verb}.txt"]))));
        Assert.That(File.Exists(_folder["calls"]), Is.False, "dotnet wasn't called");
    }

    [Test]
    public void Hints_name_it_as_it_was_typed()
    {
        Assert.That(Run("./gan", "generate", "--help").Output,
            Does.StartWith("./gan generate: ").And.Contain("\n  ./gan generate fashion-dcgan --count 64"));
        Assert.That(Run("./gan", "setup", "--cpu").Error, Does.EndWith("See: ./gan --help\n"));
        Dotnet("*gan-inference.dll*) echo \"$GANONNX_COMMAND\" ;;");
        Assert.That(Run("./gan", "inspect").Output, Is.EqualTo("./gan\n"));
    }

    [Test]
    public void Hints_name_a_path_that_was_typed_quoted_and_no_other_program_of_the_name()
    {
        Directory.CreateDirectory(_folder["my clone"]);
        File.Copy(_folder["gan"], _folder["my clone/gan"]);
        Directory.CreateSymbolicLink(_folder["my clone/docs"], _folder["docs"]);
        var path = _folder["my clone/gan"];
        Assert.That(Run([path, "inspect", "--help"], _folder.Path).Output,
            Does.StartWith($"{path.Replace(" ", @"\ ", StringComparison.Ordinal)} inspect: "));
        Assert.That(Run(["gan", "inspect", "--help"], _folder["my clone"]).Output, Does.StartWith("bash gan inspect: "));
    }

    [TestCase("gneerate", " Did you mean generate?")]
    [TestCase("intrepolte", " Did you mean interpolate?")]
    [TestCase("tran", " Did you mean train?")]
    [TestCase("xy", "")]
    public void A_mistyped_verb_is_asked_about(string typed, string question) =>
        Assert.That(Run(typed).Error, Does.StartWith($"gan: there is no verb '{typed}'.{question}\n"));

    [TestCase("gan ge", "generate")]
    [TestCase("./gan generate --dev", "--device")]
    [TestCase("gan generate --device ", "auto cpu cuda")]
    [TestCase("gan generate --device c", "cpu cuda")]
    [TestCase("gan train --arch st", "stylegan2")]
    [TestCase("gan train --out ", "")]
    [TestCase("gan generate ", "my-model other")]
    [TestCase("gan generate o", "other")]
    [TestCase("gan completion ", "bash pwsh zsh")]
    public void It_completes_without_building_anything(string line, string words)
    {
        Directory.CreateDirectory(_folder["models/my-model"]);
        Directory.CreateDirectory(_folder["models/other"]);
        var result = Run($"[suggest:{line.Length}]", line + "behind the cursor");
        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            Is.EqualTo(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(File.Exists(_folder["calls"]), Is.False, "dotnet wasn't called");
    }

    [Test]
    public void It_completes_every_verb() =>
        Assert.That(Run("[suggest:4]", "gan train").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo(
            Directory.GetFiles(_folder["docs/verbs"], "*.txt", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)));

    [TestCase("bash")]
    [TestCase("zsh")]
    [TestCase("pwsh")]
    public void Completion_prints_a_shells_script_without_building_anything(string shell)
    {
        Assert.That(Run("completion", shell).Output, Is.EqualTo(Gan.Succeed("completion", shell).Output).And.Contain("[suggest:"));
        Assert.That(File.Exists(_folder["calls"]), Is.False, "dotnet wasn't called");
    }

    [TestCase("gan gen", "generate")]
    [TestCase("./gan generate --devi", "--device")]
    public void Bash_completes_with_it(string line, string word)
    {
        var result = Run(["-c", $"""
            source <(gan completion bash)
            read -ra COMP_WORDS <<<"{line}"
            COMP_LINE="{line}" COMP_POINT={line.Length}
            complete -p gan >&2
            _gan && echo "${"{COMPREPLY[*]}"}"
            """], _folder.Path);
        Assert.That((result.Output, result.Error), Is.EqualTo(($"{word}\n", "complete -o default -F _gan gan\n")));
    }

    // What a terminal of 80 columns shows is the text itself; of others the same words, none beyond its edge.
    [Test]
    public void Help_is_as_wide_as_the_terminal([Values(40, 60, 100)] int width, [Values("generate", "train", "setup")] string verb)
    {
        var text = File.ReadAllText(Directory.GetFiles(_folder["docs/verbs"], $"{verb}.txt", SearchOption.AllDirectories).Single());
        var result = Run(["-c",
            $"command -v script >/dev/null || exit 9; script -qec 'stty cols {width}; gan {verb} --help' /dev/null"], _folder.Path);
        if (result.ExitCode == 9)
            Assert.Ignore("The program script makes the terminal.");
        var shown = result.Output.Replace("\r", "", StringComparison.Ordinal);
        var examples = shown.Split('\n').TakeWhile(line => line != "Examples").ToArray();
        // The title isn't broken, nor is a word that is longer than what there is.
        Assert.That(examples[1..].Where(line => line.Trim().Contains(' ')), Has.All.Matches<string>(line => line.Length <= width));
        Assert.That(shown.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries)));
        if (width > 80)
            Assert.That(examples, Has.Length.LessThanOrEqualTo(text.Split('\n').TakeWhile(line => line != "Examples").Count()));
    }

    [TestCase("draw", "gan: there is no verb 'draw'.")]
    [TestCase("setup --cpu", "gan: setup takes --cuda or nothing, not '--cpu'. See: gan --help")]
    public void A_wrong_call_ends_with_2(string call, string sentence)
    {
        var result = Run(call.Split(' '));
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith(sentence));
    }

    [Test]
    public void Arguments_reach_the_program_as_they_are()
    {
        string[] arguments = ["generate", "my model", "--out", "a|b & c.png", "", "*", "$HOME"];
        var result = Run(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(Calls()[^1], Is.EqualTo(
            $"[{_folder["artifacts/bin/GanOnnx.Cli/release/gan-inference.dll"]}]{string.Concat(arguments.Select(a => $"[{a}]"))}"));
    }

    [Test]
    public void The_programs_exit_code_is_the_scripts()
    {
        Dotnet("*gan-inference.dll*) exit 130 ;;");
        Assert.That(Run("inspect").ExitCode, Is.EqualTo(130));
    }

    [Test]
    public void A_broken_restore_ends_with_the_package_and_the_reason()
    {
        Dotnet("[[]restore*) echo \"$root/a.csproj : error NU1101: Unable to find package Some.Package. No packages exist with this id. "
            + "[$root/a.csproj]\"; exit 1 ;;");
        var result = Run("generate");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error.TrimEnd().Split('\n')[1..], Is.EqualTo([
            "error NU1101: Unable to find package Some.Package. No packages exist with this id.", "gan: restoring packages failed"]));
    }

    [Test]
    public void Long_work_tells_what_it_is_at()
    {
        Dotnet("[[]restore*) echo '  GET REGISTRY/some.package/1.2.0/some.package.1.2.0.nupkg'; sleep 7 ;;");
        Assert.That(Run("generate").Error, Does.Contain("gan: restoring packages, 5 s: some.package.1.2.0"));
    }

    [Test]
    public void What_is_built_is_built_again_only_after_a_change_or_without_its_packages()
    {
        Assert.That(Builds(() => Run("inspect")), Is.EqualTo(1), "the first time");
        Assert.That(Builds(() => Run("generate")), Is.Zero, "nothing changed");
        Assert.That(Calls(), Has.Length.EqualTo(1), "the program is all that is started");

        File.WriteAllText(_folder["inference/New.cs"], "");
        File.SetLastWriteTimeUtc(_folder["inference/New.cs"], DateTime.UtcNow.AddSeconds(2));
        Assert.That(Builds(() => Run("generate")), Is.EqualTo(1), "a file was added");
        File.Delete(_folder["inference/New.cs"]);
        Run("generate");

        Directory.Delete(_folder["packages/one"], recursive: true);
        Assert.That(Builds(() => Run("generate")), Is.EqualTo(1), "a package is gone");
    }

    [Test]
    public void Setup_with_cuda_is_remembered_until_setup_without()
    {
        Run("setup", "--cuda");
        Assert.That(Calls().Where(call => call.Contains("[restore]", StringComparison.Ordinal)), Has.All.EndsWith("[-p:Cuda=true]"));
        File.Delete(_folder["calls"]);

        Run("setup");
        Assert.That(Calls().Where(call => call.Contains("[restore]", StringComparison.Ordinal)),
            Has.Exactly(2).Items.And.None.Contain("Cuda"));
    }

    // A program named dotnet that notes its arguments, each in brackets, and does what a case of the shell says.
    private void Dotnet(string cases)
    {
        var path = _folder["bin/dotnet"];
        Directory.CreateDirectory(_folder["bin"]);
        File.WriteAllText(path, $"""
            #!/usr/bin/env bash
            root={_folder.Path}
            call=$(printf '[%s]' "$@")
            echo "$call" >>"$root/calls"
            case $call in {cases} *) ;; esac
            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string[] Calls() => File.ReadAllLines(_folder["calls"]);

    private int Builds(Action run)
    {
        File.Delete(_folder["calls"]);
        run();
        return Calls().Count(call => call.StartsWith("[build]", StringComparison.Ordinal));
    }

    private GanResult Run(params string[] arguments) =>
        Run(arguments is ["./gan", ..] ? arguments : [_folder["gan"], .. arguments], _folder.Path);

    private GanResult Run(string[] call, string folder)
    {
        var start = new ProcessStartInfo("bash", call)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["PATH"] = $"{_folder["bin"]}:{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new GanResult(process.ExitCode, output, error.Result);
    }
}
