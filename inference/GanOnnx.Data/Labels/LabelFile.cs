using System.Text.Json;

namespace GanOnnx.Data;

/// <summary>
/// Labels that stand in a file beside the pictures: <c>dataset.json</c> as NVIDIA's tools write it, <c>labels.csv</c>, or
/// <c>metadata.csv</c> or <c>metadata.jsonl</c> as Hugging Face's.
/// </summary>
internal static class LabelFile
{
    private const long LongestFile = 1L << 30;

    private static readonly string[] _fileColumns = ["file_name", "filename", "file", "image", "image_path", "path", "img"];
    private static readonly string[] _labelColumns = ["label", "labels", "class", "class_name", "category", "target", "text_label"];

    /// <summary>The label of each picture that it names, by its path from the file's folder; an empty one for no label.</summary>
    /// <param name="set">What the file is of.</param>
    /// <param name="file">The file.</param>
    /// <returns>Null where the file is another of that name, without labels.</returns>
    /// <exception cref="DataException">It is damaged.</exception>
    public static IReadOnlyDictionary<string, string>? Read(FileSet set, DataFile file)
    {
        if (file.Length > LongestFile)
            throw new DataException($"'{file.Path}' is larger than {LongestFile >> 30} GB, more than a file of labels can be.");
        return Boundary.Read(Name(set, file), "read as labels", () =>
        {
            using var stream = file.Open();
            if (Path.GetExtension(file.LastName).Equals(".json", StringComparison.OrdinalIgnoreCase))
                return OfDataset(stream);
            using var text = new StreamReader(stream);
            return file.LastName.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? OfLines(text) : OfTable(Csv.Read(text));
        });
    }

    /// <summary>What messages call it.</summary>
    public static string Name(FileSet set, DataFile file) => file.Path == file.Name ? $"{set.Path}: {file.Name}" : file.Path;

    /// <summary>A picture's path as such files write it: with slashes, from the file's folder.</summary>
    public static string PathOf(string written) =>
        (written.StartsWith("./", StringComparison.Ordinal) ? written[2..] : written).Replace('\\', '/');

    /// <summary>Which columns of a table hold the pictures' paths and their labels; −1 where there is none.</summary>
    public static (int File, int Label) Columns(IReadOnlyList<string> header) => (Find(header, _fileColumns), Find(header, _labelColumns));

    private static int Find(IReadOnlyList<string> header, string[] names) =>
        names.Select(name => header.ToList().FindIndex(h => h.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(column => column >= 0, -1);

    private static Dictionary<string, string>? OfDataset(Stream stream)
    {
        using var json = JsonDocument.Parse(stream);
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("labels", out var labels))
            return null;
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        // It says so where its pictures have no labels.
        if (labels.ValueKind == JsonValueKind.Null)
            return found;
        foreach (var entry in labels.EnumerateArray())
        {
            var (name, label) = (entry[0].GetString()!, entry[1]);
            found[name] = label.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.Number when label.TryGetInt64(out var number) => Text(number),
                _ => throw new InvalidDataException($"the label of {name} is no whole number but {label.GetRawText()}"),
            };
        }
        return found;
    }

    private static Dictionary<string, string>? OfTable(IEnumerable<string[]> rows)
    {
        Dictionary<string, string>? found = null;
        var (file, label) = (-1, -1);
        foreach (var row in rows)
        {
            if (found is null)
            {
                (file, label) = Columns(row);
                if (file < 0 || label < 0)
                    return null;
                found = new(StringComparer.Ordinal);
            }
            else if (row.Length > Math.Max(file, label))
                found[row[file]] = row[label] == "-1" ? "" : row[label];
        }
        return found;
    }

    private static Dictionary<string, string>? OfLines(TextReader text)
    {
        Dictionary<string, string>? found = null;
        foreach (var (name, label) in JsonLines.Read(text, LabelOf))
            if (name is not null)
                (found ??= new(StringComparer.Ordinal))[name] = label;
        return found;
    }

    private static (string? Name, string Label) LabelOf(JsonProperty[] fields)
    {
        var (file, label) = Columns([.. fields.Select(field => field.Name)]);
        return file < 0 || label < 0 ? (null, "") : (fields[file].Value.GetString()!, fields[label].Value.ValueKind switch
        {
            JsonValueKind.String => fields[label].Value.GetString()!,
            JsonValueKind.Number when fields[label].Value.TryGetInt64(out var number) => Text(number),
            JsonValueKind.Null => "",
            _ => throw new InvalidDataException($"the label of {fields[file].Value} is no name and no whole number"),
        });
    }

    // A negative number is the usual way to say that there is none.
    private static string Text(long number) => number < 0 ? "" : number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
