using System.Diagnostics;
using System.Globalization;

namespace GanOnnx.Tests.Shared.Kills;

/// <summary>A program of ours as a process that is killed, or gets signals, at a moment of our choice.</summary>
internal sealed class Victim : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Task<string> _output, _error;

    private Victim(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["GANONNX_MODELS"] = Path.Combine(Repository.Root, "models");
        start.Environment["DOTNET_GCgen0size"] = "0x10000000";
        start.Environment["OMP_NUM_THREADS"] = "1"; // threads that wait for each other on a busy machine take most of the time
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public string Output => _output.Result;

    public string Error => _error.Result;

    public bool HasExited => _process.HasExited;

    /// <summary>The program that has a verb: artifacts/bin/PROJECT/CONFIGURATION, as this one's own.</summary>
    public static string ProgramOf(string verb)
    {
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var (project, file) = verb is "train" or "export" or "classifier" ? ("GanOnnx.Training.Cli", "gan-training.dll")
            : ("GanOnnx.Cli", "gan-inference.dll");
        return Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(own))!, project, Path.GetFileName(own), file);
    }

    /// <summary>Starts one of the programs with a verb and its arguments.</summary>
    public static Victim Start(params string[] arguments) => StartFile(ProgramOf(arguments[0]), arguments);

    /// <summary>Starts a .NET program.</summary>
    public static Victim StartFile(string program, params string[] arguments) => new(Plain("dotnet", [program, .. arguments]));

    /// <summary>Starts a shell's line, in which <c>$0</c> is the program of a verb.</summary>
    public static Victim StartShell(string line, string verb) => new(Plain("sh", ["-c", line, ProgramOf(verb)]));

    /// <summary>Runs a verb to its end, which must be well.</summary>
    public static TimeSpan Run(params string[] arguments)
    {
        using var victim = Start(arguments);
        return victim.Succeed();
    }

    /// <summary>Waits for its end, which must be well.</summary>
    public TimeSpan Succeed()
    {
        var watch = Stopwatch.StartNew();
        var code = Wait();
        return code == 0 ? watch.Elapsed : throw new InvalidOperationException($"exit code {code}: {Output}{Error}");
    }

    /// <summary>Kills it after a time, as <c>kill -9</c> does.</summary>
    /// <returns>False where it had ended before, well.</returns>
    public bool Kill(TimeSpan after)
    {
        if (_process.WaitForExit(after))
        {
            Succeed();
            return false;
        }
        _process.Kill();
        _process.WaitForExit();
        return true;
    }

    /// <summary>Sends a signal by its name, as <c>INT</c>.</summary>
    public void Send(string signal) => Process.Start("sh", ["-c", $"kill -{signal} {_process.Id} 2>/dev/null || true"]).WaitForExit();

    /// <summary>Waits for its end and tells its exit code.</summary>
    public int Wait()
    {
        if (_process.WaitForExit(_patience))
        {
            _process.WaitForExit();
            return _process.ExitCode;
        }
        _process.Kill();
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"It didn't end within {_patience}."));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    // A program run in a shell's background ignores Ctrl-C, and what it starts would too.
    private static ProcessStartInfo Plain(string program, IEnumerable<string> arguments) =>
        new("env", ["--default-signal=INT,HUP,TERM", program, .. arguments]);
}
