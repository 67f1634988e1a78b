using System.Diagnostics;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What a program left behind.</summary>
internal sealed record GanResult(int ExitCode, string Output, string Error);

/// <summary>Runs the verbs as the <c>gan</c> script does.</summary>
internal static class Gan
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

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

    public static Process Start(params string[] arguments) => Start(null, arguments);

    private static GanResult Run(int? cores, string[] arguments)
    {
        using var process = Start(cores, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(_patience))
        {
            process.Kill();
            Assert.Fail($"gan {string.Join(' ', arguments)} didn't end within {_patience}.");
        }
        return new GanResult(process.ExitCode, output, error.Result);
    }

    private static Process Start(int? cores, string[] arguments)
    {
        var program = arguments[0] is "train" or "export" or "evaluate" ? "gan-training.dll" : "gan-inference.dll";
        // A test run in the background ignores Ctrl-C, and what it starts would too.
        var start = OperatingSystem.IsLinux() ? new ProcessStartInfo("env", ["--default-signal=INT", "dotnet"]) : new ProcessStartInfo("dotnet");
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["GANONNX_MODELS"] = Path.Combine(Repository.Root, "models");
        if (program == "gan-training.dll")
            start.Environment["DOTNET_GCgen0size"] = "0x10000000";
        if (cores is not null)
            start.Environment["DOTNET_PROCESSOR_COUNT"] = $"{cores}";
        return Process.Start(start)!;
    }
}
