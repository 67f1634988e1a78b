using GanOnnx.Imaging;

namespace GanOnnx.Training.Data;

/// <summary>
/// Image files of a folder and its subfolders, in the order of their names. Where every image lies in a subfolder
/// and there are two or more, the first-level subfolders are the classes.
/// </summary>
internal sealed class ImageFolder : IImageSource
{
    private readonly string _folder;
    private readonly string[] _paths;
    private readonly int[]? _labels;

    public ImageFolder(string folder, string name)
    {
        (_folder, Name) = (folder, name);
        _paths = [.. Files(folder, Path.GetFullPath(folder), []).Where(IsImage).Select(f => Path.GetRelativePath(folder, f))
            .Order(StringComparer.Ordinal)];
        if (_paths.Length == 0)
            throw new TrainingException($"'{folder}' has no images: no .png, .jpg, .webp, .gif or .bmp file in it or its subfolders, and "
                + "no IDX file.");

        var parents = Array.ConvertAll(_paths,
            p => p.Contains(Path.DirectorySeparatorChar) ? p[..p.IndexOf(Path.DirectorySeparatorChar)] : "");
        string[] classes = [.. parents.Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2 || classes.Contains(""))
            return;
        Classes = classes;
        _labels = Array.ConvertAll(parents, p => Array.IndexOf(classes, p));
    }

    public string Name { get; }
    public int Count => _paths.Length;
    public IReadOnlyList<string> Classes { get; } = [];
    public int Channels => 3;

    public string NameOf(int image) => _paths[image];

    public int LabelOf(int image) => _labels?[image] ?? -1;

    public byte[] Read(int image, int size, int channels) => ImageReader.Read(Path.Combine(_folder, _paths[image]), size, channels);

    public void Dispose() { }

    // macOS puts a companion named "._" and the file's name beside files in archives and on foreign disks.
    private static bool IsImage(string path) =>
        ImageReader.IsImageFile(path) && !Path.GetFileName(path).StartsWith("._", StringComparison.Ordinal);

    // A run may be kept in or under the folder of its data; the pictures that it draws are no data. A folder that a link leads to again
    // isn't either.
    private static string[] Files(string folder, string place, HashSet<string> seen)
    {
        try
        {
            place = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? place;
            if (!seen.Add(Path.TrimEndingDirectorySeparator(place)))
                return [];
            var inside = Directory.GetDirectories(folder).Where(f => !RunFolder.IsSamples(f));
            return [.. Directory.GetFiles(folder), .. inside.SelectMany(f => Files(f, Path.Combine(place, Path.GetFileName(f)), seen))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{folder}' can't be listed: {e.Message}", e);
        }
    }
}
