using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using GanOnnx.Cli.Info;
using GanOnnx.CommandLine;

namespace GanOnnx.Cli;

/// <summary><c>gan info</c>: versions, engines and their devices, and the machine; what a report of a fault should say.</summary>
internal static class InfoCommand
{
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("info", "tell versions, engines, devices and the processor", Run, "", "--json") { _json };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        Engine[] engines = [.. Engines.All()];
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var version = Engines.VersionOf(typeof(InfoCommand).Assembly);
        Results.Print(parsed.GetValue(_json), new
        {
            version,
            dotnet = Environment.Version.ToString(),
            system = RuntimeInformation.OSDescription,
            architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            processor = Processor.Name,
            features = Processor.Features,
            cores = Environment.ProcessorCount,
            memory,
            engines,
        }, Text(version, engines, memory));
        return ExitCode.Done;
    }

    private static string Text(string version, IEnumerable<Engine> engines, long memory)
    {
        var text = new StringBuilder();
        void Line(string name, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"{name,-13} {value}");

        Line("GanOnnx", version);
        Line(".NET", $"{Environment.Version}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}");
        foreach (var engine in engines)
            Line(engine.Name, string.Join(", ",
                (string[])[engine.Version ?? "not there", .. engine.Devices,
                .. engine.Remark is { } remark ? [remark] : Array.Empty<string>()]));
        Line("processor", string.Join(", ", [Processor.Name, $"{Environment.ProcessorCount} cores", .. Processor.Features]));
        Line("memory", string.Create(CultureInfo.InvariantCulture, $"{memory / 1e9:0.0} GB"));
        return text.ToString().TrimEnd();
    }
}
