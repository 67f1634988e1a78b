using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GanOnnx.CommandLine;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP, which a lost connection sends: the first asks the verb to stop, which may save what it has; the
/// third ends the program at once. What doesn't stop within a minute, as code that never looks, is ended then.
/// </summary>
internal sealed partial class Interruption : IDisposable
{
    private const int Last = 3;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    // timeout and terminals send a signal to the process and to its group, which is one wish.
    private static readonly TimeSpan _once = TimeSpan.FromSeconds(1);

    // Never given back: a signal that comes as the program ends would change its exit code.
    private static readonly List<PosixSignalRegistration> _registrations = [];

    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly Lock _lock = new();
    private long _counted;
    private int _count;

    public Interruption()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            if (!IsIgnored(signal))
                _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether there was one: then the terminal may be gone as well.</summary>
    public bool IsAsked => _stop.IsCancellationRequested;

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true; // of what the system would do: end the process
        switch (Count())
        {
            case 1:
                new Thread(EndLater) { IsBackground = true, Name = nameof(Interruption) }.Start();
                _ = _stop.CancelAsync();
                break;
            case Last:
                End();
                break;
        }
        // Windows ends the process when this returns.
        if (OperatingSystem.IsWindows() && context.Signal != PosixSignal.SIGINT)
            _over.Wait(_patience);
    }

    // Which one it is, or 0 where it belongs to the one before.
    private int Count()
    {
        lock (_lock)
        {
            if (_count > 0 && Stopwatch.GetElapsedTime(_counted) < _once)
                return 0;
            _counted = Stopwatch.GetTimestamp();
            return ++_count;
        }
    }

    private void EndLater()
    {
        if (_over.Wait(_patience))
            return;
        // What hangs may hang in writing, and .NET lets one write at a time: who tells it isn't waited for long.
        var telling = new Thread(() => Console.Error.WriteLine($"gan: it didn't stop within {_patience.TotalSeconds:0} s and is ended."))
        {
            IsBackground = true,
        };
        telling.Start();
        telling.Join(_once);
        End();
    }

    // Not the ordinary way out, which waits for native code and runs its last wishes.
    private static void End()
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(ExitCode.Interrupted);
        else
            EndNow(ExitCode.Interrupted);
    }

    // nohup and shells' background jobs have some ignored, and registering would undo that.
    private static bool IsIgnored(PosixSignal signal)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var number = signal switch { PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, _ => 15 };
        const string Ignored = "SigIgn:";
        var mask = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal));
        return mask is not null && (Convert.ToUInt64(mask[Ignored.Length..].Trim(), 16) >> (number - 1) & 1) == 1;
    }

    /// <summary>Says that the verb has ended.</summary>
    public void Dispose() => _over.Set();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int exitCode);
}
