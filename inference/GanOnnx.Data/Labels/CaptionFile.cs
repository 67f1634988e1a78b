using System.Text.Json;
using GanOnnx.Inference;
using GanOnnx.Inference.Inputs;

namespace GanOnnx.Data;

/// <summary>What a picture shows, in words.</summary>
/// <param name="Usable">What can be learnt from, as prompts are cleaned.</param>
/// <param name="Unusable">Why there is more that can't be, to be read after a number; null where all can.</param>
internal sealed record PictureCaptions(IReadOnlyList<string> Usable, string? Unusable)
{
    /// <summary>Of a picture that nothing is said of.</summary>
    public static PictureCaptions None { get; } = new([], null);

    /// <summary>Captions as they were found.</summary>
    public static PictureCaptions Of(IEnumerable<string> captions)
    {
        List<string> usable = [];
        string? unusable = null;
        foreach (var caption in captions.Where(caption => !string.IsNullOrWhiteSpace(caption)))
            try
            {
                usable.Add(PromptRules.Clean(caption));
            }
            catch (ModelException)
            {
                unusable = caption.Length > PromptRules.Longest ? $"with a caption of more than {PromptRules.Longest:#,0} characters"
                    : "with a caption that isn't plain text in UTF-8";
            }
        return new(usable, unusable);
    }

    /// <summary>Both.</summary>
    public PictureCaptions And(PictureCaptions more) => new([.. Usable, .. more.Usable], Unusable ?? more.Unusable);
}

/// <summary>
/// What pictures show, in words: in a table <c>captions.csv</c>, or <c>metadata.csv</c> or <c>metadata.jsonl</c> as Hugging Face's, or in a
/// text of the picture's name beside it, as <c>cat.txt</c> of <c>cat.png</c>.
/// </summary>
/// <param name="Pictures">The captions of each picture.</param>
/// <param name="From">Which files they are from.</param>
/// <param name="Texts">The texts among these, by their names.</param>
internal sealed record CaptionFile(IReadOnlyList<PictureCaptions> Pictures, string From, IReadOnlySet<string> Texts)
{
    private const long LongestFile = 1L << 30, LongestText = 64 << 10;

    private static readonly string[] _columns = ["caption", "captions", "text", "prompt", "description", "annotation"];

    /// <summary>The captions of pictures.</summary>
    /// <param name="set">Where they are from.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="asked">Columns of a table with commas between; null for the first that is called as captions are.</param>
    /// <returns>Null where there are none.</returns>
    /// <exception cref="DataException">A table is damaged, or has no such column.</exception>
    public static CaptionFile? Find(FileSet set, IReadOnlyList<DataFile> pictures, string? asked)
    {
        foreach (var kind in set.Of(FileKind.Labels).GroupBy(file => file.LastName.ToLowerInvariant()).OrderBy(kind => kind.Key))
        {
            var found = new Dictionary<string, PictureCaptions>(StringComparer.Ordinal);
            foreach (var file in kind)
                foreach (var (name, captions) in Read(set, file, asked))
                    Add(found, (file.Folder.Length == 0 ? "" : file.Folder + "/") + name, captions);
            if (found.Count > 0)
                return new([.. pictures.Select(picture => Of(found, picture))], kind.Key, new HashSet<string>());
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
        DataFile?[] beside = [.. pictures.Select(picture => texts.GetValueOrDefault(Path.ChangeExtension(picture.Name, null)))];
        return beside.All(text => text is null) ? null
            : new([.. beside.Select(text => text is null ? PictureCaptions.None : Boundary.Read(LabelFile.Name(set, text), "read as a caption",
                () => PictureCaptions.Of(ReadAll(text).Split('\n'))))], "the .txt files beside the pictures",
                beside.OfType<DataFile>().Select(text => text.Name).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Whether a table is of captions alone, by its name.</summary>
    public static bool IsTable(DataFile file) => file.LastName.Equals("captions.csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file may be the caption of the picture beside it: a line for each caption.</summary>
    public static bool IsText(DataFile file) => file.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && file.Length <= LongestText;

    /// <summary>Which columns of a table hold captions: those asked for, −1 for one that isn't there; else the first that is called as
    /// captions are, or none.</summary>
    /// <param name="asked">Columns with commas between; null for any.</param>
    /// <param name="find">A column's number by its name; −1 where there is none.</param>
    public static int[] Choose(string? asked, Func<string, int> find) =>
        asked is null ? [.. _columns.Select(find).Where(column => column >= 0).Take(1)]
            : [.. asked.Split(',', StringSplitOptions.TrimEntries).Select(find)];

    // A picture may have several rows.
    private static void Add(Dictionary<string, PictureCaptions> found, string name, PictureCaptions captions) =>
        found[name] = found.TryGetValue(name, out var before) ? before.And(captions) : captions;

    // By its path from the table, or, as a table may be of several folders of pictures with the same names, by the path's end.
    private static PictureCaptions Of(Dictionary<string, PictureCaptions> found, DataFile picture)
    {
        if (found.TryGetValue(picture.Name, out var captions))
            return captions;
        for (var folder = picture.Folder; folder.Length > 0; folder = folder[..Math.Max(0, folder.LastIndexOf('/'))])
            if (found.TryGetValue(folder[..(folder.LastIndexOf('/') + 1)] + picture.Name[(folder.Length + 1)..], out captions))
                return captions;
        return PictureCaptions.None;
    }

    private static Dictionary<string, PictureCaptions> Read(FileSet set, DataFile file, string? asked)
    {
        if (file.Length > LongestFile)
            throw new DataException($"'{file.Path}' is larger than {LongestFile >> 30} GB, more than a file of captions can be.");
        return Boundary.Read(LabelFile.Name(set, file), "read as captions", () =>
        {
            var found = new Dictionary<string, PictureCaptions>(StringComparer.Ordinal);
            if (file.LastName.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                return found;
            using var text = new StreamReader(file.Open());
            foreach (var (name, captions) in file.LastName.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? Lines(text, asked)
                : Rows(Csv.Read(text), asked))
                Add(found, LabelFile.PathOf(name), PictureCaptions.Of(captions));
            return found;
        });
    }

    private static IEnumerable<(string Name, IEnumerable<string> Captions)> Rows(IEnumerable<string[]> rows, string? asked)
    {
        var (file, columns) = (-1, Array.Empty<int>());
        foreach (var row in rows)
            if (file < 0)
            {
                (file, columns) = Columns(row, asked);
                if (file < 0 || columns.Length == 0 || columns.Contains(-1))
                    yield break;
            }
            else if (row.Length > file)
                yield return (row[file], columns.Where(at => at < row.Length).Select(at => row[at]));
    }

    /// <summary>The columns of the table beside pictures, to be told where none of them is of captions; null where there is no
    /// table.</summary>
    public static string? ColumnsOf(FileSet set) => set.Of(FileKind.Labels)
        .Where(file => file.Length <= LongestFile && file.LastName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        .Select(file =>
        {
            using var text = new StreamReader(file.Open());
            return (file.LastName, Header: Csv.Read(text).FirstOrDefault());
        })
        .Where(table => table.Header is { Length: > 1 })
        .Select(table => $"{table.LastName} has the columns {string.Join(", ", table.Header!)}").FirstOrDefault();

    // Each line has names of its own.
    private static IEnumerable<(string Name, IEnumerable<string> Captions)> Lines(TextReader text, string? asked) =>
        JsonLines.Read(text, fields => Line(fields, asked)).OfType<(string, IEnumerable<string>)>();

    private static (string Name, IEnumerable<string> Captions)? Line(JsonProperty[] fields, string? asked)
    {
        var (file, columns) = Columns([.. fields.Select(field => field.Name)], asked);
        return file >= 0 && columns.Any(at => at >= 0)
            ? (fields[file].Value.GetString()!, [.. columns.Where(at => at >= 0).SelectMany(at => TextsOf(fields[at]))]) : null;
    }

    private static IEnumerable<string> TextsOf(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.String => [field.Value.GetString()!],
        JsonValueKind.Null => [],
        JsonValueKind.Array when field.Value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String) =>
            field.Value.EnumerateArray().Select(text => text.GetString()!),
        JsonValueKind.Number => [field.Value.GetRawText()],
        _ => throw new InvalidDataException($"{field.Name} is neither a text nor a list of texts"),
    };

    private static (int File, int[] Captions) Columns(string[] header, string? asked) =>
        (LabelFile.Columns(header).File, Choose(asked, name => At(header, name)));

    private static int At(string[] header, string name) =>
        Array.FindIndex(header, column => column.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string ReadAll(DataFile file)
    {
        using var text = new StreamReader(file.Open());
        return text.ReadToEnd();
    }
}
