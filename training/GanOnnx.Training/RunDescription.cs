using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.Data;
using TorchSharp;

namespace GanOnnx.Training;

/// <summary>The file <c>run.json</c> of a run's folder: options, versions, the data's fingerprint.</summary>
internal static class RunDescription
{
    public const string FileName = RunMark.FileName;

    /// <summary>The program's name, which begins what a run says of its tool.</summary>
    public const string Program = RunMark.Program;

    /// <summary>The program and version that runs, checkpoints and models name.</summary>
    public static string Tool { get; } = $"{Program} {typeof(RunDescription).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>What training runs on: .NET, TorchSharp, the system, and the commit of the program's source where its build knows
    /// it.</summary>
    public static IReadOnlyDictionary<string, string> Versions { get; } = new SortedDictionary<string, string>
    {
        ["commit"] = InformationalVersion(Assembly.GetEntryAssembly()).Split('+') is [_, var commit] ? commit : "unknown",
        ["dotnet"] = Environment.Version.ToString(),
        ["os"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        ["torchsharp"] = InformationalVersion(typeof(torch).Assembly),
    };

    /// <summary>Whether a file is one: it names this program as its tool.</summary>
    public static bool IsOne(string path) => RunMark.IsOne(path);

    /// <summary>What was changed in a run each time that it went on; nothing where the file is gone or damaged.</summary>
    public static IReadOnlyList<OptionChange> ReadChanges(string folder)
    {
        try
        {
            var run = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, FileName)));
            return run?["changes"].Deserialize<OptionChange[]>(TrainingOptions.Json) ?? [];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or IOException
            or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string InformationalVersion(Assembly? assembly) =>
        assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
