using System.Globalization;
using GanOnnx.CommandLine;

namespace GanOnnx.Cli.Sets;

/// <summary>Which process of how many this is: as typed, or as an engine that starts many says.</summary>
internal static class Shard
{
    private const int Most = 1_000_000;

    // The number of this process, from 0, and how many there are.
    private static readonly (string Index, string? Count, string? First)[] _engines =
    [
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", null),
        ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"),
        ("JOB_COMPLETION_INDEX", null, null),
    ];

    /// <summary>Reads <c>I/N</c>, <c>auto</c> or <c>auto/N</c>.</summary>
    /// <exception cref="UsageException">It is none of them, or nothing says which process this is.</exception>
    public static (int Index, int Count) Parse(string text)
    {
        var (left, right) = text.Split('/') is [var i, var n] ? (i, n) : (text, null);
        if (left == "auto")
            return Auto(right is null ? null : Number(right) ?? throw Wrong(text));
        return Number(left) is { } index && Number(right) is { } count && index < count ? (index, count) : throw Wrong(text);
    }

    private static (int Index, int Count) Auto(int? count)
    {
        foreach (var (ofIndex, ofCount, ofFirst) in _engines)
            if (Number(Environment.GetEnvironmentVariable(ofIndex)) is { } index)
            {
                index -= ofFirst is null ? 0 : Number(Environment.GetEnvironmentVariable(ofFirst)) ?? 0;
                var all = count ?? (ofCount is null ? null : Number(Environment.GetEnvironmentVariable(ofCount)))
                    ?? throw new UsageException($"{ofIndex} says which process this is, and nothing how many there are; say it: --shard auto/N.");
                return index >= 0 && index < all ? (index, all)
                    : throw new UsageException($"This is process {index} by {ofIndex}, and there are {all}; it has to be from 0 to {all - 1}.");
            }
        throw new UsageException($"Nothing says which process this is: none of {string.Join(", ", _engines.Select(engine => engine.Index))} is set. "
            + "Give --shard I/N.");
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Most ? number : null;

    private static UsageException Wrong(string text) =>
        new($"'{text}' is no share; I/N is expected, as 0/4 for the first of four, or auto where MPI, Slurm or Kubernetes starts the processes.");
}
