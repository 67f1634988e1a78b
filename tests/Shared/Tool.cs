using System.ComponentModel;
using System.Diagnostics;

namespace GanOnnx.Tests.Shared;

/// <summary>Independent programs that check what ours wrote.</summary>
internal static class Tool
{
    /// <summary>What a program prints; the test is skipped by name where the program is absent.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            throw new IgnoreException($"The program {program} is absent. Install it (Debian: libimage-exiftool-perl, gifsicle).");
        }
    }
}
