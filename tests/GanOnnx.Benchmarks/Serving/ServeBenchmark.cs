using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GanOnnx.Benchmarks.Serving;

/// <summary>
/// <c>gan serve</c> on one core, its client on another: beside ONNX Runtime in a loop on that core, and beside an endpoint that runs one
/// shared session for each request, in turn; then ten times as many connections, for a minute and a half.
/// </summary>
internal static class ServeBenchmark
{
    /// <summary>The verbs that this program calls itself with.</summary>
    public const string LoopVerb = "serve-loop", EndpointVerb = "serve-endpoint";

    private const int Connections = 64, Overload = 640, Rounds = 3, Batch = 16;

    // Until .NET has compiled all that requests come through once more, which on a slow core takes about that.
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(15);

    /// <param name="model">A file.</param>
    /// <param name="seconds">For each of a round.</param>
    /// <param name="core">The server's; this program's is for who starts it to choose, as with taskset.</param>
    public static async Task Run(string model, int seconds, int core)
    {
        model = Path.GetFullPath(model);
        var duration = TimeSpan.FromSeconds(seconds);
        var (loops, singles, served, naive) = (new List<Figures>(), new List<Figures>(), new List<Figures>(), new List<Figures>());
        for (var round = 0; round < Rounds; round++)
        {
            loops.Add(Loop(model, seconds, core, Batch));
            singles.Add(Loop(model, seconds, core, 1));
            served.Add(await Measure(port => Server(model, core, port), duration).ConfigureAwait(false));
            naive.Add(await Measure(port => Endpoint(model, core, port), duration).ConfigureAwait(false));
            Say($"round {round + 1}: loop {loops[^1]}, at batch 1 {singles[^1]}; gan serve {served[^1]}; endpoint {naive[^1]}");
        }
        var (rate, p99) = (Median(served, f => f.Rate), Median(served, f => f.P99));
        Say($"median rate: {rate / Median(loops, f => f.Rate):0.00} × the loop (at least 0.7), {rate / Median(naive, f => f.Rate):0.00} × the endpoint (at least 1.3), p99 {p99 * 1000:0.0} ms (at most {2000 * Connections / rate:0.0})");
        var cost = Median(served, f => f.Milliseconds);
        Say($"the same by time of the processor, whatever else runs: {Median(loops, f => f.Milliseconds) / cost:0.00} × the loop, {Median(naive, f => f.Milliseconds) / cost:0.00} × the endpoint");
        Say($"what batches gain by themselves: the loop is {Median(singles, f => f.Milliseconds) / Median(loops, f => f.Milliseconds):0.00} × itself at batch 1");
        await Overloaded(model, core).ConfigureAwait(false);
    }

    private static async Task Overloaded(string model, int core)
    {
        var port = FreePort();
        using var server = Server(model, core, port);
        var client = new LoadClient(port);
        await client.Run(Connections, _warmUp).ConfigureAwait(false);
        var memory = new List<double>();
        Dictionary<int, int> statuses = [];
        for (var part = 0; part < 9; part++)
        {
            var answers = await client.Run(Overload, TimeSpan.FromSeconds(10)).ConfigureAwait(false);
            foreach (var (status, count) in answers.Statuses)
                statuses[status] = statuses.GetValueOrDefault(status) + count;
            server.Refresh();
            memory.Add(server.WorkingSet64 / 1e6);
        }
        await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        var after = await client.Run(Connections, TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        Say($"{Overload} connections, 90 s: {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}");
        Say($"memory at every 10 s, MB: {string.Join(' ', memory.Select(m => m.ToString("0", CultureInfo.InvariantCulture)))}; a second after: {after.Rate:0}/s, p99 {after.Quantile(0.99) * 1000:0.0} ms");
        Kill(server);
    }

    private static async Task<Figures> Measure(Func<int, Process> start, TimeSpan duration)
    {
        var port = FreePort();
        using var server = start(port);
        try
        {
            var client = new LoadClient(port);
            await client.Run(Connections, _warmUp).ConfigureAwait(false);
            server.Refresh();
            var before = server.TotalProcessorTime;
            var answers = await client.Run(Connections, duration).ConfigureAwait(false);
            server.Refresh();
            var processor = (server.TotalProcessorTime - before).TotalMilliseconds / answers.Seconds.Length;
            return new(answers.Rate, processor, answers.Quantile(0.99));
        }
        finally
        {
            Kill(server);
        }
    }

    private static Figures Loop(string model, int seconds, int core, int batch)
    {
        using var loop = Start(core, Environment.ProcessPath!, [.. Self(), LoopVerb, model, $"{seconds}", $"{batch}"]);
        var told = loop.StandardOutput.ReadToEnd().Split(' ');
        loop.WaitForExit();
        return new(double.Parse(told[0], CultureInfo.InvariantCulture), double.Parse(told[1], CultureInfo.InvariantCulture), 0);
    }

    private static Process Endpoint(string model, int core, int port) =>
        Ready(Start(core, Environment.ProcessPath!, [.. Self(), EndpointVerb, model, $"{port}"]));

    private static Process Server(string model, int core, int port)
    {
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var program = Path.Combine(here, "..", "..", "GanOnnx.Server.Cli", Path.GetFileName(here), "gan-serve.dll");
        return Ready(Start(core, "dotnet", [program, "serve", model, "--port", $"{port}", "--alias", $"model={NameOf(model)}"]));
    }

    private static string NameOf(string model) => Path.GetFileName(model) == "model.onnx"
        ? Path.GetFileName(Path.GetDirectoryName(model)!) : Path.GetFileNameWithoutExtension(model);

    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [typeof(ServeBenchmark).Assembly.Location] : [];

    private static Process Start(int core, string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo("taskset", ["-c", $"{core}", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // As the server's program has it: none is measured with code that isn't optimised yet.
            Environment = { ["DOTNET_TC_QuickJit"] = "0" },
        })!;

    private static Process Ready(Process process)
    {
        process.BeginErrorReadLine(); // the log, which nobody keeps
        _ = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("It didn't start.");
        return process;
    }

    private static void Kill(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static double Median(List<Figures> figures, Func<Figures, double> of) =>
        figures.Select(of).Order().ElementAt(figures.Count / 2);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Pictures per second, milliseconds of the processor for each, and how long the slowest hundredth took at least, in
    /// seconds.</summary>
    private sealed record Figures(double Rate, double Milliseconds, double P99)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Rate:0}/s, {Milliseconds:0.000} ms of the processor each{(P99 > 0 ? $", p99 {P99 * 1000:0.0} ms" : "")}");
    }
}
