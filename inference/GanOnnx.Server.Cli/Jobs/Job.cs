using System.Globalization;
using GanOnnx.Sets;

namespace GanOnnx.Server.Jobs;

/// <summary>A set that the server makes in the background. What is to be made, how far it is, and whether it was cancelled stands in its
/// folder's manifest and nowhere else.</summary>
/// <param name="id">Its name, which is its folder's.</param>
/// <param name="folder">Where it lies.</param>
internal sealed class Job(string id, string folder)
{
    private const string Start = "job-";

    public string Id => id;

    public string Folder => folder;

    public string ManifestPath => Path.Combine(folder, SetManifest.FileName);

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset Created { get; } = TimeOf(Guid.ParseExact(id[Start.Length..], "N"));

    /// <summary>Ends the work on it.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Held by who works on it, or removes it.</summary>
    public SemaphoreSlim Work { get; } = new(1, 1);

    /// <summary>Why it couldn't be made; null where it could, or wasn't tried since the start.</summary>
    public volatile string? Error;

    /// <summary>Whether it is being made.</summary>
    public volatile bool IsRunning;

    public static string NewId() => $"{Start}{Guid.CreateVersion7():N}";

    /// <summary>Whether a folder's name is one that this program gives.</summary>
    public static bool IsId(string name) => name.StartsWith(Start, StringComparison.Ordinal)
        && Guid.TryParseExact(name[Start.Length..], "N", out var guid) && guid.Version == 7 && $"{Start}{guid:N}" == name;

    /// <summary>What its manifest says now.</summary>
    /// <exception cref="CommandLine.UsageException">It is damaged.</exception>
    public SetManifest Read() => SetManifest.Read(folder);

    /// <summary>The files that are whole: a manifest has a file's line a moment before the file is in its place.</summary>
    public IReadOnlyList<SetEntry> Files(SetManifest manifest) =>
        [.. manifest.Entries.Values.Where(entry => entry.File == Path.GetFileName(entry.File)
            && File.Exists(Path.Combine(folder, entry.File)))];

    /// <summary>Whether nothing is left to make.</summary>
    public bool IsDone(SetManifest manifest) => manifest.Description is { } set && Files(manifest).Count >= set.Files;

    // RFC 9562: the first 48 bits are milliseconds since 1970.
    private static DateTimeOffset TimeOf(Guid guid) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(guid.ToString("N").AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
