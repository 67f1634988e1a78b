using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Sets;

namespace GanOnnx.Cli;

/// <summary>How many images of a class were drawn and kept, and where.</summary>
internal sealed record MadeClass(string Name, int Label, string Folder, int Drawn, int Kept);

/// <summary>
/// A set of generated pictures, a folder for each class. Whatever is in such a folder belongs to the set that is read, so nothing else
/// may be there.
/// </summary>
internal sealed class GeneratedSet
{
    /// <summary>How many times as many images as are asked for are drawn at most, where a classifier chooses.</summary>
    public const int MostTries = 20;

    private readonly ImageGenerator _generator;
    private readonly string _folder;
    private readonly Sample _asked;
    private readonly int _perClass;
    private readonly IReadOnlyList<int> _labels;
    private readonly ClassCheck? _check;
    private readonly PictureWriter _writer;
    private readonly IReadOnlyList<string> _classes, _folders;

    /// <param name="generator">Makes the images.</param>
    /// <param name="folder">The set's folder.</param>
    /// <param name="asked">What all images are asked for alike.</param>
    /// <param name="perClass">How many of each class.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="check">Chooses which images are kept; null for all.</param>
    /// <param name="writer">Encodes and signs the pictures.</param>
    public GeneratedSet(ImageGenerator generator, string folder, Sample asked, int perClass, IReadOnlyList<int> labels, ClassCheck? check,
        PictureWriter writer)
    {
        (_generator, _folder, _asked, _perClass, _labels, _check, _writer) = (generator, folder, asked, perClass, labels, check, writer);
        _classes = generator.Model.Classes;
        _folders = ClassFolders.Of(_classes);
    }

    private long Most => _check is null ? _perClass : (long)_perClass * MostTries;

    /// <summary>Makes the images and writes them.</summary>
    /// <param name="origin">What a picture says of its origin.</param>
    /// <param name="stop">Ends it; what is written stays.</param>
    /// <exception cref="UsageException">Something else is in the place of a picture, or beside them.</exception>
    public IReadOnlyList<MadeClass> Write(Func<Sample, Provenance?> origin, CancellationToken stop)
    {
        CheckTop();
        var classes = _labels.Select(label => (Label: label, Pictures: Open(FolderOf(label)))).ToArray();
        var progress = new ProgressLine("Generating", (long)_perClass * classes.Length);
        var made = new List<MadeClass>();
        foreach (var (label, pictures) in classes)
            made.Add(Fill(label, pictures, origin, kept => progress.Report((long)made.Count * _perClass + kept, "images"), stop));
        progress.Clear();
        return made;
    }

    private MadeClass Fill(int label, PictureFolder pictures, Func<Sample, Provenance?> origin, Action<int> told, CancellationToken stop)
    {
        var (folder, drawn, kept) = (FolderOf(label), 0, 0);
        foreach (var batch in _generator.Stream(Draws(label), cancellation: stop))
        {
            var shows = _check?.Shows(batch, label);
            for (var i = 0; i < batch.Count && kept < _perClass; i++, drawn++)
            {
                var sample = _asked with { Label = label, Index = (ulong)drawn };
                var path = PathOf(folder, sample);
                if (shows?[i] == false)
                {
                    GeneratedFile.Remove(path);
                    continue;
                }
                using var image = batch.ToImage(i);
                pictures.Save(image, path, origin(sample));
                kept++;
            }
            told(kept);
            if (kept == _perClass)
                break;
        }
        // Of an earlier call, whose classifier took others.
        foreach (var path in Entries(folder).Where(path => IndexOf(path) >= (ulong)drawn).ToArray())
            GeneratedFile.Remove(path);
        return new(_classes.Count > 0 ? _classes[label] : Number(label), label, Path.GetFileName(folder), drawn, kept);
    }

    private IEnumerable<Sample> Draws(int label)
    {
        for (var i = 0L; i < Most; i++)
            yield return _asked with { Label = label, Index = (ulong)i };
    }

    private PictureFolder Open(string folder)
    {
        if (Entries(folder).FirstOrDefault(path => IndexOf(path) is null) is { } other)
            throw Strange(other);
        return new PictureFolder(folder, Entries(folder), _writer);
    }

    // The folders of other classes are let be.
    private void CheckTop()
    {
        if (Entries(_folder).FirstOrDefault(path => File.Exists(path) || !IsOfAClass(Path.GetFileName(path))) is { } other)
            throw Strange(other);
    }

    private static UsageException Strange(string path) => new($"'{path}' is there and isn't of this set, but would be read with it. "
        + "Empty the folder, or give another one.");

    // A model that doesn't name its classes has as many as there are numbers.
    private bool IsOfAClass(string folder) => _classes.Count > 0 ? _folders.Contains(folder) : folder.All(char.IsAsciiDigit);

    private string FolderOf(int label) => Path.Combine(_folder, _classes.Count > 0 ? _folders[label] : Number(label));

    private static string Number(int label) => label.ToString(CultureInfo.InvariantCulture);

    private static string PathOf(string folder, Sample sample) => Path.Combine(folder, $"{SetDescription.PictureOf(sample)}.png");

    // Which image of the set a file is, or null.
    private ulong? IndexOf(string path) =>
        ulong.TryParse(Path.GetFileNameWithoutExtension(path).Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture,
            out var index) && index < (ulong)Most && path == PathOf(Path.GetDirectoryName(path)!, _asked with { Index = index })
                ? index : null;

    // What is hidden is passed over by what reads the set; a killed call may have left such a file.
    private static IEnumerable<string> Entries(string folder) => !Directory.Exists(folder) ? []
        : Directory.EnumerateFileSystemEntries(folder).Where(path => !HiddenNames.IsOne(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal);
}
