using System.Diagnostics;

namespace GanOnnx.Training.Tests;

/// <summary>Runs <c>Fixtures/tensors.py</c> by the system's Python.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";

    /// <summary>What it prints; the test is skipped by name where there is no Python with the module.</summary>
    public static string Run(string module, params string[] arguments)
    {
        var script = Path.Combine(Repository.Root, "tests/GanOnnx.Training.Tests/Fixtures/tensors.py");
        if (!File.Exists(Program) || Start(["-c", $"import {module}"]).Code != 0)
            Assert.Ignore($"This needs the system's Python with {module}.");
        var (code, output) = Start([script, .. arguments]);
        Assert.That(code, Is.Zero, output);
        return output;
    }

    private static (int Code, string Output) Start(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
