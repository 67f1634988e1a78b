using System.Diagnostics;
using GanOnnx.ContentCredentials;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Runs the verbs as the <c>gan</c> script does.</summary>
internal static class Gan
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    // Not the user's own; made beforehand, since the verb that makes it says so.
    private static readonly string _configuration = MakeConfiguration();

    /// <summary>The program of verbs that need no TorchSharp.</summary>
    public static string InferenceProgram => Program("GanOnnx.Cli", "gan-inference.dll");

    /// <summary>The program of verbs that need it.</summary>
    public static string TrainingProgram => Program("GanOnnx.Training.Cli", "gan-training.dll");

    public static GanResult Run(params string[] arguments) => Run(null, arguments);

    /// <summary>Runs a verb that must succeed.</summary>
    public static GanResult Succeed(params string[] arguments) => Succeed(null, arguments);

    /// <summary>Runs a verb that must succeed, as if the machine had that many cores.</summary>
    public static GanResult Succeed(int? cores, params string[] arguments)
    {
        var result = Run(cores, arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        return result;
    }

    public static Process Start(params string[] arguments) => Start(_ => { }, arguments);

    private static GanResult Run(int? cores, string[] arguments)
    {
        using var process = Start(start =>
        {
            if (cores is not null)
                start.Environment["DOTNET_PROCESSOR_COUNT"] = $"{cores}";
        }, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(_patience))
        {
            process.Kill();
            Assert.Fail($"gan {string.Join(' ', arguments)} didn't end within {_patience}.");
        }
        return new GanResult(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts a verb.</summary>
    /// <param name="prepare">Changes how, as its environment.</param>
    /// <param name="arguments">The verb and its arguments.</param>
    public static Process Start(Action<ProcessStartInfo> prepare, params string[] arguments)
    {
        var trains = arguments[0] is "train" or "export" or "runs" or "classifier";
        // A test run in the background ignores Ctrl-C, and what it starts would too.
        var start = OperatingSystem.IsLinux() ? new ProcessStartInfo("env", ["--default-signal=INT", "dotnet"])
            : new ProcessStartInfo("dotnet");
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.ArgumentList.Add(trains ? TrainingProgram : InferenceProgram);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["XDG_CONFIG_HOME"] = _configuration;
        start.Environment["GANONNX_MODELS"] = Path.Combine(Repository.Root, "models");
        if (trains)
            start.Environment["DOTNET_GCgen0size"] = "0x10000000";
        prepare(start);
        return Process.Start(start)!;
    }

    private static string MakeConfiguration()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "test-configuration");
        SigningIdentity.OfUser(Path.Combine(folder, "ganonnx", "signing"), out _).Dispose();
        return folder;
    }

    // artifacts/bin/PROJECT/CONFIGURATION: where the script gan starts it.
    private static string Program(string project, string file)
    {
        var tests = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(tests))!, project, Path.GetFileName(tests), file);
    }
}
