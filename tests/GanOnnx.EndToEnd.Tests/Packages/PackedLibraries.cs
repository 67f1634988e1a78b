using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GanOnnx.EndToEnd.Tests.Packages;

/// <summary>
/// The libraries, packed as they were built, in a feed of their own, and an app made of them. Nothing is installed into the
/// machine's own package folder; what the build restored is taken from there, the rest from the registry.
/// </summary>
internal sealed class PackedLibraries
{
    public static readonly string[] Inference = ["GanOnnx.Onnx", "GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.ML", "GanOnnx.Hosting"];
    public static readonly string[] Training = ["GanOnnx.Export", "GanOnnx.Training"];

    // artifacts/bin/PROJECT/CONFIGURATION/
    private static readonly string _configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder;

    public PackedLibraries(TemporaryFolder folder)
    {
        _folder = folder;
        Feed = new(Directory.CreateDirectory(folder["feed"]).FullName);
    }

    public static bool IsRelease => _configuration.Equals("release", StringComparison.OrdinalIgnoreCase);

    public LocalFeed Feed { get; }

    /// <summary>The package with the native library for this system.</summary>
    private static string NativeOnnxRuntime =>
        (RuntimeInformation.OSArchitecture == Architecture.X64, OperatingSystem.IsWindows(), OperatingSystem.IsLinux()) switch
    {
        (true, true, _) => "Microsoft.ML.OnnxRuntime.Gpu.Windows",
        (true, _, true) => "Microsoft.ML.OnnxRuntime.Gpu.Linux",
        _ => "Microsoft.ML.OnnxRuntime",
    };

    public void Pack()
    {
        var projects = Inference.Select(name => $"inference/{name}/{name}.csproj")
            .Concat(Training.Select(name => $"training/{name}/{name}.csproj"));
        File.WriteAllText(_folder["pack.proj"], $"""
            <Project>
              <ItemGroup>
                <Library Include="{string.Join(';', projects.Select(project => Path.Combine(Repository.Root, project)))}" />
              </ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="@(Library)" Targets="Pack" Properties="NoBuild=true;Configuration={(IsRelease ? "Release" : "Debug")};PackageOutputPath={Feed.Folder};NuspecOutputPath={_folder["nuspecs"]}/" />
              </Target>
            </Project>
            """);
        Dotnet("msbuild", _folder["pack.proj"], "-t:Pack", "-nologo", "-v:quiet", "-nodeReuse:false");
    }

    /// <summary>Builds an app with these lines and runs it in its own folder.</summary>
    /// <returns>That folder.</returns>
    public string RunApp(string program)
    {
        var app = Directory.CreateDirectory(_folder["app"]).FullName;
        var packages = Inference.Concat(Training)
            .Select(id => (Id: id, Version: (string)Feed.Nuspec(id).Elements().Single(e => e.Name.LocalName == "version")))
            .Append((NativeOnnxRuntime, Versions.Of(NativeOnnxRuntime)))
            .Append(("Microsoft.Extensions.Hosting", Versions.Of("Microsoft.Extensions.Hosting")));
        File.WriteAllText(Path.Combine(app, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseAppHost>false</UseAppHost>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>
                {string.Join('\n', packages.Select(p => $"<PackageReference Include='{p.Item1}' Version='{p.Item2}' />"))}
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(app, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed.Folder}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="restored" value="{RestoredPackages}" /></fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(app, "Program.cs"), program);
        var said = Dotnet("build", app, "-nologo", "-v:quiet", "-o", Path.Combine(app, "out"), "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-p:NuGetAudit=false");
        Assert.That(said, Does.Not.Contain("warning"), "restoring and building");
        Dotnet(Path.Combine(app, "out", "app.dll"), Path.Combine(Repository.Root, "models/fashion-dcgan"), app);
        return app;
    }

    /// <summary>What this build itself restored; read, never written.</summary>
    private static string RestoredPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Dotnet(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = _folder.Path };
        start.Environment["NUGET_PACKAGES"] = _folder["packages"];
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // What the test runner's own MSBuild left for its children.
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToList())
            start.Environment.Remove(inherited);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', arguments)} didn't end within {_patience}.");
        }
        Assert.That(process.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{output.Result}{error.Result}");
        return output.Result + error.Result;
    }
}
