using System.ComponentModel;
using System.Diagnostics;
using GanOnnx.Tests.Shared.Kills;

namespace GanOnnx.EndToEnd.Tests;

public sealed class InterruptionTests
{
    private static readonly string[] _options =
        ["--data", "synthetic:digits", "--kimg", "6", "--tick", "1", "--width", "4", "--batch", "20"];

    [Test]
    public void A_run_that_was_killed_resumes_to_the_bytes_of_an_unbroken_one()
    {
        using var folder = new TemporaryFolder();
        using (var process = Gan.Start(["train", .. _options, "--out", folder["killed"]]))
        {
            WaitForTicks(process, folder["killed"], 2);
            process.Kill(); // SIGKILL
            process.WaitForExit();
        }
        Assert.That(Ticks(folder["killed"]), Is.InRange(2, 5), "killed in the middle");

        Gan.Succeed(["train", .. _options, "--out", folder["killed"], "--resume"]);
        Gan.Succeed(["train", .. _options, "--out", folder["unbroken"]]);

        Assert.That(Checkpoint(folder["killed"]), Is.EqualTo(Checkpoint(folder["unbroken"])));
    }

    [Test]
    public void Ctrl_C_saves_and_says_how_to_go_on()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Sending Ctrl-C to one process takes a console of its own on Windows.");
        using var folder = new TemporaryFolder();
        using var process = Gan.Start(["train", .. _options, "--out", folder["run"]]);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        WaitForTicks(process, folder["run"], 1);
        var before = File.GetLastWriteTimeUtc(Path.Combine(folder["run"], "checkpoint.safetensors"));
        Process.Start("sh", ["-c", $"kill -INT {process.Id}"]).WaitForExit();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.EqualTo(130));
        Assert.That(output, Does.StartWith("Stopped and saved. Go on: gan train --data synthetic:digits --out "));
        Assert.That(File.GetLastWriteTimeUtc(Path.Combine(folder["run"], "checkpoint.safetensors")), Is.GreaterThan(before));
    }

    /// <summary>More than these: <c>dotnet run -c Release --project tests/GanOnnx.Benchmarks -- signals</c>.</summary>
    [TestCase("INT", "INT", 0.05)]
    [TestCase("TERM", "INT", 0.3)]
    [TestCase("HUP", "TERM", 0.9)]
    public void Two_signals_leave_a_whole_checkpoint_and_exit_code_130(string first, string second, double gap)
    {
        UnixOnly();
        using var folder = new TemporaryFolder();
        new SignalRounds(folder.Path).Send(first, second, TimeSpan.FromSeconds(gap), resume: first == "HUP");
    }

    [Test]
    public void The_third_signal_ends_a_verb_that_hangs_in_native_code()
    {
        UnixOnly();
        using var folder = new TemporaryFolder();
        using var hanging = SignalRounds.StartHanging(folder.Path);
        Assert.That(hanging.HasExited, Is.False);

        var (time, code) = SignalRounds.Send(hanging, "INT", "TERM", "HUP");

        Assert.That(code, Is.EqualTo(130));
        Assert.That(time, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void A_lost_terminal_saves_as_ctrl_C_does()
    {
        UnixOnly();
        using var folder = new TemporaryFolder();
        // Where script is killed, its terminal is gone: the run gets SIGHUP, and an error for whatever it writes.
        // A test run under nohup ignores SIGHUP, and what it starts would too.
        var program = OperatingSystem.IsLinux() ? "env --default-signal=HUP dotnet" : "dotnet";
        using var script = StartOrIgnore("script", "-qfec", $"exec {program} \"$PROGRAM\" train --data synthetic:digits --kimg 40 --tick 1 "
            + "--width 4 --batch 20 --out \"$RUN\"", "/dev/null");
        WaitForTicks(script, folder["run"], 1);
        var before = File.GetLastWriteTimeUtc(Path.Combine(folder["run"], "checkpoint.safetensors"));
        script.Kill();
        script.WaitForExit();
        var patience = Stopwatch.StartNew();
        while (File.Exists(Path.Combine(folder["run"], "run.lock")) && patience.Elapsed < TimeSpan.FromMinutes(1))
            Thread.Sleep(50);

        Assert.That(File.Exists(Path.Combine(folder["run"], "run.lock")), Is.False, "it ended by itself");
        Wholeness.CheckCheckpoint(Path.Combine(folder["run"], "checkpoint.safetensors"));
        Assert.That(File.GetLastWriteTimeUtc(Path.Combine(folder["run"], "checkpoint.safetensors")), Is.GreaterThan(before));

        Process StartOrIgnore(string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
            start.Environment["PROGRAM"] = Victim.ProgramOf("train");
            start.Environment["RUN"] = folder["run"];
            try
            {
                var process = Process.Start(start)!;
                process.OutputDataReceived += (_, _) => { };
                process.BeginOutputReadLine();
                return process;
            }
            catch (Win32Exception)
            {
                throw new IgnoreException("The program script is absent. Install it (Debian: bsdutils).");
            }
        }
    }

    [Test]
    public void A_run_that_nohup_started_goes_on_without_its_terminal()
    {
        UnixOnly();
        using var folder = new TemporaryFolder();
        using var run = Victim.StartShell(
            $"trap '' HUP; exec dotnet \"$0\" train {string.Join(' ', _options)} --out '{folder["run"]}'", "train");
        while (!File.Exists(Path.Combine(folder["run"], "metrics.jsonl")) && !run.HasExited)
            Thread.Sleep(20);
        run.Send("HUP");
        Assert.That(run.Wait(), Is.Zero, run.Error);
    }

    [Test]
    public void A_second_run_in_a_folder_is_refused_and_a_removed_folder_is_told_at_the_next_tick()
    {
        UnixOnly();
        using var folder = new TemporaryFolder();
        using var first = Victim.Start("train", "--data", "synthetic:digits", "--kimg", "300", "--tick", "1", "--width", "4", "--batch",
            "20", "--out", folder["run"]);
        while (!File.Exists(Path.Combine(folder["run"], "metrics.jsonl")) && !first.HasExited)
            Thread.Sleep(20);
        var second = Gan.Run("train", "--data", "synthetic:digits", "--out", folder["run"], "--resume");
        // At whatever moment, that of a tick that is being written too.
        while (Directory.Exists(folder["run"]))
            try
            {
                Directory.Delete(folder["run"], recursive: true);
            }
            catch (IOException)
            {
                // A file was made in it meanwhile.
            }

        Assert.That(first.Wait(), Is.EqualTo(1));
        Assert.That(first.Error, Does.Contain($"gan: failed: The run's folder '{folder["run"]}' was removed or replaced"));
        Assert.That(Directory.Exists(folder["run"]), Is.False);
        Assert.That(second.ExitCode, Is.EqualTo(2));
        Assert.That(second.Error, Does.Match($"gan: '{folder["run"]}' is trained in by process [0-9]+ on .* since .* UTC"));
    }

    [Test]
    public void A_folder_that_is_removed_while_pictures_are_written_there_is_no_success()
    {
        UnixOnly();
        using var folder = new TemporaryFolder();
        using var generating = Victim.Start("generate", "fashion-dcgan", "--count", "100000", "--batch", "4", "--out", folder["pictures"]);
        while (!Directory.Exists(folder["pictures"]) && !generating.HasExited)
            Thread.Sleep(20);
        Directory.Move(folder["pictures"], folder["elsewhere"]);

        Assert.That(generating.Wait(), Is.Not.Zero);
        Assert.That(Directory.Exists(folder["pictures"]), Is.False);
    }

    /// <summary>More than these: <c>dotnet run -c Release --project tests/GanOnnx.Benchmarks -- kills</c>.</summary>
    [Test]
    public void Killed_at_any_moment_nothing_is_lost_or_half_written()
    {
        UnixOnly();
        using var folder = new TemporaryFolder();
        KillRounds.Run(4, seed: 1, [new KilledTraining(folder.Path, "mlp", "--width", "4"), KillRounds.Generating(folder.Path)]);
    }

    private static void UnixOnly()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Signals and shells are Unix's.");
    }

    private static void WaitForTicks(Process process, string run, int ticks)
    {
        var patience = Stopwatch.StartNew();
        while (Ticks(run) < ticks)
        {
            if (process.HasExited || patience.Elapsed > TimeSpan.FromMinutes(3))
                Assert.Fail($"The run didn't come to {ticks} ticks.");
            Thread.Sleep(20);
        }
    }

    private static int Ticks(string run)
    {
        var path = Path.Combine(run, "metrics.jsonl");
        return File.Exists(path) ? File.ReadLines(path).Count() : 0;
    }

    private static byte[] Checkpoint(string run) => File.ReadAllBytes(Path.Combine(run, "checkpoint.safetensors"));
}
