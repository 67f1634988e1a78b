using System.Text.Json;
using GanOnnx.Inference;
using GanOnnx.Inference.Inputs;

namespace GanOnnx.Data;

/// <summary>
/// What pictures show, in words: in a table <c>captions.csv</c>, or <c>metadata.csv</c> or <c>metadata.jsonl</c> as Hugging Face's, or in a
/// text of the picture's name beside it, as <c>cat.txt</c> of <c>cat.png</c>.
/// </summary>
internal static class CaptionFile
{
    private const long LongestFile = 1L << 30, LongestText = 64 << 10;

    private static readonly string[] _columns = ["caption", "captions", "text", "prompt", "description", "annotation"];

    /// <summary>The captions of pictures; a list with none of those that have no caption.</summary>
    /// <param name="set">Where they are from.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="asked">Columns of a table with commas between; null for the first that is called as captions are.</param>
    /// <returns>The captions of each, and which files they are from; null where there are none.</returns>
    /// <exception cref="DataException">A table is damaged, or has no such column.</exception>
    public static (IReadOnlyList<string>[] Captions, string From)? Find(FileSet set, IReadOnlyList<DataFile> pictures, string? asked)
    {
        foreach (var kind in set.Of(FileKind.Labels).GroupBy(file => file.LastName.ToLowerInvariant()).OrderBy(kind => kind.Key))
        {
            var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (var file in kind)
                foreach (var (name, captions) in Read(set, file, asked) ?? [])
                {
                    var path = (file.Folder.Length == 0 ? "" : file.Folder + "/") + name;
                    found[path] = found.TryGetValue(path, out var before) ? [.. before, .. captions] : captions;
                }
            if (found.Count > 0)
                return ([.. pictures.Select(picture => Of(found, picture))], kind.Key);
        }
        if (asked is not null)
            throw new DataException($"'{set.Path}' has no table of captions with the columns {asked}. Give columns of its captions.csv, "
                + "metadata.csv or metadata.jsonl.")
            {
                Option = "captions",
            };
        var texts = new Dictionary<string, DataFile>(StringComparer.Ordinal);
        foreach (var file in set.Of(FileKind.Other).Where(IsText))
            texts.TryAdd(file.Name[..^4], file);
        IReadOnlyList<string>[] beside = [.. pictures.Select(picture =>
            texts.TryGetValue(Path.ChangeExtension(picture.Name, null), out var text)
            ? Boundary.Read(LabelFile.Name(set, text), "read as a caption", () => Usable(ReadAll(text).Split('\n'))) : [])];
        return beside.Any(captions => captions.Count > 0) ? (beside, "the .txt files beside the pictures") : null;
    }

    /// <summary>Whether a table is of captions alone, by its name.</summary>
    public static bool IsTable(DataFile file) => file.LastName.Equals("captions.csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file may be the caption of the picture beside it: a line for each caption.</summary>
    public static bool IsText(DataFile file) => file.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && file.Length <= LongestText;

    // By its path from the table, or, as a table may be of several folders of pictures with the same names, by the path's end.
    private static IReadOnlyList<string> Of(Dictionary<string, IReadOnlyList<string>> found, DataFile picture)
    {
        if (found.TryGetValue(picture.Name, out var captions))
            return captions;
        for (var folder = picture.Folder; folder.Length > 0; folder = folder[..Math.Max(0, folder.LastIndexOf('/'))])
            if (found.TryGetValue(folder[..(folder.LastIndexOf('/') + 1)] + picture.Name[(folder.Length + 1)..], out captions))
                return captions;
        return [];
    }

    private static Dictionary<string, IReadOnlyList<string>>? Read(FileSet set, DataFile file, string? asked)
    {
        if (file.Length > LongestFile)
            throw new DataException($"'{file.Path}' is larger than {LongestFile >> 30} GB, more than a file of captions can be.");
        return Boundary.Read(LabelFile.Name(set, file), "read as captions", () =>
        {
            if (file.LastName.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                return null;
            using var text = new StreamReader(file.Open());
            return Rows(file.LastName.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? Lines(text) : Csv.Read(text), asked);
        });
    }

    private static Dictionary<string, IReadOnlyList<string>>? Rows(IEnumerable<string[]> rows, string? asked)
    {
        Dictionary<string, IReadOnlyList<string>>? found = null;
        var (file, columns) = (-1, Array.Empty<int>());
        foreach (var row in rows)
        {
            if (found is null)
            {
                file = LabelFile.Columns(row).File;
                columns = asked is null ? [.. _columns.Select(name => At(row, name)).Where(at => at >= 0).Take(1)]
                    : [.. asked.Split(',', StringSplitOptions.TrimEntries).Select(name => At(row, name))];
                if (file < 0 || columns.Length == 0 || columns.Contains(-1))
                    return null;
                found = new(StringComparer.Ordinal);
            }
            else if (row.Length > file)
            {
                // A picture may have several rows.
                var name = LabelFile.PathOf(row[file]);
                var usable = Usable(columns.Where(at => at < row.Length).Select(at => row[at]));
                found[name] = found.TryGetValue(name, out var before) ? [.. before, .. usable] : usable;
            }
        }
        return found;
    }

    // Objects as the rows of a table: the first one's names are the header.
    private static IEnumerable<string[]> Lines(TextReader text)
    {
        string[]? header = null;
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            using var json = JsonDocument.Parse(line);
            var fields = json.RootElement.EnumerateObject().ToDictionary(field => field.Name,
                field => field.Value.ValueKind switch
                {
                    JsonValueKind.String => field.Value.GetString()!,
                    JsonValueKind.Null => "",
                    _ => field.Value.GetRawText(),
                }, StringComparer.Ordinal);
            if (header is null)
                yield return header = [.. fields.Keys];
            yield return [.. header.Select(name => fields.GetValueOrDefault(name, ""))];
        }
    }

    private static int At(string[] header, string name) =>
        Array.FindIndex(header, column => column.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string[] Usable(IEnumerable<string> captions) => [.. captions.Select(Clean).OfType<string>()];

    private static string? Clean(string caption)
    {
        try
        {
            return PromptRules.Clean(caption);
        }
        catch (ModelException)
        {
            return null; // empty, too long, or no text
        }
    }

    private static string ReadAll(DataFile file)
    {
        using var text = new StreamReader(file.Open());
        return text.ReadToEnd();
    }
}
