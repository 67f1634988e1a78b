namespace GanOnnx.Data;

/// <summary>A text that names pictures: a path in each line, or a table with a column of paths and perhaps one of labels.</summary>
internal static class ListedFiles
{
    private const int MostPixelColumns = 64;

    /// <summary>Whether a file's name is one of a text.</summary>
    public static bool IsOne(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".txt" or ".lst" or ".list" or ".csv" or ".tsv" or ".jsonl";

    /// <summary>The files that it names, which are beside it where it doesn't say otherwise.</summary>
    /// <param name="list">The text.</param>
    /// <exception cref="DataException">It is another text.</exception>
    public static IReadOnlyList<(string Path, string Name)> Read(string list)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        return Boundary.Read(list, "read as a list of pictures", () => Paths(list).Distinct(StringComparer.Ordinal).Select(path =>
        {
            var whole = Path.GetFullPath(path.Replace('\\', Path.DirectorySeparatorChar), folder);
            var name = Path.GetRelativePath(folder, whole);
            if (name.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(name))
                name = whole[Path.GetPathRoot(whole)!.Length..];
            return (whole, name.Replace(Path.DirectorySeparatorChar, '/'));
        }).ToArray());
    }

    /// <summary>Whether it is a table.</summary>
    public static bool IsTable(string path) => Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv" or ".jsonl";

    private static IEnumerable<string> Paths(string list)
    {
        if (!IsTable(list))
            return File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
        if (list.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
            throw new DataException($"'{list}' goes with the pictures it names. Give their folder.");
        using var text = new StreamReader(list);
        List<string> paths = [];
        var column = -1;
        foreach (var row in Csv.Read(text))
            if (column >= 0)
                paths.AddRange(row.Skip(column).Take(1));
            else if ((column = LabelFile.Columns(row).File) < 0)
                throw new DataException(row.Length >= MostPixelColumns
                    ? $"'{list}' holds pixels as numbers in a text, which isn't read. Turn them into pictures or into a NumPy file, uint8 "
                        + "[N, H, W]."
                    : $"'{list}' has no column of pictures' paths: none of its columns ({string.Join(", ", row.Take(10))}) is called "
                        + "file_name, file, path or image.");
        return paths;
    }
}
