using System.Formats.Tar;
using System.IO.Compression;
using GanOnnx.Shared;

namespace GanOnnx.Data;

/// <summary>The data in a .zip, or in a .tar as it is or packed by gzip, bzip2 or xz. Only what may be data is unpacked.</summary>
internal sealed class ArchiveFiles
{
    private const string Damaged = "damaged, by its checksum";

    private readonly string _path;
    private readonly FileSet _set;
    private readonly UnpackLimit _limit;
    private readonly Dictionary<string, DataFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hidden = [];

    private ArchiveFiles(string path, FileSet set, UnpackLimit limit) => (_path, _set, _limit) = (path, set, limit);

    /// <summary>Unpacks an archive.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="packing">How it is packed: <c>zip</c>, <c>tar</c>, <c>gzip</c>, <c>bzip2</c> or <c>xz</c>.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">It is damaged, hostile or no archive.</exception>
    public static FileSet Open(string path, string packing, CancellationToken stop)
    {
        var set = new FileSet(path);
        try
        {
            Boundary.Read(path, "unpacked", () =>
            {
                using var file = File.OpenRead(path);
                var files = new ArchiveFiles(path, set, new UnpackLimit(path, file.Length, stop));
                if (packing == "zip")
                    files.ReadZip(file);
                else
                    files.ReadTar(packing == "tar" ? file : Packed.Open(file, packing));
                set.Files = [.. files._files.Values.OrderBy(f => f.Name, StringComparer.Ordinal)];
                return true;
            });
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    private void ReadZip(Stream file)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            if (entry.IsEncrypted)
                throw new DataException($"'{_path}' is encrypted. Unpack it with its password and give the folder.");
            // Windows' own way to write names is against the format's rules, and common.
            var name = entry.FullName.Replace('\\', '/');
            if (!name.EndsWith('/'))
                Add(name, () => new SummedEntry(_limit.Count(entry.Open()), entry.Crc32));
        }
    }

    private void ReadTar(Stream unpacked)
    {
        using var counted = _limit.Count(unpacked);
        using var tar = new TarReader(counted);
        while (tar.GetNextEntry() is { } entry)
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    Add(entry.Name, () => entry.DataStream ?? Stream.Null);
                    break;
                case TarEntryType.Directory or TarEntryType.DirectoryList:
                    break;
                default:
                    _limit.CountEntry();
                    _set.LeftOut.Add(entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink ? "link" : "no regular file",
                        entry.Name);
                    break;
            }
        // An archive may end before its packing does, and only at the end of that is its checksum looked at.
        counted.CopyTo(Stream.Null);
    }

    private void Add(string entry, Func<Stream> open)
    {
        _limit.CountEntry();
        var name = Normal(entry);
        if (HiddenNames.In(name) is { } hidden)
        {
            if (_hidden.Add(hidden))
                _set.LeftOut.Add("hidden", hidden);
            return;
        }
        using var contained = open();
        var head = new byte[FileContents.HeadLength];
        head = head[..contained.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        var contents = head.Length > 0 ? FileContents.Of(name, head)
            : new(FileKind.Other, contained is SummedEntry { IsDamaged: true } ? Damaged : "empty");
        if (contents is { Kind: FileKind.Archive })
            contents = new(FileKind.Other, "archive in the archive");
        DataFile file;
        if (contents.Kind == FileKind.Other)
            file = new(name, 0, () => Stream.Null);
        else
        {
            var (place, length) = _set.Scratch.Add(stream =>
            {
                stream.Write(head);
                contained.CopyTo(stream);
            });
            file = new(name, length, place);
            if (contained is SummedEntry { IsDamaged: true })
                contents = contents.Kind is FileKind.Picture or FileKind.Sound ? new(FileKind.Other, Damaged)
                    : throw new DataException($"'{_path}' has the entry '{name}' with another checksum than it was packed with. It is "
                        + "damaged; copy it again.");
            if (contents.Kind == FileKind.Picture)
                using (var picture = place())
                    contents = contents with { Size = PictureSize.Read(head, picture) };
        }
        // As when it is unpacked by other programs, the last one of a name is the one.
        if (!_files.TryAdd(name, file with { Contents = contents }))
        {
            _files[name] = file with { Contents = contents };
            _set.LeftOut.Add("replaced by a later one of the same name", name);
        }
    }

    // Names are kept as text and never reach the disk; one that points outside tells what kind of archive it is all the same.
    private string Normal(string entry)
    {
        List<string> parts = [];
        foreach (var part in entry.Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (part == "..")
            {
                if (parts.Count == 0)
                    throw Outside(entry);
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
                parts.Add(part);
        if (parts.Count == 0 || entry.StartsWith('/'))
            throw Outside(entry);
        return string.Join('/', parts);
    }

    private DataException Outside(string entry) => new($"'{_path}' has the entry '{entry}', which points outside its folder. It isn't "
        + "unpacked; such an archive is damaged or hostile.");
}
