using System.Diagnostics;
using System.Text.Json.Nodes;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan evaluate</c> of a training run: its state is exported for a moment, and it knows its own data.</summary>
public sealed class EvaluateRunTests
{
    private static readonly string[] _few = ["--count", "12", "--metrics", "variety"];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        RealData.FirstImages("fashion-mnist", 120, _folder["fashion"]);
        var train = Start(start => start.WorkingDirectory = _folder.Path, "train", "--data", "fashion", "--out", "run", "--arch", "mlp", "--width",
            "1", "--batch", "32", "--kimg", "2", "--tick", "1", "--snapshot-every", "1", "--fit", "pad");
        Assert.That(train.ExitCode, Is.Zero, train.Error);
        Directory.CreateDirectory(_folder["temp"]);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void A_run_is_compared_with_what_it_was_trained_on_and_called_by_its_path_and_kimg()
    {
        var result = Start(InTemp, ["evaluate", _folder["run"], .. _few, "--report", _folder["page.html"]]);
        var json = JsonNode.Parse(Start(InTemp, ["evaluate", _folder["run"], .. _few, "--json"]).Output)!;

        Assert.That(result.Output, Does.StartWith("run at 2 kimg: 12 images of seed 0, beside 12 real ones of fashion at 32 × 32\n"));
        Assert.That(result.Error, Does.Contain($"the real images are those of the run: {_folder["fashion"]}, fit pad\n"),
            "the data was given relative to another folder");
        Assert.That((string?)json["subject"], Is.EqualTo($"{_folder["run"]} at 2 kimg"));
        Assert.That(File.ReadAllText(_folder["page.html"]), Does.Contain("<h1>run at 2 kimg</h1>"));
        Assert.That(Left(_folder["temp"]), Is.Empty, "the exported file is gone");
    }

    [Test]
    public void A_snapshot_is_asked_for_by_its_kimg_or_its_file()
    {
        var snapshot = (string)JsonNode.Parse(Gan.Succeed("runs", _folder["run"], "--json").Output)![0]!["snapshots"]![0]!["path"]!;
        string Subject(params string[] words) => (string)JsonNode.Parse(Gan.Succeed(["evaluate", .. words, .. _few, "--json"]).Output)!["subject"]!;

        Assert.That(Subject(_folder["run"], "--at", "1"), Is.EqualTo($"{_folder["run"]} at 1 kimg"));
        Assert.That(Subject(snapshot), Is.EqualTo($"{snapshot} at 1 kimg"));
    }

    [Test]
    public void Other_data_may_be_given_and_the_runs_split_and_fit_then_do_not_count()
    {
        var result = Gan.Succeed(["evaluate", _folder["run"], .. _few, "--data", "synthetic:digits"]);
        Assert.That(result.Output, Does.Contain("real ones of synthetic:digits"));
        Assert.That(result.Error, Does.Not.Contain("the real images are those of the run"));
    }

    [Test]
    public void A_run_on_a_part_of_its_data_is_compared_with_that_part()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "train", "test" })
            Gan.Succeed("generate", "fashion-dcgan", "--count", part == "train" ? "16" : "20", "--out", folder[$"pictures/{part}"]);
        Gan.Succeed("train", "--data", folder["pictures"], "--split", "test", "--out", folder["run"], "--arch", "mlp", "--width", "1", "--batch",
            "10", "--kimg", "1");

        var own = Gan.Succeed(["evaluate", folder["run"], "--metrics", "variety", "--count", "100"]);
        var other = Gan.Succeed(["evaluate", folder["run"], "--metrics", "variety", "--count", "100", "--split", "train"]);

        Assert.That(own.Error, Does.Contain($"the real images are those of the run: {folder["pictures"]}, split test, fit crop\n"));
        Assert.That(own.Output, Does.Contain("beside 20 real ones"));
        Assert.That(other.Output, Does.Contain("beside 16 real ones"));
    }

    [Test]
    public void What_export_says_against_it_is_said()
    {
        var result = Start(InTemp, ["evaluate", _folder["run"], "--at", "7"]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.EndWith($"\ngan: '{_folder["run"]}' has no snapshot at 7 kimg. It has snapshots at 1, 2 kimg, and its last state.\n"));
        Assert.That(Left(_folder["temp"]), Is.Empty);
    }

    [Test]
    public void Data_that_is_gone_or_unknown_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["gone"]);
        RealData.FirstImages("fashion-mnist", 40, folder["data"]);
        Gan.Succeed("train", "--data", folder["data"], "--out", folder["run"], "--arch", "mlp", "--width", "1", "--batch", "10", "--kimg", "1");
        Directory.Move(folder["data"], folder["gone/data"]);
        var gone = Gan.Run("evaluate", folder["run"]);
        File.Delete(folder["run/images.ganonnx"]);
        var unknown = Gan.Run("evaluate", folder["run"]);

        Assert.That((gone.ExitCode, gone.Error), Is.EqualTo((2, $"gan: '{folder["data"]}', which '{folder["run"]}' was trained on, isn't there any "
            + "more. Give the real images with --data.\n")));
        Assert.That((unknown.ExitCode, unknown.Error), Is.EqualTo((2, $"gan: '{folder["run"]}' doesn't say what it was trained on. Give the real images "
            + "with --data.\n")));
    }

    [Test]
    public void As_a_tool_it_starts_gan_training_and_says_how_to_install_it()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The stand-in for the tool is a script of a Unix shell.");
        using var folder = new TemporaryFolder();
        var missing = Tool(folder, "");
        Script(folder["bin/gan-training"], $"exec dotnet '{Gan.TrainingProgram}' \"$@\"");
        var there = Tool(folder, folder["bin"] + ":");

        Assert.That(missing.ExitCode, Is.EqualTo(2));
        Assert.That(missing.Error, Does.EndWith($"\ngan: '{_folder["run"]}' is a training run, and the program that exports it, gan-training, isn't "
            + "there: it is a tool of its own, because libtorch is large. Install it: dotnet tool install --global GanOnnx.Training.Tool\n"));
        Assert.That(there.Output, Does.StartWith("run at 2 kimg: 12 images"), there.Error);
    }

    [Test]
    public void In_a_clone_the_script_is_called_as_it_was_typed()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The script gan is for Linux and macOS.");
        using var folder = new TemporaryFolder();
        Script(folder["my gan"], $"echo 'gan: getting ready' >&2; echo \"$@\" >'{folder["words"]}'; exec dotnet '{Gan.TrainingProgram}' \"$@\"");
        var result = Start(start => start.Environment["GANONNX_COMMAND"] = folder["my gan"].Replace(" ", "\\ ", StringComparison.Ordinal),
            ["evaluate", _folder["run"], "--at", "last", .. _few]);

        Assert.That(result.Output, Does.StartWith("run at 2 kimg: 12 images"), result.Error);
        Assert.That(File.ReadAllText(folder["words"]), Does.StartWith($"export {_folder["run"]} --out ").And.EndWith("/model.onnx --at last\n"));
        Assert.That(result.Error, Does.Contain("gan: getting ready\n"));
    }

    [Test]
    public void Ctrl_C_ends_the_export_too()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Sending Ctrl-C to one process takes a console of its own on Windows.");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["temp"]);
        Script(folder["gan"], $"echo $$ >'{folder["new"]}'; mv '{folder["new"]}' '{folder["pid"]}'; exec sleep 300");
        using var process = Gan.Start(start =>
        {
            start.Environment["GANONNX_COMMAND"] = folder["gan"];
            start.Environment["TMPDIR"] = folder["temp"];
        }, "evaluate", _folder["run"]);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (!File.Exists(folder["pid"]) && !process.HasExited)
            Thread.Sleep(20);
        Process.Start("sh", ["-c", $"kill -INT {process.Id}"]).WaitForExit();

        Assert.That(process.WaitForExit(TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(process.ExitCode, Is.EqualTo(130));
        using var looked = Process.Start("sh", ["-c", $"kill -0 $(cat '{folder["pid"]}') 2>{folder["answer"]}"]);
        looked.WaitForExit();
        Assert.That(looked.ExitCode, Is.Not.Zero, "it is gone");
        Assert.That(Left(folder["temp"]), Is.Empty);
    }

    // A copy elsewhere, with no training program beside it.
    private GanResult Tool(TemporaryFolder folder, string path)
    {
        var from = Path.GetDirectoryName(Gan.InferenceProgram)!;
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder["tool/any"], Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
        return Start(start =>
        {
            start.ArgumentList[start.ArgumentList.IndexOf(Gan.InferenceProgram)] = folder["tool/any/gan-inference.dll"];
            start.Environment["PATH"] = path + Environment.GetEnvironmentVariable("PATH");
        }, ["evaluate", _folder["run"], .. _few]);
    }

    private static void Script(string path, string line)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // .NET and ONNX Runtime leave files of their own.
    private static string[] Left(string folder) => Directory.GetFileSystemEntries(folder, ".ganonnx-*");

    private void InTemp(ProcessStartInfo start) => start.Environment["TMPDIR"] = _folder["temp"];

    private static GanResult Start(Action<ProcessStartInfo> prepare, params string[] arguments)
    {
        using var process = Gan.Start(prepare, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }
}
