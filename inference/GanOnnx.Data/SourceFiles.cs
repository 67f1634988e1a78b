using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GanOnnx.Data;

/// <summary>Finds out what a folder or file holds, and opens it.</summary>
internal static class SourceFiles
{
    private const string Readable = "PNG, JPEG, WebP, GIF or BMP pictures, WAV recordings, IDX, NumPy or Parquet files";

    /// <summary>Opens a folder or file.</summary>
    /// <param name="source">Its path.</param>
    /// <param name="options">Which part is meant, and how pictures become squares.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">There is nothing there that can be trained on.</exception>
    public static IImageSource Open(string source, DataOptions options, CancellationToken stop)
    {
        var set = Find(source);
        try
        {
            set.Stamp = StampOf(set);
            return Arrange(set, NameOf(source, set), options, stop);
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>See <see cref="IDescribed.Stamp"/>; known before anything is unpacked.</summary>
    /// <exception cref="DataException">There is nothing there.</exception>
    public static string Stamp(string source)
    {
        using var set = Find(source);
        return StampOf(set);
    }

    // What is no data isn't looked at: a run may lie beside its data, and what it writes changes.
    private static string StampOf(FileSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in set.Files.Where(file => file.Contents.Kind != FileKind.Other || CaptionFile.IsText(file)))
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{file.Name}\0{file.Length}\0{file.Written.Ticks}\0")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // All files that a source is read from, before anything is unpacked.
    private static FileSet Find(string source)
    {
        if (Directory.Exists(source))
            return FolderFiles.List(source);
        if (!File.Exists(source))
            throw new DataException($"'{source}' is neither a file nor a folder. Give a folder or an archive of {Readable}, one of "
                + "these files, or synthetic:digits.");
        var itself = (Path: source, Name: Path.GetFileName(source));
        var set = FolderFiles.Of(source, [itself]);
        if (set.Files is not [var file])
            throw new DataException($"'{source}' is {set.LeftOut.Reasons[0].Reason}.");
        return file.Contents.Kind switch
        {
            FileKind.Idx => FolderFiles.Of(source, [itself, .. IdxLabels(source)]),
            FileKind.Numpy => FolderFiles.Of(source, [itself, .. NumpyFile.LabelsBeside(source).Select(f => (f, Path.GetFileName(f)))]),
            FileKind.Other or FileKind.Labels when ListedFiles.IsOne(source) && file.Contents.What is "no picture" or "labels" =>
                Listed(source, file),
            _ => set,
        };
    }

    private static IEnumerable<(string, string)> IdxLabels(string images) =>
        IdxFile.LabelsOf(Path.GetFileName(images)) is not { } name ? []
            : from file in new[] { name, name + ".gz" }
              let path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(images))!, file)
              where File.Exists(path)
              select (path, file);

    private static FileSet Listed(string list, DataFile file)
    {
        var set = FolderFiles.Of(list, ListedFiles.Read(list));
        if (ListedFiles.IsTable(list))
            set.Files = [file with { Contents = new(FileKind.Labels, "labels") }, .. set.Files];
        return set;
    }

    private static IImageSource Arrange(FileSet set, string name, DataOptions options, CancellationToken stop)
    {
        var pictures = set.Of(FileKind.Picture).Any();
        var images = set.Of(FileKind.Idx).Where(file => file.Contents.What != FileContents.IdxLabels).ToArray();
        var kind = images.Any(file => !pictures || file.Folder.Length == 0) ? FileKind.Idx
            : pictures ? FileKind.Picture
            : set.Of(FileKind.Parquet).Any() ? FileKind.Parquet
            : set.Of(FileKind.Numpy).Any() ? FileKind.Numpy
            : set.Of(FileKind.Sound).Any() ? FileKind.Sound
            : FileKind.Archive;
        if (kind == FileKind.Archive)
            return OpenArchive(set, name, options, stop);
        // Of texts it isn't known yet whether they are captions.
        foreach (var other in set.Files.Where(file => file.Contents.Kind != kind && file.Contents.Kind != FileKind.Labels
            && !(kind == FileKind.Picture && options.WithCaptions && CaptionFile.IsText(file))))
            set.LeftOut.Add(other.Contents.What, other.Name);
        if (kind == FileKind.Picture && File.Exists(set.Path) && set.Files is [{ Contents.Kind: FileKind.Picture } only]
            && only.Path != only.Name)
            throw new DataException($"'{set.Path}' is one {(options.Frames is null ? "picture" : "clip")}. Give the folder of all.");
        if (kind == FileKind.Sound && File.Exists(set.Path) && set.Files is [{ Contents.Kind: FileKind.Sound } one] && one.Path != one.Name)
            throw new DataException($"'{set.Path}' is one recording. Give the folder of all.");
        if (kind != FileKind.Picture && options.TileSize is not null)
            throw new DataException($"'{set.Path}' has no picture files to cut tiles from.") { Option = "fit" };
        if (options.Frames is not null)
            return kind == FileKind.Picture ? PictureLayout.ArrangeClips(set, name, options)
                : throw new DataException($"'{set.Path}' has no clips. Give GIF animations, or a folder of numbered pictures for each.");
        return kind switch
        {
            FileKind.Idx => IdxFile.Open(set, name, options, stop),
            FileKind.Picture when TwoFolders.Arrange(set, name, options) is { } folders => folders,
            FileKind.Picture when options.TileSize is { } size => new PictureTiles(PictureLayout.Arrange(set, name, options), size),
            FileKind.Picture => PictureLayout.Arrange(set, name, options),
            FileKind.Parquet => ParquetFiles.Open(set, name, options, stop),
            FileKind.Sound => PictureLayout.ArrangeSounds(set, name, options),
            _ => NumpyFile.Open(set, name, options, stop),
        };
    }

    // An archive itself, or a folder that holds nothing else, as data sets are handed on.
    private static IImageSource OpenArchive(FileSet set, string name, DataOptions options, CancellationToken stop)
    {
        var archives = set.Of(FileKind.Archive).ToArray();
        if (archives.Length != 1)
            throw archives.Length == 0 ? NoImages(set) : new DataException($"'{set.Path}' has no pictures but {archives.Length} archives: "
                + $"{string.Join(", ", archives.Take(5).Select(archive => archive.Name))}. Give one of them.");
        var archive = archives[0];
        var packing = Packing(archive, stop);
        if (packing is null)
            return IdxFile.Open(new FileSet(set.Path) { Stamp = set.Stamp, Files = [archive with { Contents = new(FileKind.Idx, "IDX") }] }, name, options, stop);
        var contents = ArchiveFiles.Open(archive.Path, packing, stop);
        try
        {
            foreach (var other in set.Files.Where(file => file != archive))
                contents.LeftOut.Add(other.Contents.What, other.Name);
            foreach (var reason in set.LeftOut.Reasons)
                contents.LeftOut.Add(reason);
            contents.Stamp = set.Stamp;
            set.Dispose();
            return contents.Of(FileKind.Archive).Any() ? throw NoImages(contents) : Arrange(contents, name, options, stop);
        }
        catch
        {
            contents.Dispose();
            throw;
        }
    }

    // How an archive is packed; null for IDX images whose name doesn't say what they are.
    private static string? Packing(DataFile archive, CancellationToken stop)
    {
        var packing = archive.Contents.What;
        if (packing is "zip" or "tar")
            return packing;
        var head = new byte[FileContents.HeadLength];
        var read = Boundary.Read(archive.Path, "unpacked", () =>
        {
            using var packed = archive.Open();
            using var unpacked = new UnpackLimit(archive.Path, archive.Length, stop).Count(Packed.Open(packed, packing));
            return unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        });
        var contents = FileContents.Of(Path.GetFileNameWithoutExtension(archive.Name), head.AsSpan(0, read));
        var name = archive.Name.ToLowerInvariant();
        return contents.What == "tar" || name.Contains(".tar", StringComparison.Ordinal) || name.EndsWith(".tgz", StringComparison.Ordinal)
            || name.EndsWith(".txz", StringComparison.Ordinal) || name.EndsWith(".tbz2", StringComparison.Ordinal) ? packing
            : contents.Kind == FileKind.Idx && packing == "gzip" ? null
            : throw new DataException($"'{archive.Path}' is packed by {packing}, but holds neither a tar archive nor IDX images.");
    }

    private static DataException NoImages(FileSet set)
    {
        foreach (var file in set.Files)
            set.LeftOut.Add(file.Contents.What, file.Name);
        var reasons = set.LeftOut.Reasons;
        var there = reasons.Count == 0 ? "It is empty." : $"It has: {string.Join(", ", reasons)}.";
        return new DataException(File.Exists(set.Path) && set.Files is [{ Contents.Kind: FileKind.Other } only]
            && only.Path != only.Name
            ? $"'{set.Path}' can't be trained on: it is {(only.Contents.What == "no picture" ? "nothing that is known" : $"a {only.Contents.What}")}. "
                + $"Give a folder or an archive of {Readable}, or one of these files."
            : $"'{set.Path}' has no {Readable}. {there}");
    }

    // A folder's name, a file's without what tells its format; IDX files are called as their folder.
    private static string NameOf(string source, FileSet set)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        if (Directory.Exists(source))
            return Path.GetFileName(path);
        if (set.Of(FileKind.Idx).Any())
            return Path.GetFileName(Path.GetDirectoryName(path)!);
        var name = Path.GetFileNameWithoutExtension(path);
        return name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }
}
