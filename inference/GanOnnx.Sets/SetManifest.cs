using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;

namespace GanOnnx.Sets;

/// <summary>A file of a set, as its manifest says.</summary>
/// <param name="File">Its name.</param>
/// <param name="First">The index of its first image.</param>
/// <param name="Count">How many images are in it.</param>
/// <param name="Bytes">Its length; of a folder, that of its files together.</param>
/// <param name="Sha256">Of the file; of a folder, of the lines that <c>sha256sum *</c> prints for it.</param>
internal sealed record SetEntry(string File, long First, int Count, long Bytes, string Sha256);

/// <summary>
/// What a set's folder says of it, in lines of JSON: a description first, then a line for each file, which is written before the file is
/// moved in. Every process has a manifest of its own, so none waits for another; the set's is all of them together. A file that was made
/// again has a line for each time, and is whole if it is as one of them says.
/// </summary>
internal sealed class SetManifest
{
    private const string Pattern = "manifest*.jsonl";
    private const int Version = 1, LongestLine = 1 << 20;

    private static ReadOnlySpan<byte> Start => "{\"manifest\":"u8;

    // How the line begins that ends a set before it is whole.
    private const string CancelledStart = "{\"cancelled\":";

    // Beyond that a folder is no set that anyone made here.
    private const int MostEntries = 20_000_000;

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
    };

    private SetManifest(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Null where the folder has no manifest.</summary>
    public SetDescription? Description { get; private set; }

    private readonly HashSet<(string File, long Bytes, string Sha256)> _contents = [];

    /// <summary>The files, by name.</summary>
    public Dictionary<string, SetEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Files that two lines give different images, as happens where somebody put sets together.</summary>
    public List<string> Contradictions { get; } = [];

    /// <summary>When it was given up, and isn't made further; null where it wasn't.</summary>
    public DateTimeOffset? Cancelled { get; private set; }

    /// <summary>Whether a line says that a file has this content.</summary>
    public bool Says(string file, (long Bytes, string Sha256) content) => _contents.Contains((file, content.Bytes, content.Sha256));

    /// <summary>What the manifest of one process is called, which makes the whole set.</summary>
    public const string FileName = "manifest.jsonl";

    /// <summary>Whether a folder has a manifest.</summary>
    public static bool IsIn(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, Pattern).Any(IsOurs);

    /// <summary>Reads all manifests of a folder, which may not be there.</summary>
    /// <exception cref="UsageException">One is damaged, or is another set's.</exception>
    public static SetManifest Read(string folder)
    {
        var manifest = new SetManifest(folder);
        if (Directory.Exists(folder))
            foreach (var path in Directory.GetFiles(folder, Pattern).Where(IsOurs).Order(StringComparer.Ordinal))
                manifest.ReadFile(path);
        return manifest;
    }

    /// <summary>Opens the manifest of a process to write on.</summary>
    /// <param name="path">The file.</param>
    /// <param name="description">The set.</param>
    /// <param name="shard">Which part of it the process makes, as <c>0/4</c>.</param>
    /// <exception cref="UsageException">Something else is there.</exception>
    public static FileStream Open(string path, SetDescription description, string shard)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > 0 && !IsOurs(path))
        {
            stream.Dispose();
            throw new UsageException($"'{path}' is there and is no manifest of a set, so nothing is written to it. Move it away, or give another folder.");
        }
        // A killed process may have left half a line.
        stream.SetLength(EndOfLastLine(stream));
        stream.Position = stream.Length;
        if (stream.Length == 0)
            Append(stream, new Head(Version, new Provenance().CreatorTool!, shard, description));
        return stream;
    }

    /// <summary>Adds a line, and waits until it is on the disk.</summary>
    public static void Append(FileStream stream, object line)
    {
        stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, _json), (byte)'\n']);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Adds that the set is given up.</summary>
    /// <param name="path">A manifest of it, to which nobody writes now.</param>
    public static void Cancel(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        stream.SetLength(EndOfLastLine(stream));
        stream.Position = stream.Length;
        Append(stream, new End(DateTimeOffset.UtcNow));
    }

    // Others have manifests too. Half of a first line is ours still.
    private static bool IsOurs(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[Start.Length];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return length > 0 && Start.StartsWith(start[..length]);
    }

    private void ReadFile(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var number = 0;
        while (ReadLine(reader, path) is { } line)
        {
            number++;
            try
            {
                if (number == 1)
                    Check(JsonSerializer.Deserialize<Head>(line, _json) ?? throw new JsonException(), path);
                else if (line.StartsWith(CancelledStart, StringComparison.Ordinal))
                    Cancelled = JsonSerializer.Deserialize<End>(line, _json)?.Cancelled ?? throw new JsonException();
                else
                    Add(JsonSerializer.Deserialize<SetEntry>(line, _json) ?? throw new JsonException());
            }
            catch (JsonException)
            {
                throw new UsageException($"'{path}' is no manifest of a set, or is damaged: line {number} can't be read.");
            }
            if (Entries.Count > MostEntries)
                throw new UsageException($"'{path}' names more than {MostEntries:N0} files.");
        }
    }

    private void Check(Head head, string path)
    {
        if (head.Manifest != Version)
            throw new UsageException($"'{path}' is a manifest of version {head.Manifest}; this program reads version {Version}.");
        if (head.Set.Fault() is { } fault)
            throw new UsageException($"'{path}' describes a set with {fault}, which there can't be.");
        if (Description?.DifferenceTo(head.Set) is { } difference)
            throw new UsageException($"'{path}' is of another set than the manifests beside it: {difference}.");
        Description ??= head.Set;
    }

    private void Add(SetEntry entry)
    {
        if (Entries.TryGetValue(entry.File, out var earlier) && (earlier.First, earlier.Count) != (entry.First, entry.Count))
            Contradictions.Add($"{entry.File} has images {Range(earlier)} by one line and {Range(entry)} by another");
        Entries[entry.File] = entry;
        _contents.Add((entry.File, entry.Bytes, entry.Sha256));
    }

    /// <summary>Which images an entry has, as <c>0-999</c>.</summary>
    public static string Range(SetEntry entry) => FormattableString.Invariant($"{entry.First}-{entry.First + entry.Count - 1}");

    // A line without its end is being written, or was when its process was killed: it is as if it weren't there.
    private static string? ReadLine(StreamReader reader, string path)
    {
        var line = new StringBuilder();
        for (int letter; (letter = reader.Read()) >= 0;)
        {
            if (letter == '\n')
                return line.ToString();
            if (line.Append((char)letter).Length > LongestLine)
                throw new UsageException($"'{path}' is no manifest of a set: it has a line of more than {LongestLine:N0} letters.");
        }
        return null;
    }

    private static long EndOfLastLine(FileStream stream)
    {
        for (var end = stream.Length; end > 0; end--)
        {
            stream.Position = end - 1;
            if (stream.ReadByte() == '\n')
                return end;
        }
        return 0;
    }

    /// <summary>The first line.</summary>
    private sealed record Head(int Manifest, string Tool, string Shard, SetDescription Set);

    /// <summary>The last line of a set that was given up.</summary>
    private sealed record End(DateTimeOffset Cancelled);
}
