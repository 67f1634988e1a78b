using System.Diagnostics;

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
