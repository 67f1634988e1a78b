using System.Globalization;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Sets;
using GanOnnx.Shared;
using GanOnnx.Trust;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Cli.Sets;

/// <summary>What was found of a set, as it goes into JSON.</summary>
/// <param name="Folder">The set.</param>
/// <param name="Set">What it is.</param>
/// <param name="Files">How many of its files are as the manifests say.</param>
/// <param name="Images">How many images those have.</param>
/// <param name="Model">The model's file that made images again; null where it isn't here.</param>
/// <param name="Remade">How many images were made again and are those of the set.</param>
/// <param name="Problems">What doesn't hold, a sentence each.</param>
internal sealed record VerifiedSet(string Folder, SetDescription Set, long Files, long Images, string? Model, int Remade,
    IReadOnlyList<string> Problems);

/// <summary>Checks a set with its manifests and its model: files, hashes, ranges, and a sample of images that are made again.</summary>
/// <param name="models">Where its model is looked for.</param>
/// <param name="sample">How many images are made again.</param>
internal sealed class SetVerifier(ModelFinder models, int sample)
{
    private const int MostProblems = 1000;

    private readonly List<string> _problems = [];

    /// <param name="folder">The set's folder.</param>
    /// <param name="progress">Gets how many of how many files are done.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="CommandLine.UsageException">A manifest can't be read.</exception>
    /// <exception cref="ModelException">The model can't be loaded.</exception>
    public VerifiedSet Verify(string folder, Action<long, long> progress, CancellationToken stop)
    {
        var manifest = SetManifest.Read(folder);
        var set = manifest.Description ?? throw new CommandLine.UsageException($"The manifests of '{folder}' have no whole line yet.");
        _problems.AddRange(manifest.Contradictions.Select(contradiction => $"{contradiction}."));
        CheckRanges(set, manifest);
        CheckOthers(set, manifest);
        var generator = models.Find(set.ModelSha256);
        var chosen = generator is null ? [] : Chosen(set);
        var (files, images, remade, done) = (0L, 0L, 0, 0L);
        foreach (var entry in manifest.Entries.Values.OrderBy(entry => entry.First))
        {
            stop.ThrowIfCancellationRequested();
            if (IsWhole(Path.Combine(folder, entry.File), entry, manifest))
            {
                files++;
                images += entry.Count;
                if (generator is not null)
                    remade += MakeAgain(generator, set, Path.Combine(folder, entry.File), entry, chosen, stop);
            }
            progress(++done, manifest.Entries.Count);
        }
        return new(folder, set, files, images, generator?.Model.Path, remade,
            _problems.Count <= MostProblems ? _problems : [.. _problems[..MostProblems], $"and {_problems.Count - MostProblems:N0} more."]);
    }

    // Every image in one file, and in no second one.
    private void CheckRanges(SetDescription set, SetManifest manifest)
    {
        var next = 0L;
        foreach (var entry in manifest.Entries.Values.OrderBy(entry => entry.First).ThenBy(entry => entry.File, StringComparer.Ordinal))
        {
            if (entry.File != Path.GetFileName(entry.File))
            {
                _problems.Add($"'{entry.File}' is no name of a file of a set.");
                continue;
            }
            if (entry.Count < 1 || entry.First < 0 || entry.First > set.Count - entry.Count)
            {
                _problems.Add($"{entry.File} is said to have images {SetManifest.Range(entry)}, which the set of {set.Count:N0} hasn't.");
                continue;
            }
            if (entry.First > next)
                _problems.Add(Text($"images {next}-{entry.First - 1} are in no file: there is a gap before {entry.File}."));
            else if (entry.First < next)
                _problems.Add(Text($"{entry.File} has images {SetManifest.Range(entry)}, of which {next - entry.First} are in a file before it: they overlap."));
            next = Math.Max(next, entry.First + entry.Count);
        }
        if (next < set.Count)
            _problems.Add(Text($"images {next}-{set.Count - 1} are in no file."));
    }

    private void CheckOthers(SetDescription set, SetManifest manifest)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(manifest.Folder).Order(StringComparer.Ordinal))
            if (Path.GetFileName(path) is var name && !manifest.Entries.ContainsKey(name) && IsNumbered(name, set))
                _problems.Add($"{name} is there and no manifest names it.");
    }

    private static bool IsNumbered(string name, SetDescription set) =>
        name.EndsWith(SetFormat.ExtensionOf(set.Format), StringComparison.Ordinal)
            && name[..^SetFormat.ExtensionOf(set.Format).Length] is { Length: > 0 } digits && digits.All(char.IsAsciiDigit);

    private bool IsWhole(string path, SetEntry entry, SetManifest manifest)
    {
        if (entry.File != Path.GetFileName(entry.File))
            return false;
        if (!Path.Exists(path))
        {
            _problems.Add($"{entry.File} is missing (images {SetManifest.Range(entry)}).");
            return false;
        }
        try
        {
            var (bytes, sha256) = SetFormat.Hash(path);
            if (manifest.Says(entry.File, (bytes, sha256)))
                return true;
            _problems.Add(bytes != entry.Bytes ? Text($"{entry.File} has {bytes:N0} bytes; its manifest says {entry.Bytes:N0}.")
                : $"{entry.File} isn't what its manifest says: its SHA-256 is {sha256}, not {entry.Sha256}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{entry.File} can't be read: {e.Message}");
        }
        return false;
    }

    // The same each time: somebody else finds the same.
    private HashSet<long> Chosen(SetDescription set)
    {
        var random = new Random((int)(set.Seed % int.MaxValue));
        var chosen = new HashSet<long>();
        while (chosen.Count < Math.Min(sample, set.Count))
            chosen.Add(random.NextInt64(set.Count));
        return chosen;
    }

    private int MakeAgain(ImageGenerator generator, SetDescription set, string path, SetEntry entry, HashSet<long> chosen,
        CancellationToken stop)
    {
        var wanted = chosen.Where(index => index >= entry.First && index < entry.First + entry.Count)
            .ToDictionary(index => $"{set.PictureOf(index)}.{set.Encoding}", StringComparer.Ordinal);
        if (wanted.Count == 0)
            return 0;
        var (found, pictures) = (0, 0);
        try
        {
            foreach (var (name, bytes) in SetFormat.Of(set.Format, []).Read(path, row => $"{set.PictureOf(entry.First + row)}.{set.Encoding}", stop))
            {
                pictures++;
                if (wanted.Remove(name, out var index) && IsThatImage(generator, set, entry, index, name, bytes, stop))
                    found++;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or DataException or IOException)
        {
            _problems.Add($"{entry.File} can't be read: {e.Message}");
            return found;
        }
        if (pictures != entry.Count)
            _problems.Add(Text($"{entry.File} has {pictures:N0} pictures; its manifest says {entry.Count:N0}."));
        _problems.AddRange(wanted.Keys.Select(name => $"{entry.File} hasn't the picture {name}."));
        return found;
    }

    private bool IsThatImage(ImageGenerator generator, SetDescription set, SetEntry entry, long index, string name, byte[] bytes,
        CancellationToken stop)
    {
        using var scratch = ScratchFolder.InTemp();
        var file = Path.Combine(scratch.Path, name);
        File.WriteAllBytes(file, bytes);
        try
        {
            using var picture = ImageReader.ReadWhole(file);
            using var made = generator.Stream([set.SampleOf(index, generator.Model)], cancellation: stop).Single().ToImage(0);
            if (Likeness.Of(picture, made, file) is { IsThatImage: false } likeness)
            {
                _problems.Add($"{name} of {entry.File}: {likeness.Sentence}");
                return false;
            }
            return true;
        }
        catch (Exception e) when (e is ImageException or RemakeException or ModelException)
        {
            _problems.Add($"{name} of {entry.File} can't be compared: {e.Message.Replace(file, name, StringComparison.Ordinal)}");
            return false;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
