using System.Reflection.PortableExecutable;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What a program does before its work.</summary>
public sealed class StartTests
{
    // ONNX Runtime 1.29 and later, which keep quiet on machines of continuous integration.
    [TestCase("gan-inference", "inspect", "fashion-dcgan")]
    [TestCase("gan-training", "export", "run", "--out", "again.onnx")]
    public void ONNX_Runtime_keeps_no_number_of_this_device_and_sends_nothing(string program, params string[] verb)
    {
        using var folder = new TemporaryFolder();
        if (program == "gan-training")
        {
            Gan.Succeed("train", "--data", "synthetic:digits", "--out", folder["run"], "--kimg", "1", "--width", "8", "--batch", "100");
            verb = [verb[0], folder["run"], verb[2], folder["again.onnx"]];
        }
        Directory.CreateDirectory(folder["home"]);

        using var process = Gan.Start(start =>
        {
            foreach (var name in start.Environment.Keys.Where(name => name is "CI" or "ORT_DISABLE_TELEMETRY" or "XDG_CACHE_HOME"
                || name.StartsWith("GITHUB_", StringComparison.Ordinal)).ToArray())
                start.Environment.Remove(name);
            start.Environment["HOME"] = folder["home"];
            start.Environment["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        }, verb);
        process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(Directory.EnumerateFileSystemEntries(folder["home"], "*onnxruntime*", SearchOption.AllDirectories), Is.Empty);
    }

    // The time of a start is that of compiling, else.
    [TestCase("gan-inference")]
    [TestCase("GanOnnx.Inference")]
    [TestCase("GanOnnx.Onnx")]
    [TestCase("SixLabors.ImageSharp")]
    [TestCase("System.CommandLine")]
    public void The_program_is_compiled_ahead_of_time(string assembly)
    {
        var path = Path.Combine(Path.GetDirectoryName(Gan.InferenceProgram)!, assembly + ".dll");
        using var image = new PEReader(File.OpenRead(path));

        Assert.That(image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size, Is.Positive);
    }
}
