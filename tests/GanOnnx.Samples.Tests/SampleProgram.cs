using System.Diagnostics;

namespace GanOnnx.Samples.Tests;

/// <summary>Runs a sample as a process of its own.</summary>
internal static class SampleProgram
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static (int ExitCode, string Output, string Error) Run(string name, params string[] arguments)
    {
        using var process = Start(name, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Wait(process);
        return (process.ExitCode, output, error.Result);
    }

    public static Process Start(string name, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    public static void Wait(Process process)
    {
        if (process.WaitForExit(_patience))
            return;
        process.Kill();
        Assert.Fail($"{process.StartInfo.ArgumentList[0]} didn't end within {_patience}.");
    }
}
