using System.Diagnostics;
using System.Globalization;

namespace GanOnnx.Tests.Shared.Kills;

/// <summary>A run that gets two signals, one soon after the other: it saves what it has, says so, and ends with 130.</summary>
internal sealed class SignalRounds
{
    public static readonly string[] Signals = ["INT", "TERM", "HUP"];

    private readonly string _home;
    private readonly string[] _arguments =
        ["train", "--data", "synthetic:digits", "--kimg", "8", "--tick", "1", "--width", "4", "--batch", "20"];

    private readonly Lazy<byte[]> _unbroken;
    private int _runs;

    public SignalRounds(string home)
    {
        _home = home;
        _unbroken = new(() =>
        {
            Victim.Run([.. _arguments, "--out", Folder("unbroken")]);
            return File.ReadAllBytes(Checkpoint(Folder("unbroken")));
        });
    }

    /// <summary>Sends two signals.</summary>
    /// <param name="first">The first one's name.</param>
    /// <param name="second">The second one's.</param>
    /// <param name="gap">The time between them.</param>
    /// <param name="resume">Whether to go on with the run and compare it with one that got none.</param>
    public void Send(string first, string second, TimeSpan gap, bool resume)
    {
        var folder = Folder($"{_runs++}");
        using var run = Victim.Start([.. _arguments, "--out", folder]);
        while (!File.Exists(Path.Combine(folder, "metrics.jsonl")))
        {
            if (run.HasExited)
                throw new InvalidOperationException($"It ended before its first tick: {run.Error}");
            Thread.Sleep(5);
        }
        run.Send(first);
        Thread.Sleep(gap);
        run.Send(second);
        var code = run.Wait();
        var what = string.Create(CultureInfo.InvariantCulture, $"{first}, {gap.TotalSeconds:0.00} s, {second}");
        if (code != 130 || !run.Output.StartsWith("Stopped and saved. Go on: ", StringComparison.Ordinal))
            throw new InvalidOperationException($"{what}: exit code {code}, {run.Output}{run.Error}");
        Wholeness.CheckCheckpoint(Checkpoint(folder));
        if (resume)
        {
            Victim.Run([.. _arguments, "--out", folder, "--resume"]);
            if (!File.ReadAllBytes(Checkpoint(folder)).AsSpan().SequenceEqual(_unbroken.Value))
                throw new InvalidOperationException($"{what}: the run that went on came to another end.");
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Starts a verb that hangs in native code: in writing to a pipe that is full and that nobody reads.</summary>
    public static Victim StartHanging(string home)
    {
        var pipe = Path.Combine(home, $"pipe {Guid.NewGuid():N}");
        var victim = Victim.StartShell(
            $"mkfifo '{pipe}' && exec 3<>'{pipe}' && head -c 65536 /dev/zero >&3 && exec dotnet \"$0\" info >&3", "info");
        Thread.Sleep(TimeSpan.FromSeconds(4)); // it can't tell that it hangs
        return victim;
    }

    /// <summary>Sends signals to what hangs.</summary>
    /// <returns>How long it lived then, and its exit code.</returns>
    public static (TimeSpan Time, int ExitCode) Send(Victim hanging, params string[] signals)
    {
        var watch = Stopwatch.StartNew();
        foreach (var signal in signals)
        {
            hanging.Send(signal);
            // What comes sooner counts as the same wish.
            if (signals.Length > 1)
                Thread.Sleep(1100);
        }
        var code = hanging.Wait();
        return (watch.Elapsed, code);
    }

    private static string Checkpoint(string folder) => Path.Combine(folder, "checkpoint.safetensors");

    private string Folder(string name) => Path.Combine(_home, $"signals {name}");
}
