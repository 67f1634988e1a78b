using System.Formats.Tar;
using System.IO.Compression;

namespace GanOnnx.Training.Data;

/// <summary>A .zip, .tar.gz, .tgz or .tar of images or IDX files, unpacked into a temporary folder while it is read.</summary>
internal sealed class Archive : IImageSource
{
    private readonly string _folder;
    private readonly IImageSource _contents;

    private Archive(string folder, IImageSource contents) => (_folder, _contents) = (folder, contents);

    public string Name => _contents.Name;
    public int Count => _contents.Count;
    public IReadOnlyList<string> Classes => _contents.Classes;
    public int Channels => _contents.Channels;
    public SecondImages SecondImages => _contents.SecondImages;
    public int SecondCount => _contents.SecondCount;
    public string NameOf(int image) => _contents.NameOf(image);
    public int LabelOf(int image) => _contents.LabelOf(image);
    public byte[] Read(int image, int size, int channels) => _contents.Read(image, size, channels);
    public byte[] ReadSecond(int image, int size, int channels) => _contents.ReadSecond(image, size, channels);

    public static bool IsArchive(string path) =>
        new[] { ".zip", ".tar.gz", ".tgz", ".tar" }.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    public static Archive Open(string path)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-").FullName;
        try
        {
            Unpack(path, folder);
            return new Archive(folder, ImageSources.OpenFolder(Root(folder), NameWithoutExtensions(path)));
        }
        catch (Exception e)
        {
            Directory.Delete(folder, recursive: true);
            if (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
                throw new TrainingException($"'{path}' can't be unpacked: {e.Message}", e);
            throw;
        }
    }

    public void Dispose()
    {
        _contents.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Links and devices are passed over: only regular files are data.
    private static void Unpack(string path, string folder)
    {
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(e => e.Name.Length > 0 && !IsMacCompanion(e.FullName)))
                entry.ExtractToFile(Destination(path, folder, entry.FullName), overwrite: true);
            return;
        }

        using var file = File.OpenRead(path);
        using Stream unpacked = path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? file
            : new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unpacked);
        while (tar.GetNextEntry() is { } entry)
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && !IsMacCompanion(entry.Name))
                entry.ExtractToFile(Destination(path, folder, entry.Name), overwrite: true);
    }

    // What macOS adds to archives is no data.
    private static bool IsMacCompanion(string entry) =>
        entry.StartsWith("__MACOSX/", StringComparison.Ordinal) || entry.Split('/')[^1].StartsWith("._", StringComparison.Ordinal);

    private static string Destination(string archive, string folder, string entry)
    {
        var target = Path.GetFullPath(Path.Combine(folder, entry));
        if (!target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new TrainingException($"'{archive}' has the entry '{entry}', which points outside its folder. It isn't unpacked; such "
                + "an archive is damaged or hostile.");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return target;
    }

    // An archive often has one folder around everything, which is no class.
    private static string Root(string folder)
    {
        while (Directory.GetFiles(folder) is [] && Directory.GetDirectories(folder) is [var only])
            folder = only;
        return folder;
    }

    private static string NameWithoutExtensions(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }
}
