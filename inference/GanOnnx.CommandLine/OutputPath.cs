using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GanOnnx.Onnx;

namespace GanOnnx.CommandLine;

/// <summary>Where results go: missing folders are made, but not wherever a mistyped path leads.</summary>
public static class OutputPath
{
    /// <summary>
    /// Looks at the folders that would have to be made. Below the current folder any may be; elsewhere several at once are said, and
    /// one at the top of the disk, where few mean to have one, is the user's to make.
    /// </summary>
    /// <param name="folder">The folder that is written to.</param>
    /// <exception cref="UsageException">One is missing at the top of the disk.</exception>
    public static void CheckFolder(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var missing = new Stack<string>();
        for (var place = folder; place is not null && !Path.Exists(place); place = Path.GetDirectoryName(place))
            missing.Push(place);
        if (missing.Count == 0 || IsBelow(folder, Directory.GetCurrentDirectory()))
            return;
        var top = missing.Peek();
        if (Path.GetDirectoryName(top) == Path.GetPathRoot(top))
            throw new UsageException($"There is no folder '{top}', and none is made at the top of a disk. Check the path, or make that "
                + "folder first.");
        if (missing.Count > 1)
            Console.Error.WriteLine($"gan: '{folder}' isn't there yet, from '{Path.GetFileName(top)}' on, and will be made.");
    }

    /// <summary>The same for a file.</summary>
    /// <exception cref="UsageException">A folder is missing at the top of the disk.</exception>
    public static void CheckFile(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            CheckFolder(folder);
    }

    /// <summary>The same for a file that is found by its name's ending.</summary>
    /// <param name="path">The file.</param>
    /// <param name="extension">The ending, as <c>.onnx</c>.</param>
    /// <param name="what">What has it, as <c>an ONNX file</c>.</param>
    /// <exception cref="UsageException">The name ends otherwise, or a folder is missing at the top of the disk.</exception>
    public static void CheckFile(string path, string extension, string what)
    {
        if (!Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"'{path}' is no name for {what}; use {extension}, as "
                + $"{Hint.Quoted(Path.ChangeExtension(path, extension))}.");
        CheckFile(path);
    }

    /// <summary>The same for a model, whose file is replaced only by a newer one of ours.</summary>
    /// <exception cref="UsageException">The name ends otherwise, a folder is missing at the top of the disk, or a model of somebody
    /// else is there.</exception>
    public static void CheckModel(string path)
    {
        CheckFile(path, ".onnx", "an ONNX file");
        CheckReplaceable([path], OnnxModel.IsOurs, "name");
    }

    /// <summary>Checks that nothing of somebody else's is in the place of files.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="saysSo">Whether what is in a file says that gan made it.</param>
    /// <param name="other">What else can be given, as <c>name</c>.</param>
    /// <exception cref="UsageException">Something is.</exception>
    public static void CheckReplaceable(IEnumerable<string> paths, Func<string, bool> saysSo, string other)
    {
        if (paths.FirstOrDefault(path => Path.Exists(path) && !IsOurs(path, saysSo)) is { } taken)
            throw new UsageException($"'{taken}' is there and doesn't say that gan made it, so it isn't replaced. Move it away, or give "
                + $"another {other}.");
    }

    /// <summary>Whether a file is ours to replace or remove.</summary>
    /// <remarks>A link is a file of whoever made it, and what has no length may be a pipe, which would be waited for.</remarks>
    /// <param name="path">The file.</param>
    /// <param name="saysSo">Whether what is in it says that gan made it.</param>
    public static bool IsOurs(string path, Func<string, bool> saysSo) =>
        new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 } && saysSo(path);

    /// <summary>Checks that what is read isn't replaced, whatever links or capitals it is called by.</summary>
    /// <param name="input">A file or a folder.</param>
    /// <param name="output">Another.</param>
    /// <param name="names">What the command line calls them, and what would be lost: <c>--in and --out are both '{0}'; the picture would
    /// be lost.</c></param>
    /// <exception cref="UsageException">They are one.</exception>
    public static void CheckApart(string input, string output, [StringSyntax(StringSyntaxAttribute.CompositeFormat)] string names)
    {
        if (Real(input).Equals(Real(output), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"{string.Format(CultureInfo.InvariantCulture, names, input)} Give another name.");
    }

    // Of its last two names: links farther up lead to both.
    private static string Real(string path)
    {
        path = Target(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return Path.GetDirectoryName(path) is { } folder ? Path.Combine(Target(folder), Path.GetFileName(path)) : path;

        static string Target(string path) => (Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true)
            : File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null)?.FullName ?? path;
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
