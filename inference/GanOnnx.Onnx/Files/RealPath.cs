namespace GanOnnx.Onnx.Files;

/// <summary>Where a path leads once every link in it is followed.</summary>
internal static class RealPath
{
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        path = Path.GetFullPath(path);
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            FileSystemInfo entry = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
            if (entry.LinkTarget is not null && entry.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = Of(target.FullName);
        }
        return real;
    }
}
