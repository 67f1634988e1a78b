using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using GanOnnx.Shared;

namespace GanOnnx.Cli;

/// <summary>The model of a run's state for a moment: written by <c>gan export</c>, in a process of the training program, because this
/// one comes without libtorch.</summary>
internal sealed class RunExport : IDisposable
{
    private const string Script = "GANONNX_COMMAND", SayPrefix = "gan: ";

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(50);

    private readonly ScratchFolder _folder;

    private RunExport(ScratchFolder folder) => (_folder, Path) = (folder, System.IO.Path.Combine(folder.Path, "model.onnx"));

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What people call it: the run's path and thousands of images.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Exports.</summary>
    /// <param name="run">A run's folder, or the file of a checkpoint or a snapshot.</param>
    /// <param name="at">Which state of it, as export takes it; null for export's own choice.</param>
    /// <param name="stop">Ends the process.</param>
    /// <exception cref="UsageException">It can't be exported, or there is no training program.</exception>
    public static RunExport Of(string run, string? at, CancellationToken stop)
    {
        var exported = new RunExport(ScratchFolder.InTemp());
        try
        {
            Console.Error.WriteLine(PlainText.Of($"exporting {run}{(at is null ? "" : $" at {at}")}"));
            string[] words = ["export", run, "--out", exported.Path, .. at is null ? Array.Empty<string>() : ["--at", at]];
            Run(run, words, stop);
            var seen = ModelMetadata.FromProperties(ModelContent.Read(exported.Path, stop).Metadata)?.Training?.ImagesSeen;
            exported.Name = run + (seen is { } images ? string.Create(CultureInfo.InvariantCulture, $" at {images / 1000.0:0} kimg") : "");
            return exported;
        }
        catch
        {
            exported.Dispose();
            throw;
        }
    }

    /// <summary>Removes the file.</summary>
    public void Dispose() => _folder.Dispose();

    private static void Run(string run, string[] words, CancellationToken stop)
    {
        using var process = Process.Start(Program(run, words))!;
        var said = Task.Run(() => Tell(process.StandardError), CancellationToken.None);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            while (!process.WaitForExit(_look))
                stop.ThrowIfCancellationRequested();
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        stop.ThrowIfCancellationRequested();
        if (process.ExitCode == ExitCode.Interrupted)
            throw new OperationCanceledException();
        var last = said.Result;
        if (process.ExitCode != ExitCode.Done)
            throw new UsageException(last is { Length: > 0 }
                ? last.StartsWith(SayPrefix, StringComparison.Ordinal) ? last[SayPrefix.Length..] : last
                : $"'{run}' can't be exported: the training program ended with exit code {process.ExitCode} and no word.");
        if (last is not null)
            Console.Error.WriteLine(last);
    }

    // Tells what the program says while it goes on; what it said last may be why it ended.
    private static string? Tell(StreamReader said)
    {
        string? last = null;
        while (said.ReadLine() is { } line)
        {
            if (last is not null)
                Console.Error.WriteLine(last);
            last = line;
        }
        return last;
    }

    // In a clone, the script that started this program, which builds the other one where it has to, or what is built beside
    // this one; else the tool.
    private static ProcessStartInfo Program(string run, string[] words)
    {
        if (Environment.GetEnvironmentVariable(Script) is { Length: > 0 } script && !OperatingSystem.IsWindows())
            return Quiet(new("/usr/bin/env", ["bash", "-c", $"exec {script} \"$@\"", "gan", .. words]));
        var here = System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var built = System.IO.Path.Combine(here, "..", "..", "GanOnnx.Training.Cli", System.IO.Path.GetFileName(here), "gan-training.dll");
        if (!File.Exists(built))
            return Quiet(new(Tool() ?? throw new UsageException($"'{run}' is a training run, and the program that exports it, {OtherProgram.Training.Name}, "
                + $"isn't there: it is a tool of its own, because libtorch is large. Install it: {OtherProgram.Training.Install}"), words));
        var start = new ProcessStartInfo("dotnet", [built, .. words]);
        start.Environment.TryAdd("DOTNET_GCgen0size", "0x10000000"); // as the script gan sets it
        return Quiet(start);
    }

    private static ProcessStartInfo Quiet(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return start;
    }

    // By its whole path: where a name alone is started, a file of that name in the current folder goes before.
    private static string? Tool() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Where(System.IO.Path.IsPathFullyQualified)
        .Select(folder => System.IO.Path.Combine(folder, OtherProgram.Training.Name + (OperatingSystem.IsWindows() ? ".exe" : "")))
        .FirstOrDefault(File.Exists);
}
