using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli.Info;

/// <summary>An engine that runs or trains models.</summary>
/// <param name="Version">Null where it isn't there.</param>
/// <param name="Devices">What it computes on here.</param>
/// <param name="Remark">Why there is no more, or where it comes from; null if there is nothing to say.</param>
internal sealed record Engine(string Name, string? Version, IReadOnlyList<string> Devices, string? Remark = null);

/// <summary>The engines of this installation, each asked without loading a model.</summary>
internal static class Engines
{
    private const string CudaProvider = "CUDAExecutionProvider";

    public static IEnumerable<Engine> All() => [OnnxRuntime(), new("ML.NET", VersionOf(typeof(MLContext).Assembly), ["cpu"]), TorchSharp()];

    /// <summary>An assembly's version as its package has it, without the commit.</summary>
    public static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? assembly.GetName().Version?.ToString() ?? "unknown";

    private static Engine OnnxRuntime()
    {
        try
        {
            var runtime = OrtEnv.Instance();
            runtime.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL; // it prints what it also throws
            var cuda = runtime.GetAvailableProviders().Contains(CudaProvider) ? CudaFault() : "not in this package of it";
            return new("ONNX Runtime", runtime.GetVersionString(), cuda is null ? ["cpu", "cuda"] : ["cpu"],
                cuda is null ? null : $"no CUDA ({cuda})");
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or OnnxRuntimeException)
        {
            return new("ONNX Runtime", null, [], e.GetBaseException().Message.Split('\n')[0]);
        }
    }

    // Why a session on the first GPU can't be had, or null where it can.
    private static string? CudaFault()
    {
        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA(0);
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            return e.Message.Split('\n')[0];
        }
    }

    // The training program is another one; what it was built with says what is there, without loading libtorch.
    private static Engine TorchSharp()
    {
        const string Name = "TorchSharp";
        var program = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var built = Path.Combine(program, "..", "..", "GanOnnx.Training.Cli", Path.GetFileName(program), "gan-training.deps.json");
        if (!File.Exists(built))
            return new(Name, null, [], "no program that trains is built here");
        try
        {
            using var dependencies = JsonDocument.Parse(File.ReadAllBytes(built));
            var packages = dependencies.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/'))
                .ToArray();
            string? Version(string package) =>
                packages.FirstOrDefault(p => p[0].StartsWith(package, StringComparison.OrdinalIgnoreCase))?[1];
            var cuda = Version("libtorch-cuda") is not null || Version("TorchSharp-cuda") is not null;
            return new(Name, Version("TorchSharp"), cuda ? ["cpu", "cuda"] : ["cpu"],
                (Version("libtorch-c")) is { } version ? $"libtorch {version}" : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            return new(Name, null, [], $"'{built}' can't be read: {e.Message}");
        }
    }
}
