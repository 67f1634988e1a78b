using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GanOnnx.Tests.Shared;

namespace GanOnnx.Benchmarks;

/// <summary>
/// A large set that several processes make, each killed now and then and started again: in the end <c>gan verify</c> finds nothing, and
/// what is broken afterwards it finds and names.
/// </summary>
internal static class SetBenchmark
{
    private const int PerFile = 5000;

    private static readonly TimeSpan _soonest = TimeSpan.FromSeconds(4), _latest = TimeSpan.FromSeconds(25);

    /// <param name="count">How many images.</param>
    /// <param name="processes">How many processes make them.</param>
    /// <param name="kills">How many times one of them is killed.</param>
    /// <param name="format">What the set's files are.</param>
    public static int Run(long count, int processes, int kills, string format)
    {
        var home = Directory.CreateTempSubdirectory("ganonnx-set-").FullName;
        var set = Path.Combine(home, "set");
        string[] call = ["generate", "models/fashion-dcgan", "--count", $"{count}", "--images-per-file", $"{PerFile}", "--format", format, "--out", set, "--unsigned"];
        var (time, random, killed, most) = (Stopwatch.StartNew(), new Random(1), 0, 0L);
        var memory = new List<long>();
        var running = new Process?[processes];
        var done = new bool[processes];
        var next = time.Elapsed + Wait(random);
        while (done.Contains(false))
        {
            for (var i = 0; i < processes; i++)
                if (!done[i] && (running[i] is null || running[i]!.HasExited))
                {
                    if (running[i] is { ExitCode: 0 })
                    {
                        done[i] = true;
                        continue;
                    }
                    running[i] = Start([.. call, "--shard", $"{i}/{processes}"]);
                }
            if (time.Elapsed > next && killed < kills
                && running.Where(process => process is { HasExited: false }).ToArray() is { Length: > 0 } alive)
            {
                alive[random.Next(alive.Length)]!.Kill();
                killed++;
                next = time.Elapsed + Wait(random);
            }
            foreach (var process in running)
                if (process is { HasExited: false })
                {
                    process.Refresh();
                    most = Math.Max(most, process.WorkingSet64);
                }
            if (memory.Count <= time.Elapsed.TotalSeconds / 30)
            {
                memory.Add(most >> 20);
                most = 0;
            }
            Thread.Sleep(200);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count:N0} images by {processes} processes, {killed} kills: {time.Elapsed.TotalMinutes:0.0} min; largest process every 30 s, MiB: {string.Join(' ', memory)}"));

        var left = Directory.EnumerateFileSystemEntries(set, ".*").Count();
        var whole = Verify(set, "as it is", 200);
        var files = Directory.GetFiles(set, $"0*.{format}").Order(StringComparer.Ordinal).ToArray();
        var random2 = files[random.Next(files.Length)];
        var content = File.ReadAllBytes(random2);
        content[random.Next(content.Length)] ^= 1;
        var kept = File.ReadAllBytes(random2);
        File.WriteAllBytes(random2, content);
        var changed = Verify(set, $"a byte of {Path.GetFileName(random2)} changed", 0);
        File.WriteAllBytes(random2, kept);
        var gone = files[random.Next(files.Length)];
        File.Move(gone, Path.Combine(home, "gone"));
        var missing = Verify(set, $"{Path.GetFileName(gone)} away", 0);
        File.Move(Path.Combine(home, "gone"), gone);
        var manifest = Directory.GetFiles(set, "manifest*")[0];
        var lines = File.ReadAllLines(manifest);
        var last = JsonNode.Parse(lines[^1])!;
        last["first"] = (long)last["first"]! - 1;
        File.WriteAllLines(manifest, [.. lines[..^1], last.ToJsonString()]);
        var overlap = Verify(set, $"{last["file"]} one image earlier", 0);
        File.WriteAllLines(manifest, lines);
        Console.WriteLine($"hidden files left: {left}");
        var holds = (whole, changed, missing, overlap) == (0, 1, 1, 1) && left == 0;
        if (holds)
            Directory.Delete(home, recursive: true); // where it failed, the files stay to be looked at
        return holds ? 0 : 1;
    }

    private static TimeSpan Wait(Random random) => _soonest + random.NextDouble() * (_latest - _soonest);

    private static Process Start(string[] call)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "artifacts/bin/GanOnnx.Cli/release/gan-inference.dll"));
        foreach (var argument in call)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("gan:", StringComparison.Ordinal) == true)
                Console.Error.WriteLine(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int Verify(string set, string what, int sample)
    {
        var time = Stopwatch.StartNew();
        using var process = Start(["verify", set, "--model", "models", "--sample", $"{sample}"]);
        var output = new List<string>();
        process.OutputDataReceived += (_, line) => output.Add(line.Data ?? "");
        process.WaitForExit();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: exit code {process.ExitCode} in {time.Elapsed.TotalSeconds:0} s: {string.Join(" | ", output.Where(line => line.Length > 0).Take(4))}"));
        return process.ExitCode;
    }
}
