namespace GanOnnx.Data;

/// <summary>
/// The files in a folder and its subfolders. Each is there once, whatever links lead to it; what is no file of bytes isn't opened.
/// </summary>
internal sealed class FolderFiles
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    private readonly FileSet _set;
    private readonly List<DataFile> _files = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Path, string Name)> _links = [];
    private readonly string _root;

    private FolderFiles(string folder) => (_set, _root) = (new FileSet(folder), RealPath(folder) ?? folder);

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DataException">It or a folder in it can't be listed.</exception>
    public static FileSet List(string folder) => Listed(folder, files =>
    {
        files.Visit(folder, "", files._root);
        while (files._links.TryDequeue(out var link))
            files.Follow(link.Path, link.Name);
    });

    /// <summary>Files that were named one by one.</summary>
    /// <param name="path">What names them.</param>
    /// <param name="named">Their paths, and their names within the data.</param>
    public static FileSet Of(string path, IEnumerable<(string Path, string Name)> named) => Listed(path, files =>
    {
        foreach (var (file, name) in named)
            files.Follow(file, name);
    });

    private static FileSet Listed(string path, Action<FolderFiles> list)
    {
        try
        {
            var files = new FolderFiles(path);
            list(files);
            files.Look();
            return files._set;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{path}' can't be listed: {e.Message}", e);
        }
    }

    private void Visit(string folder, string name, string real)
    {
        if (!_seen.Add(real))
            return;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var inner = name.Length == 0 ? entry.Name : $"{name}/{entry.Name}";
            var place = Path.Combine(real, entry.Name);
            if (HiddenNames.IsOne(entry.Name))
                _set.LeftOut.Add("hidden", inner);
            // .NET gives a name that isn't UTF-8 as another one, under which nothing can be opened.
            else if (entry.Name.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(entry.FullName))
                _set.LeftOut.Add("with a name that isn't UTF-8", inner);
            // Where links lead is looked at when all that isn't one is known.
            else if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.LinkTarget is not null)
                _links.Enqueue((entry.FullName, inner));
            else if (entry is FileInfo file)
                AddFile(file, inner, place, file.FullName);
            // A run may be kept in or under the folder of its data; the pictures that it draws are no data.
            else if (RunMark.IsSamples(entry.FullName))
                _set.LeftOut.Add("folder of a run's samples", inner);
            else
                Visit(entry.FullName, inner, place);
        }
    }

    private void Follow(string path, string name)
    {
        if (RealPath(path) is not { } real)
            _set.LeftOut.Add("broken link", name);
        else if (Directory.Exists(real))
        {
            if (_seen.Contains(real) || (_root + Path.DirectorySeparatorChar).StartsWith(AsFolder(real), StringComparison.Ordinal))
                _set.LeftOut.Add("link to what is there already", name);
            else
                Visit(path, name, real);
        }
        else if (new FileInfo(real) is { Exists: true } file)
            AddFile(file, name, real, Path.GetFullPath(path));
        else
            _set.LeftOut.Add(new FileInfo(path).LinkTarget is null ? "not there" : "broken link", name);
    }

    // The path is the one that people gave or see, whatever links are in it.
    private void AddFile(FileInfo file, string name, string real, string path)
    {
        if (!_seen.Add(real))
            _set.LeftOut.Add("link to what is there already", name);
        // Pipes, sockets and devices have no length, and opening one may never end.
        else if (file.Length == 0)
            _set.LeftOut.Add("empty or no regular file", name);
        else
            _files.Add(new DataFile(name, file.Length, () => File.OpenRead(real))
            {
                Path = path,
                Written = file.LastWriteTimeUtc
            });
    }

    // Many small files: waiting for the disk takes longest.
    private void Look()
    {
        var looked = _files.AsParallel().AsOrdered().Select(file =>
        {
            try
            {
                return file with { Contents = Contents(file) };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return file with { Contents = new(FileKind.Other, "unreadable") };
            }
        });
        _set.Files = [.. looked.OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    private static FileContents Contents(DataFile file)
    {
        using var stream = file.Open();
        Span<byte> head = stackalloc byte[FileContents.HeadLength];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        var contents = FileContents.Of(file.Name, head);
        return contents.Kind == FileKind.Picture ? contents with { Size = PictureSize.Read(head, stream) } : contents;
    }

    private static string AsFolder(string path) => Path.EndsInDirectorySeparator(path) ? path : path + Path.DirectorySeparatorChar;

    // The path without any link in it; null where links lead in a circle.
    private static string? RealPath(string path)
    {
        path = Path.GetFullPath(path);
        var real = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
            .Reverse());
        for (var links = 0; rest.TryPop(out var name);)
        {
            var next = name == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MostLinks)
                return null;
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var part in target.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
                if (part != ".")
                    rest.Push(part);
        }
        return real;
    }
}
