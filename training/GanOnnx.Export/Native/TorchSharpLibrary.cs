using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using GanOnnx.Shared;
using TorchSharp;

namespace GanOnnx.Export.Native;

/// <summary>Loads TorchSharp's native library on Linux where the ordinary way has failed.</summary>
[SupportedOSPlatform("linux")]
internal static class TorchSharpLibrary
{
    private const string Name = "LibTorchSharp", FileName = "libLibTorchSharp.so";

    // GCC 13's. The one symbol of it that the library names is for a start-up order that older ones settle in another way.
    private const string VersionTooNew = "GLIBCXX_3.4.32";

    // What the library depends on, in the order of their own dependencies; those of CUDA are there only in its packages.
    private static readonly string[] _dependencies = ["libc10.so", "libc10_cuda.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"];

    /// <summary>From now on, where TorchSharp doesn't find its library or can't load it, <see cref="Load"/> is tried.</summary>
    public static void ResolveWhereMissing() =>
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (_, name) => name == Name ? Load() : 0;

    /// <summary>Where libtorch is, or null where it isn't among what the program was built with.</summary>
    public static string? LibTorch => Find(SearchFolders(), "libtorch_cpu.so");

    private static nint Load()
    {
        var folders = SearchFolders();
        foreach (var dependency in _dependencies)
            if (Find(folders, dependency) is { } path)
                NativeLibrary.TryLoad(path, out _);
        if (Find(folders, FileName) is not { } library)
            return 0;
        // Beside other folders' libraries, which are loaded now, the file as it is may do.
        return NativeLibrary.TryLoad(library, out var handle) ? handle : LoadCopy(library);
    }

    private static nint LoadCopy(string library)
    {
        var copy = File.ReadAllBytes(library);
        if (!ElfVersions.MakeOptional(copy, VersionTooNew))
            return 0;
        if (TryWrite(CacheFolder(), copy) is { } kept && NativeLibrary.TryLoad(kept, out var handle))
            return handle;

        // The cache can't be written or run from.
        using var folder = ScratchFolder.InTemp(); // what is loaded stays
        return TryWrite(folder.Path, copy) is { } path && NativeLibrary.TryLoad(path, out handle) ? handle : 0;
    }

    private static string? CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) && Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
            cache = Path.Combine(home, ".cache");
        return !string.IsNullOrEmpty(cache) && Path.IsPathRooted(cache) ? Path.Combine(cache, "ganonnx") : null;
    }

    private static string? TryWrite(string? folder, byte[] contents)
    {
        if (folder is null)
            return null;
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if ((File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
                return null; // others could put another library there
            var path = Path.Combine(folder, $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(contents))[..16]}.so");
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(contents))
                AtomicFile.Write(path, file =>
                {
                    File.SetUnixFileMode(((FileStream)file).SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                    file.Write(contents);
                });
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] SearchFolders()
    {
        var probed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        var besideApp = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return [.. probed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), AppContext.BaseDirectory, besideApp];
    }

    private static string? Find(string[] folders, string file) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}
