using System.Diagnostics;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Our programs, started as the script gan starts them.</summary>
internal static class OurPrograms
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static (int ExitCode, string Output, string Error) Generate(params string[] arguments) =>
        Finish(Start("GanOnnx.Cli", "gan-inference.dll", arguments));

    public static (int ExitCode, string Output, string Error) Serve(params string[] arguments) => Finish(StartServer(arguments));

    public static Process StartServer(params string[] arguments) => Start("GanOnnx.Server.Cli", "gan-serve.dll", ["serve", .. arguments]);

    public static (int ExitCode, string Output, string Error) Finish(Process process)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(_patience))
            {
                process.Kill();
                Assert.Fail($"It didn't end within {_patience}: {error.Result}");
            }
            return (process.ExitCode, output.Result, error.Result);
        }
    }

    private static Process Start(string project, string file, string[] arguments)
    {
        var tests = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var program = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(tests))!, project, Path.GetFileName(tests), file);
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GANONNX_MODELS"] = Path.Combine(Repository.Root, "models") },
        };
        return Process.Start(start)!;
    }
}
