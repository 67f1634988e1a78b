using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace GanOnnx.Training.Distributed;

/// <summary>
/// The processes of one run. Each has all of the networks and takes its part of every batch; the first one writes the run's files and
/// tells how it gets on. Numbers are added along a fixed tree, so that all have the same sums, to the bit, however many they are.
/// </summary>
internal sealed class Workers(ICommunicator communicator)
{
    // How long the others wait before they tell what went wrong: where it went wrong for all, the first one tells it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _exchanging = new(), _running = new();
    private string[] _hosts = [communicator.Host];
    private StringWriter? _said;
    private TextWriter? _error;

    /// <summary>Those of this process's run: itself alone, until <see cref="Join"/> finds others.</summary>
    public static Workers Current { get; private set; } = new(new Alone());

    /// <summary>This worker's number, from 0.</summary>
    public int Rank => communicator.Rank;

    /// <summary>How many there are.</summary>
    public int Count => communicator.Count;

    /// <summary>Whether this is the one that writes files.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Whether all have come to the end of their work together.</summary>
    public bool HaveEnded { get; set; }

    /// <summary>How many there are, on which machines, and how long this one exchanged numbers or waited for others while it trained; null
    /// for one alone.</summary>
    public string? Summary
    {
        get
        {
            if (Count == 1)
                return null;
            var hosts = string.Join(", ", _hosts.GroupBy(host => host).Select(host => $"{host.Key} ({host.Count()})"));
            var (exchanging, all) = (_exchanging.Elapsed.TotalSeconds, _running.Elapsed.TotalSeconds);
            return string.Create(CultureInfo.InvariantCulture,
                $"{Count} workers on {hosts}: {exchanging:0.0} of {all:0.0} s went to exchanging gradients and waiting for each other");
        }
    }

    /// <summary>Connects this process with those that were started together with it, if it was. What the others than the first print isn't
    /// shown, unless they alone fail.</summary>
    /// <exception cref="TrainingException">There are others, but nothing that connects them.</exception>
    public static void Join()
    {
        if (Current.Count > 1 || Mpi.Started == 1)
            return;
        Current = new(Mpi.Join());
        if (!Current.IsFirst)
            Current.KeepQuiet();
        Current.Begin();
    }

    private void KeepQuiet()
    {
        (_said, _error) = (new StringWriter(CultureInfo.InvariantCulture), Console.Error);
        Console.SetError(_said);
        Console.SetOut(TextWriter.Null);
    }

    /// <summary>Learns who the others are, on all of them at once.</summary>
    public void Begin()
    {
        if (BitOperations.IsPow2(Count))
            _hosts = Gather(communicator.Host);
    }

    /// <summary>Ends this worker: with the others, where all have come to their end, and else all of them at once.</summary>
    /// <param name="code">What this process returns.</param>
    public void Leave(int code)
    {
        if (Count == 1)
            return;
        if (code == 0 || HaveEnded)
        {
            communicator.Leave();
            return;
        }
        if (_said is not null)
        {
            Thread.Sleep(_patience); // the first one ends it sooner where it has failed too
            foreach (var line in _said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
                _error!.WriteLine($"worker {Rank} on {communicator.Host}: {line}");
            _error!.Flush();
        }
        communicator.Abort(code);
    }

    /// <summary>Measures from now on.</summary>
    public void BeginTraining()
    {
        _exchanging.Reset();
        _running.Restart();
    }

    /// <summary>Adds the numbers of all workers: those of neighbours, then of neighbouring pairs, and so on. All get the same.</summary>
    /// <param name="numbers">This worker's; gets the sums.</param>
    /// <param name="received">As many, to be written over.</param>
    public void Sum(Span<float> numbers, Span<float> received)
    {
        for (var distance = 1; distance < Count; distance *= 2)
        {
            Exchange(Rank ^ distance, MemoryMarshal.AsBytes(numbers), MemoryMarshal.AsBytes(received));
            Add(numbers, received);
        }
    }

    /// <summary>a + b into a.</summary>
    public static void Add(Span<float> sums, ReadOnlySpan<float> numbers)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var from = MemoryMarshal.Cast<float, Vector<float>>(numbers)[..to.Length];
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i];
        for (var i = to.Length * Vector<float>.Count; i < sums.Length; i++)
            sums[i] += numbers[i];
    }

    /// <summary>Whether any of them says yes.</summary>
    public bool Any(bool here)
    {
        Span<float> sum = [here ? 1 : 0], received = [0];
        Sum(sum, received);
        return sum[0] > 0;
    }

    /// <summary>What the first one says; the others wait for it.</summary>
    /// <param name="text">What it is, if this is the first one.</param>
    public string First(string text = "") => Gather(IsFirst ? text : "")[0];

    /// <summary>What each says, by their numbers.</summary>
    /// <param name="text">What this one says.</param>
    public string[] Gather(string text)
    {
        string[] all = [text];
        for (var distance = 1; distance < Count; distance *= 2)
        {
            var (partner, mine) = (Rank ^ distance, JsonSerializer.SerializeToUtf8Bytes(all));
            Span<int> length = [mine.Length], otherLength = [0];
            Exchange(partner, MemoryMarshal.AsBytes(length), MemoryMarshal.AsBytes(otherLength));
            // Both send as much as the longer of them.
            var (sent, received) = (new byte[Math.Max(length[0], otherLength[0])], new byte[Math.Max(length[0], otherLength[0])]);
            mine.CopyTo(sent, 0);
            Exchange(partner, sent, received);
            var others = JsonSerializer.Deserialize<string[]>(received.AsSpan(0, otherLength[0]))!;
            all = partner > Rank ? [.. all, .. others] : [.. others, .. all];
        }
        return all;
    }

    /// <summary>Checks that all know the same.</summary>
    /// <param name="known">What this one knows, each by what it is called.</param>
    /// <exception cref="TrainingException">Some worker knows something else than the first; the message tells who and what.</exception>
    public void Compare(IReadOnlyDictionary<string, string> known)
    {
        if (Count == 1)
            return;
        var all = Gather(JsonSerializer.Serialize(known))
            .Select(text => JsonSerializer.Deserialize<Dictionary<string, string>>(text)!).ToArray();
        var differences =
            from rank in Enumerable.Range(1, Count - 1)
            let different = all[0].Keys.Union(all[rank].Keys)
                .Where(key => all[0].GetValueOrDefault(key) != all[rank].GetValueOrDefault(key)).ToArray()
            where different.Length > 0
            select $"worker {rank} on {_hosts[rank]} has "
                + string.Join(", ", different.Select(key => $"{key} {Quoted(all[rank], key)}, not {Quoted(all[0], key)}"));
        if (differences.FirstOrDefault() is { } difference)
            throw new TrainingException($"The workers of a run need the same options, data and versions, but {difference} as worker 0 on "
                + $"{_hosts[0]}.");
    }

    private static string Quoted(Dictionary<string, string> known, string key) =>
        known.GetValueOrDefault(key) is { Length: > 0 } value ? value : "none";

    private void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received)
    {
        _exchanging.Start();
        communicator.Exchange(partner, sent, received);
        _exchanging.Stop();
    }
}
