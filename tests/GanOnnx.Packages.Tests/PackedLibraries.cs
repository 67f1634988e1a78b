using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GanOnnx.Packages.Tests;

/// <summary>
/// The libraries, packed as they were built, in a feed of their own, and an app made of them. Nothing is installed into the
/// machine's own package folder; what the build restored is taken from there, the rest from the registry.
/// </summary>
internal sealed class PackedLibraries
{
    public static readonly string[] Inference =
        ["GanOnnx.Onnx", "GanOnnx.Inference", "GanOnnx.Imaging", "GanOnnx.ContentCredentials", "GanOnnx.Data", "GanOnnx.ML",
            "GanOnnx.Evaluation", "GanOnnx.Quantization", "GanOnnx.Prompts", "GanOnnx.Audio", "GanOnnx.Video",
            "GanOnnx.Hosting", "GanOnnx.AspNetCore"];
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
        Dotnet(_folder.Path, "msbuild", _folder["pack.proj"], "-t:Pack", "-nologo", "-v:quiet", "-nodeReuse:false");
    }

    /// <summary>The packages with the native libraries for this system, under the names that are written for all.</summary>
    public static string Native(string package) => package switch
    {
        "Microsoft.ML.OnnxRuntime.Gpu.Linux" => NativeOnnxRuntime,
        "TorchSharp-cpu" when OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64 => "libtorch-cpu-linux-x64",
        _ => package,
    };

    /// <summary>Builds programs, each as an app of its own in a folder of its name, with the packages it asks for.</summary>
    public void BuildApps(IEnumerable<(string Name, string Program, IReadOnlyList<string> Packages)> apps)
    {
        foreach (var (name, program, packages) in apps)
        {
            var app = Directory.CreateDirectory(_folder[$"apps/{name}"]).FullName;
            File.WriteAllText(Path.Combine(app, "app.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <UseAppHost>false</UseAppHost>
                    <CopyLocalLockFileAssemblies>false</CopyLocalLockFileAssemblies>
                    <GenerateRuntimeConfigDevFile>true</GenerateRuntimeConfigDevFile>
                  </PropertyGroup>
                  <ItemGroup>
                    {string.Join('\n', packages.Select(id => $"<PackageReference Include='{id}' Version='{VersionOf(id)}' />"))}
                  </ItemGroup>
                </Project>
                """);
            File.WriteAllText(Path.Combine(app, "Program.cs"), program);
        }
        File.WriteAllText(_folder["apps/nuget.config"], $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed.Folder}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="restored" value="{RestoredPackages}" /></fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(_folder["apps/all.proj"], """
            <Project>
              <Target Name="Build">
                <ItemGroup><App Include="*/app.csproj" /></ItemGroup>
                <MSBuild Projects="@(App)" Targets="Restore" Properties="Stage=restore" BuildInParallel="true" />
                <MSBuild Projects="@(App)" Targets="Build" Properties="OutDir=out/" BuildInParallel="true" />
              </Target>
            </Project>
            """);
        var said = Dotnet(_folder.Path, "build", _folder["apps/all.proj"], "-nologo", "-v:quiet", "-m", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-p:NuGetAudit=false");
        Assert.That(said, Does.Not.Contain("warning"), "restoring and building");
    }

    /// <summary>Runs one of the apps in its own folder.</summary>
    /// <returns>That folder.</returns>
    public string RunApp(string name, params string[] arguments)
    {
        var app = _folder[$"apps/{name}"];
        Dotnet(app, [Path.Combine(app, "out", "app.dll"), .. arguments]);
        return app;
    }

    private string VersionOf(string id) => Inference.Concat(Training).Contains(id)
        ? (string)Feed.Nuspec(id).Elements().Single(e => e.Name.LocalName == "version") : Versions.Of(id);

    /// <summary>What this build itself restored; read, never written.</summary>
    private static string RestoredPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder
        };
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
