using System.Globalization;

namespace GanOnnx.AspNetCore.Models;

/// <summary>The models of a folder: .onnx files in it, and folders in it with <c>model.onnx</c>.</summary>
internal static class ModelsFolder
{
    private const string Model = "model.onnx";

    /// <summary>Where each is, and the lengths and times of its files, weights beside it included.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    public static IReadOnlyDictionary<string, string> Find(string folder)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(folder, "*.onnx").Where(IsMeant))
            found[file] = StateOf(Directory.GetFiles(folder, $"{Path.GetFileNameWithoutExtension(file)}*"));
        foreach (var inner in Directory.GetDirectories(folder).Where(IsMeant))
            if (File.Exists(Path.Combine(inner, Model)))
                found[inner] = StateOf(Directory.GetFiles(inner));
        return found;
    }

    // Kubernetes keeps what it mounts in hidden folders, with links to it; editors and copying programs hide what isn't whole.
    private static bool IsMeant(string path) => Path.GetFileName(path)[0] is not ('.' or '~');

    private static string StateOf(IEnumerable<string> files) => string.Join(';', files.Order(StringComparer.Ordinal).Select(file =>
    {
        var info = new FileInfo(file);
        return (Target(info) ?? info) is { Exists: true } target
            ? string.Create(CultureInfo.InvariantCulture, $"{file}:{target.Length}:{target.LastWriteTimeUtc.Ticks}") : file;
    }));

    private static FileInfo? Target(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        }
        catch (IOException)
        {
            return null; // it leads in circles
        }
    }
}
