using System.Runtime.Versioning;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The copy of TorchSharp's native library that is loaded where the C++ library is older than it asks for.</summary>
[SupportedOSPlatform("linux")]
public sealed class LibTorchCopyTests
{
    [Test]
    public void The_copy_lies_in_the_users_cache_for_the_owner_alone()
    {
        using var cache = new TemporaryFolder();
        Train(cache["cache"]);
        var copy = Copy(cache["cache"]);

        Assert.That(File.GetUnixFileMode(copy), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(Path.GetDirectoryName(copy)!),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(copy)!), Is.EqualTo([copy]), "nothing temporary is left");
    }

    [Test]
    public void A_copy_that_somebody_changed_is_written_again()
    {
        using var cache = new TemporaryFolder();
        Train(cache["cache"]);
        var copy = Copy(cache["cache"]);
        var right = File.ReadAllBytes(copy);
        File.WriteAllText(copy, "another library");

        Train(cache["cache"]);

        Assert.That(File.ReadAllBytes(copy), Is.EqualTo(right));
    }

    [Test]
    public void A_cache_that_others_may_write_to_is_not_used()
    {
        using var cache = new TemporaryFolder();
        Directory.CreateDirectory(cache["cache/ganonnx"]);
        File.SetUnixFileMode(cache["cache/ganonnx"], (UnixFileMode)0b111_111_111);

        Train(cache["cache"]);

        Assert.That(Directory.GetFileSystemEntries(cache["cache/ganonnx"]), Is.Empty);
    }

    [Test]
    public void Without_a_cache_it_runs_all_the_same() => Train("/proc/no/such");

    private static void Train(string cache)
    {
        using var folder = new TemporaryFolder();
        using var process = Gan.Start(start => start.Environment["XDG_CACHE_HOME"] = cache,
            "train", "--data", "synthetic:digits", "--out", folder["run"], "--kimg", "1", "--tick", "1", "--batch", "50", "--width", "2");
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error.Result);
    }

    private static string Copy(string cache)
    {
        if (!Directory.Exists(cache))
            Assert.Ignore("The C++ library here is as new as TorchSharp's asks for.");
        return Directory.GetFiles(Path.Combine(cache, "ganonnx"), "libLibTorchSharp-*.so").Single();
    }
}
