using System.Diagnostics;
using System.Globalization;
using GanOnnx.Export;
using GanOnnx.Tests.Shared.Kills;
using GanOnnx.Training;

namespace GanOnnx.Benchmarks;

/// <summary>Programs of ours that are killed or get signals at many moments: nothing is lost or half written, and runs go on to the
/// bit.</summary>
internal static class KillBenchmark
{
    /// <summary>What this program calls itself with to be killed: an export with the weights in a second file, which no verb makes of so
    /// small a model.</summary>
    public const string ExportVerb = "export-with-external-data";

    /// <summary>Kills training of three architectures, export, export with external data, generate and interpolate in turn.</summary>
    public static void Kill(int kills, int seed) => InFolder(home =>
    {
        var programs = KillRounds.Programs(home);
        Victim Start(string architecture, string folder) => Victim.StartFile(typeof(KillBenchmark).Assembly.Location, ExportVerb,
            Path.Combine(home, $"train {architecture} unbroken"), Path.Combine(folder, "m.onnx"));
        var external = new KilledWriting(home, "export with external data",
            folder => Start("mlp", folder), folder => Start("dcgan", folder));
        Console.WriteLine(KillRounds.Run(kills, seed, [.. programs, external], Console.Error.WriteLine));
        Console.WriteLine("nothing lost, nothing half written, every run resumed to the bit");
    });

    /// <summary>Exports as <c>gan export</c> does, but with external data.</summary>
    public static void Export(string run, string model)
    {
        using var generator = TrainedGenerator.Load(run);
        OnnxExporter.Export(generator.Module, [.. generator.Inputs.Select(i => i.Example)], model,
            new OnnxExportOptions
            {
                InputNames = [.. generator.Inputs.Select(i => i.Name)],
                OutputNames = ["image"],
                ExternalDataThreshold = 0,
            });
    }

    /// <summary>Sends every pair of signals, 0.05 to 1 s apart, to a run, and signals to what hangs.</summary>
    public static void Signal(int seed) => InFolder(home =>
    {
        using var hanging = SignalRounds.StartHanging(home);
        var ended = Task.Run(() => SignalRounds.Send(hanging, "TERM"));
        var (rounds, random, count) = (new SignalRounds(home), new Random(seed), 0);
        foreach (var first in SignalRounds.Signals)
            foreach (var second in SignalRounds.Signals)
                foreach (var least in (double[])[0.05, 0.1, 0.2, 0.4, 0.7])
                {
                    rounds.Send(first, second, TimeSpan.FromSeconds(least + random.NextDouble() * (least >= 0.7 ? 0.3 : least)),
                        resume: count % 5 == 0);
                    Console.Error.WriteLine($"{++count} pairs");
                }
        Console.WriteLine($"{count} pairs of signals: each run saved, said so and ended with 130; every fifth went on to the bit");

        Report("after one", ended.Result, TimeSpan.FromSeconds(65));
        using var again = SignalRounds.StartHanging(home);
        Report("after three", SignalRounds.Send(again, "INT", "TERM", "HUP"), TimeSpan.FromSeconds(10));
    });

    private static void Report(string when, (TimeSpan Time, int ExitCode) end, TimeSpan limit)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"a verb that hangs in native code: ended {when} signal(s) with {end.ExitCode} in {end.Time.TotalSeconds:0.0} s"));
        if (end.ExitCode != 130 || end.Time > limit)
            throw new InvalidOperationException("too late, or with another exit code");
    }

    private static void InFolder(Action<string> run)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-kills-").FullName;
        var watch = Stopwatch.StartNew();
        run(folder);
        Directory.Delete(folder, recursive: true); // where it failed, the files stay to be looked at
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"in {watch.Elapsed.TotalMinutes:0.0} minutes"));
    }
}
