using System.Diagnostics;
using System.Runtime.Versioning;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What <c>gan setup</c> makes of NuGet's words: the script runs beside a <c>dotnet</c> that only says them.</summary>
[Platform(Include = "Unix"), UnsupportedOSPlatform("windows")]
public sealed class SetupTests
{
    private const string OtherTorchSharp =
        "x.csproj : warning NU1603: GanOnnx.Training depends on TorchSharp (>= 0.106.0) but TorchSharp 0.106.0 was not found. TorchSharp 0.107.0 was resolved instead. [x.sln]";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CopyScript()
    {
        _folder = new TemporaryFolder();
        File.Copy(Path.Combine(Repository.Root, "gan"), _folder["gan"]);
    }

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void The_very_versions_asked_for_are_used()
    {
        var said = Setup("auto", restoreSays: "Restored x.csproj", restoreExits: 0);
        Assert.That(said, Does.Contain("using the published packages (nuget)"));
        Assert.That(Chosen, Is.EqualTo("nuget"));
    }

    [Test]
    public void Another_version_of_an_engine_is_told_and_not_used()
    {
        var said = Setup("auto", OtherTorchSharp, restoreExits: 0);
        Assert.That(said, Does.Contain("using the portable packages: the published ones can't be restored here (there is 0.107.0 instead of TorchSharp 0.106.0)"));
        Assert.That(Chosen, Is.EqualTo("portable"));
    }

    [Test]
    public void Another_version_of_a_library_is_used()
    {
        Setup("auto", OtherTorchSharp.Replace("TorchSharp", "NUnit", StringComparison.Ordinal), restoreExits: 0);
        Assert.That(Chosen, Is.EqualTo("nuget"));
    }

    [Test]
    public void A_missing_package_is_told_and_the_portable_ones_used()
    {
        var said = Setup("auto", "error NU1101: Unable to find package TorchSharp. No packages exist with this id", restoreExits: 1);
        Assert.That(said, Does.Contain("can't be restored here (Unable to find package TorchSharp)"));
        Assert.That(Chosen, Is.EqualTo("portable"));
    }

    [Test]
    public void Published_packages_that_are_asked_for_are_used_in_any_version()
    {
        Setup("nuget", OtherTorchSharp, restoreExits: 0);
        Assert.That(Chosen, Is.EqualTo("nuget"));
    }

    private string Chosen => File.ReadLines(_folder[".gan/settings"]).First()["packages=".Length..];

    private string Setup(string packages, string restoreSays, int restoreExits)
    {
        Directory.CreateDirectory(_folder["bin"]);
        File.WriteAllText(_folder["bin/dotnet"], $"#!/bin/sh\n[ \"$1\" = restore ] || exit 0\ncat <<'WORDS'\n{restoreSays}\nWORDS\nexit {restoreExits}\n");
        File.SetUnixFileMode(_folder["bin/dotnet"], UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var start = new ProcessStartInfo("bash", [_folder["gan"], "setup", "--packages", packages]) { RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, said);
        return said;
    }
}
