using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;

namespace GanOnnx.Cli;

/// <summary>
/// Runs the verb that was typed once more, in a process of its own with a limit on time and memory: what a stranger's model does to it,
/// it does to nothing else.
/// </summary>
internal static class Isolation
{
    public static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(1);

    public const long MostMemory = 4L << 30;

    // Memory that is asked for has to be filled to count, which takes longer than this.
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    /// <param name="parsed">What was typed.</param>
    /// <param name="isolated">The option that asked for this.</param>
    /// <param name="model">What messages call the model.</param>
    /// <param name="stop">Ends the process.</param>
    /// <exception cref="UsageException">It didn't end well by itself.</exception>
    public static int Run(ParseResult parsed, Option<bool> isolated, string model, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
        [
            .. IsHost ? [Environment.GetCommandLineArgs()[0]] : Array.Empty<string>(),
            .. parsed.Tokens.Select(token => token.Value).Where(word => word != isolated.Name),
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(default), process.StandardError.ReadToEndAsync(default));
        if (Ends(process, stop) is { } reason)
            throw new UsageException($"'{model}' was ended, because reading it {reason}. Don't use it.");

        // A process that is ended by a signal has no exit code of ours.
        if (process.ExitCode is not (ExitCode.Done or ExitCode.Failed or ExitCode.BadInput))
            throw new UsageException($"'{model}' ended the process that read it ({HowItEnded(process.ExitCode)}). Don't use it.");
        Console.Out.Write(output.Result);
        Console.Error.Write(error.Result);
        return process.ExitCode;
    }

    // Started as dotnet gan-inference.dll, and not as a program of its own.
    private static bool IsHost => Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase);

    // Null if the process ended by itself.
    private static string? Ends(Process process, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (!process.WaitForExit(_look))
            {
                stop.ThrowIfCancellationRequested();
                if (Memory(process) > MostMemory)
                    return string.Create(CultureInfo.InvariantCulture, $"takes more than {MostMemory >> 30} GB of memory");
                if (Stopwatch.GetElapsedTime(started) > LongestTime)
                    return string.Create(CultureInfo.InvariantCulture, $"takes more than {LongestTime.TotalSeconds:0} s");
            }

            return null;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    // In bytes; 0 of a process that has ended, which it may do between any two lines.
    internal static long Memory(Process process)
    {
        try
        {
            process.Refresh();
            return process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private static string HowItEnded(int code) => !OperatingSystem.IsWindows() && code > 128
        ? string.Create(CultureInfo.InvariantCulture, $"signal {code - 128}")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
}
