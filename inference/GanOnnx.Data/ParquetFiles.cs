using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Data;
using Parquet.Schema;
using ColumnMetaData = Parquet.Meta.ColumnMetaData;

namespace GanOnnx.Data;

/// <summary>
/// Pictures in tables as Hugging Face's data sets have them: a column <c>image</c> of the files' bytes and their paths, and one of labels,
/// whose names stand in the file's metadata, or of captions, one or a list for each picture.
/// </summary>
internal sealed class ParquetFiles
{
    // A group of rows is in memory at once. Hugging Face's are of 100 to 1,000 pictures.
    private const int MostRowsInGroup = 10_000_000;

    private static readonly string[] _imageColumns = ["image", "img", "picture", "photo"];
    private static readonly string[] _labelColumns = ["label", "labels", "class", "target", "fine_label"];

    private readonly FileSet _set;
    private readonly DataOptions _options;
    private readonly CancellationToken _stop;
    private readonly List<DataFile> _pictures = [];
    private readonly List<string> _labels = [];
    private readonly List<IReadOnlyList<string>> _captions = [];
    private readonly SortedSet<string> _captionColumns = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _names;

    private ParquetFiles(FileSet set, DataOptions options, CancellationToken stop) => (_set, _options, _stop) = (set, options, stop);

    /// <summary>Reads a set's tables.</summary>
    /// <param name="set">The files.</param>
    /// <param name="name">What people call the data.</param>
    /// <param name="options">Which part is meant.</param>
    /// <param name="stop">Stops reading.</param>
    /// <exception cref="DataException">They hold no pictures, are damaged, or it isn't clear which part is meant.</exception>
    public static ImageFiles Open(FileSet set, string name, DataOptions options, CancellationToken stop)
    {
        var files = set.Of(FileKind.Parquet).Select(file => (file, Splits.OfWords(file.LastName) ?? Splits.OfWords(file.Folder))).ToArray();
        var chosen = Splits.Choose(set.Path, files, options.Split, file => Boundary.Read(file.Path, "read", () => Rows(file)));
        var tables = new ParquetFiles(set, options, stop);
        foreach (var file in chosen)
            Boundary.Read(file.Path, "read", () =>
            {
                tables.Read(file);
                return true;
            });
        if (options.WithCaptions && tables._pictures.Count == 0)
            throw new DataException($"'{set.Path}' has a caption for none of its pictures. {string.Join(", ", set.LeftOut.Reasons)}.");
        return new ImageFiles(set, name, tables._pictures, tables.Labels(), options.Fit)
        {
            Captions = tables._captions,
            Remark = options.WithCaptions ? $"captions from {string.Join(", ", tables._captionColumns)}" : null,
        };
    }

    /// <summary>The files of a table's pictures, row by row; of a row without one, nothing.</summary>
    /// <exception cref="DataException">It holds no pictures, or is damaged.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Pictures(string path, CancellationToken stop)
    {
        var file = new DataFile(Path.GetFileName(path), new FileInfo(path).Length, () => File.OpenRead(path)) { Path = path };
        using var stream = file.Open();
        var limit = new UnpackLimit(path, file.Length, stop);
        var (reader, image) = Boundary.Read(path, "read", () =>
        {
            ParquetCheck.Footer(file);
            var opened = Wait(ParquetReader.CreateAsync(stream));
            return (opened, ImageColumn(file, opened.Schema.DataFields));
        });
        for (var group = 0; group < reader.RowGroupCount; group++)
            foreach (var picture in Boundary.Read(path, "read", () => Group(file, reader, group, image, limit, stop)))
                yield return picture;
    }

    private static ReadOnlyMemory<byte>[] Group(DataFile file, ParquetReader reader, int group, DataField image, UnpackLimit limit,
        CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var rows = reader.OpenRowGroupReader(group);
        if (rows.RowCount is < 0 or > MostRowsInGroup)
            throw new InvalidDataException("a group of its rows has more than 10 million");
        ParquetCheck.Pages(file, MetadataOf(rows, image), rows.RowCount, rows.RowCount, limit);
        using var pictures = (RawColumnData<ReadOnlyMemory<byte>>)Wait(rows.ReadRawColumnDataBaseAsync(image, stop));
        var values = pictures.Values;
        var (there, at) = (There(pictures, image, rows), 0);
        var found = new ReadOnlyMemory<byte>[there.Length];
        for (var row = 0; row < there.Length; row++)
            found[row] = there[row] ? values[at++].ToArray() : default;
        return found;
    }

    private static int Rows(DataFile file)
    {
        ParquetCheck.Footer(file);
        using var stream = file.Open();
        var reader = Wait(ParquetReader.CreateAsync(stream));
        return (int)Math.Min(reader.Metadata!.NumRows, int.MaxValue);
    }

    private ImageLabels Labels() => _labels.Count == 0 || _labels.TrueForAll(label => label.Length == 0)
        ? ImageLabels.None(_pictures.Count)
        : _names is not null
            ? ImageLabels.OfNumbers(_set.Path, [.. _labels.Select(label => label.Length == 0 ? -1
                : long.Parse(label, CultureInfo.InvariantCulture))], _names)
        : ImageLabels.Of(_set.Path, _labels);

    private void Read(DataFile file)
    {
        ParquetCheck.Footer(file);
        var limit = new UnpackLimit(file.Path, file.Length, _stop);
        using var stream = file.Open();
        var reader = Wait(ParquetReader.CreateAsync(stream));
        var fields = reader.Schema.DataFields;
        var image = ImageColumn(file, fields);
        // Captions are in the place of labels.
        var label = _options.WithCaptions ? null : LabelColumn(fields, Names(reader.CustomMetadata));
        var captions = _options.WithCaptions ? CaptionColumns(file, fields) : [];
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            _stop.ThrowIfCancellationRequested();
            using var rows = reader.OpenRowGroupReader(group);
            if (rows.RowCount is < 0 or > MostRowsInGroup)
                throw new InvalidDataException("a group of its rows has more than 10 million");
            foreach (var field in captions.Concat(label is null ? [image] : [image, label]))
                ParquetCheck.Pages(file, MetadataOf(rows, field), rows.RowCount,
                    field.MaxRepetitionLevel == 0 ? rows.RowCount : MostRowsInGroup, limit);
            Read(file, rows, image, label, captions);
        }
    }

    private static ColumnMetaData MetadataOf(ParquetRowGroupReader rows, DataField field) =>
        rows.GetMetadata(field)?.MetaData ?? throw new InvalidDataException("a column is missing");

    private void Read(DataFile file, ParquetRowGroupReader rows, DataField image, DataField? label, DataField[] captions)
    {
        var labels = label is null ? null : LabelsOf(rows, label);
        var said = _options.WithCaptions ? CaptionsOf(rows, captions) : null;
        using var pictures = (RawColumnData<ReadOnlyMemory<byte>>)Wait(rows.ReadRawColumnDataBaseAsync(image, _stop));
        var values = pictures.Values;
        var there = There(pictures, image, rows);
        if (labels is not null && labels.Length != there.Length)
            throw new InvalidDataException("its columns differ in length");
        for (var (row, value) = (0, 0); row < there.Length; row++)
        {
            var name = $"{file.Name}#{row}";
            var bytes = there[row] ? values[value++] : default;
            if (bytes.IsEmpty)
            {
                _set.LeftOut.Add("row without a picture's bytes", name);
                continue;
            }
            if (said is not null && said[row].Usable.Count == 0)
            {
                _set.LeftOut.Add(said[row].Unusable ?? "without a caption", name);
                continue;
            }
            var (open, length) = _set.Scratch.Add(scratch => scratch.Write(bytes.Span));
            using (var picture = open())
                _pictures.Add(new DataFile(name, length, open)
                {
                    Contents = new(FileKind.Picture, "picture", PictureSize.Read(bytes.Span[..Math.Min(bytes.Length,
                        FileContents.HeadLength)], picture)),
                });
            if (labels is not null)
                _labels.Add(labels[row]);
            if (said is not null)
                _captions.Add(said[row].Usable);
        }
    }

    // Where values may be missing, those that are there stand without gaps.
    private static bool[] There<T>(RawColumnData<T> column, DataField field, ParquetRowGroupReader rows) where T : struct
    {
        var there = new bool[rows.RowCount];
        if (field.MaxDefinitionLevel == 0)
            there.AsSpan().Fill(true);
        else
            for (var i = 0; i < there.Length; i++)
                there[i] = column.DefinitionLevels[i] == field.MaxDefinitionLevel;
        return there;
    }

    private static DataField ImageColumn(DataFile file, DataField[] fields)
    {
        DataField[] binary = [.. fields.Where(field => field.ClrType == typeof(ReadOnlyMemory<byte>) && field.MaxRepetitionLevel == 0
            && (field.Path.Length == 1 || field.Path.ToList() is [_, "bytes"]))];
        var found = binary.Length == 1 ? binary[0]
            : _imageColumns.Select(name => binary.FirstOrDefault(field => field.Path.FirstPart == name)).FirstOrDefault(f => f is not null);
        return found ?? throw new DataException($"'{file.Path}' has "
            + $"{(binary.Length == 0 ? "no column of pictures' bytes" : "several columns of bytes and none of them named image")}; it has: "
            + $"{string.Join(", ", fields.Select(field => field.Path.ToString()))}.");
    }

    // Of texts, or of lists of texts; those that are asked for, or the first that is called as captions are.
    private DataField[] CaptionColumns(DataFile file, DataField[] fields)
    {
        DataField[] texts = [.. fields.Where(field => field.ClrType == typeof(ReadOnlyMemory<char>)
            && (field.Path.Length == 1 || field.MaxRepetitionLevel == 1) && field.MaxRepetitionLevel <= 1)];
        var found = CaptionFile.Choose(_options.Captions, name => Array.FindIndex(texts, field =>
            field.Path.FirstPart!.Equals(name, StringComparison.OrdinalIgnoreCase)));
        if (found.Length == 0 || found.Contains(-1))
            throw new DataException($"'{file.Path}' has no column of captions{(_options.Captions is { } asked ? $" {asked}" : "")}; its columns of "
                + $"text: {(texts.Length == 0 ? "none" : string.Join(", ", texts.Select(field => field.Path.FirstPart)))}.")
            {
                Option = "captions",
            };
        foreach (var column in found)
            _captionColumns.Add(texts[column].Path.FirstPart!);
        return [.. found.Select(column => texts[column])];
    }

    private PictureCaptions[] CaptionsOf(ParquetRowGroupReader rows, DataField[] columns)
    {
        var captions = Enumerable.Range(0, checked((int)rows.RowCount)).Select(_ => new List<string>()).ToArray();
        foreach (var field in columns)
        {
            using var column = (RawColumnData<ReadOnlyMemory<char>>)Wait(rows.ReadRawColumnDataBaseAsync(field, _stop));
            var values = column.Values;
            var (at, row) = (0, -1);
            var entries = field.MaxDefinitionLevel == 0 && field.MaxRepetitionLevel == 0 ? captions.Length : column.DefinitionLevels.Length;
            for (var entry = 0; entry < entries; entry++)
            {
                if (field.MaxRepetitionLevel == 0 || column.RepetitionLevels[entry] == 0)
                    row++;
                if (row < 0 || row >= captions.Length)
                    throw new InvalidDataException("its columns differ in length");
                if (field.MaxDefinitionLevel == 0 || column.DefinitionLevels[entry] == field.MaxDefinitionLevel)
                    captions[row].Add(values[at++].ToString());
            }
        }
        return [.. captions.Select(PictureCaptions.Of)];
    }

    // Its own choice is the column that the metadata has class names for.
    private DataField? LabelColumn(DataField[] fields, IReadOnlyDictionary<string, string[]> names)
    {
        DataField[] possible = [.. fields.Where(field => field.Path.Length == 1 && field.MaxRepetitionLevel == 0
            && (field.ClrType == typeof(ReadOnlyMemory<char>) || IsWhole(field.ClrType)))];
        var column = _labelColumns.Select(name => possible.FirstOrDefault(field => field.Name == name)).FirstOrDefault(f => f is not null)
            ?? possible.FirstOrDefault(field => names.ContainsKey(field.Name));
        if (column is not null && names.TryGetValue(column.Name, out var classes) && IsWhole(column.ClrType))
            _names = classes;
        return column;
    }

    private static bool IsWhole(Type type) =>
        type == typeof(long) || type == typeof(int) || type == typeof(short) || type == typeof(sbyte) || type == typeof(byte)
            || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    private string[] LabelsOf(ParquetRowGroupReader rows, DataField label)
    {
        if (label.ClrType != typeof(ReadOnlyMemory<char>))
            return Type.GetTypeCode(label.ClrType) switch
            {
                TypeCode.Int64 => Numbers<long>(rows, label),
                TypeCode.Int32 => Numbers<int>(rows, label),
                TypeCode.Int16 => Numbers<short>(rows, label),
                TypeCode.SByte => Numbers<sbyte>(rows, label),
                TypeCode.Byte => Numbers<byte>(rows, label),
                TypeCode.UInt16 => Numbers<ushort>(rows, label),
                TypeCode.UInt32 => Numbers<uint>(rows, label),
                _ => Numbers<ulong>(rows, label),
            };
        return Column<ReadOnlyMemory<char>>(rows, label, text => text.ToString());
    }

    // A negative number is the usual way to say that there is none.
    private string[] Numbers<T>(ParquetRowGroupReader rows, DataField label) where T : struct, IFormattable =>
        Column<T>(rows, label, number => number.ToString(null, CultureInfo.InvariantCulture) is var text && text[0] == '-' ? "" : text);

    private string[] Column<T>(ParquetRowGroupReader rows, DataField field, Func<T, string> text) where T : struct
    {
        using var column = (RawColumnData<T>)Wait(rows.ReadRawColumnDataBaseAsync(field, _stop));
        var values = column.Values;
        var at = 0;
        var there = There(column, field, rows);
        var texts = new string[there.Length];
        for (var row = 0; row < texts.Length; row++)
            texts[row] = there[row] ? text(values[at++]) : "";
        return texts;
    }

    // {"info": {"features": {"label": {"_type": "ClassLabel", "names": ["cat", "dog"]}}}}
    private static Dictionary<string, string[]> Names(IReadOnlyDictionary<string, string> metadata)
    {
        var names = new Dictionary<string, string[]>();
        if (!metadata.TryGetValue("huggingface", out var text))
            return names;
        using var json = JsonDocument.Parse(text);
        if (!json.RootElement.TryGetProperty("info", out var info) || !info.TryGetProperty("features", out var features))
            return names;
        foreach (var feature in features.EnumerateObject())
            if (feature.Value.ValueKind == JsonValueKind.Object && feature.Value.TryGetProperty("names", out var list)
                && list.ValueKind == JsonValueKind.Array)
                names[feature.Name] = [.. list.EnumerateArray().Select(name => name.GetString() ?? "")];
        return names;
    }

    // The library is asynchronous throughout; nothing waits here but for the disk.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
