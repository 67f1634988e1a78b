using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GanOnnx.Benchmarks.Serving;

/// <summary>Connections that each ask for one picture after the other. Plain sockets: a client that costs little leaves the figures to the
/// server.</summary>
internal sealed class LoadClient(int port)
{
    private long _seed;

    /// <summary>What was answered.</summary>
    /// <param name="Statuses">How often each status.</param>
    /// <param name="Seconds">How long each picture took, the shortest first.</param>
    /// <param name="Elapsed">The whole time.</param>
    public sealed record Answers(IReadOnlyDictionary<int, int> Statuses, double[] Seconds, TimeSpan Elapsed)
    {
        public double Rate => Seconds.Length / Elapsed.TotalSeconds;

        public double Quantile(double part) =>
            Seconds.Length == 0 ? double.NaN : Seconds[Math.Min(Seconds.Length - 1, (int)(part * Seconds.Length))];
    }

    /// <summary>Asks for as long as that.</summary>
    public async Task<Answers> Run(int connections, TimeSpan duration)
    {
        var time = Stopwatch.StartNew();
        var results = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Ask(time, duration))).ConfigureAwait(false);
        var elapsed = time.Elapsed;
        var statuses = results.SelectMany(result => result.Statuses).CountBy(status => status).ToDictionary();
        return new(statuses, [.. results.SelectMany(result => result.Seconds).Order()], elapsed);
    }

    private async Task<(List<int> Statuses, List<double> Seconds)> Ask(Stopwatch time, TimeSpan duration)
    {
        var (statuses, seconds) = (new List<int>(), new List<double>());
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
        var buffer = new byte[64 << 10];
        while (time.Elapsed < duration)
        {
            var start = time.Elapsed;
            var request = Encoding.ASCII.GetBytes(
                $"GET /api/images/model?seed={Interlocked.Increment(ref _seed)} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await socket.SendAsync(request).ConfigureAwait(false);
            var status = await Receive(socket, buffer).ConfigureAwait(false);
            statuses.Add(status);
            if (status == 200)
                seconds.Add((time.Elapsed - start).TotalSeconds);
            else
                await Task.Delay(1).ConfigureAwait(false);
        }
        return (statuses, seconds);
    }

    // An answer with a length, which all of these have.
    private static async Task<int> Receive(Socket socket, byte[] buffer)
    {
        var (read, whole) = (0, int.MaxValue);
        while (read < whole)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(read)).ConfigureAwait(false);
            if (count == 0)
                throw new IOException("The server closed the connection.");
            read += count;
            if (whole == int.MaxValue)
                whole = WholeLength(buffer.AsSpan(0, read));
        }
        return int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int WholeLength(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return int.MaxValue;
        var head = Encoding.ASCII.GetString(answer[..end]);
        const string Length = "Content-Length: ";
        var at = head.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
            return end + 4 + int.Parse(head[(at + Length.Length)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
        // Problem documents come in chunks; a last one is empty.
        return answer.EndsWith("0\r\n\r\n"u8) ? answer.Length : int.MaxValue;
    }
}
