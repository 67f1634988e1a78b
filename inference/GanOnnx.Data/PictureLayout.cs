using System.Globalization;

namespace GanOnnx.Data;

/// <summary>
/// Which pictures of a set are meant and what their classes are: by a file of labels, else by the folders. Folders around everything,
/// parts to train and to test, and numbered shards are no classes.
/// </summary>
internal sealed class PictureLayout
{
    private const int DeepestSplit = 3;

    private readonly FileSet _set;
    private List<Placed> _pictures;

    private PictureLayout(FileSet set, FileKind kind) => (_set, _pictures) =
        (set, [.. set.Of(kind).Select(file => new Placed(file, file.Folder.Length == 0 ? [] : file.Folder.Split('/')))]);

    /// <summary>Arranges a set's pictures.</summary>
    /// <param name="set">The files.</param>
    /// <param name="name">What people call the data.</param>
    /// <param name="options">Which part is meant.</param>
    /// <exception cref="DataException">It isn't clear which part is meant, or the labels can't be read.</exception>
    public static ImageFiles Arrange(FileSet set, string name, DataOptions options)
    {
        var layout = new PictureLayout(set, FileKind.Picture);
        layout.Choose(options.Split);
        (Dictionary<string, IReadOnlyList<string>> Captions, string Remark)? captions =
            options.WithCaptions ? layout.Captions(options.Captions) : null;
        // Captions are in the place of labels, whose files would leave others out.
        var (labels, remark) = (captions is null ? layout.Labels() : null) ?? layout.Classes();
        DataFile[] pictures = [.. layout._pictures.Select(picture => picture.File)];
        return new ImageFiles(set, name, pictures, labels, options.Fit)
        {
            Remark = Together(captions is null ? remark : captions.Value.Remark, Damaged(pictures),
                captions is null && set.Of(FileKind.Labels).FirstOrDefault(CaptionFile.IsTable) is { } table
                    ? $"{table.LastName} has captions, which aren't read" : null),
            Captions = captions is null ? [] : [.. pictures.Select(picture => captions.Value.Captions[picture.Name])],
        };
    }

    private static string? Together(params string?[] remarks) =>
        string.Join("; ", remarks.OfType<string>()) is { Length: > 0 } together ? together : null;

    private static string? Damaged(DataFile[] pictures)
    {
        var count = pictures.Count(picture => picture.Contents.IsDamaged);
        return count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"by their first bytes {(count == pictures.Length ? "none" : $"{count:#,0}")} of them {(count == pictures.Length ? "is a picture" : count == 1 ? "is none" : "are none")}");
    }

    /// <summary>Arranges a set's recordings, as <see cref="Arrange"/> does pictures. Where nothing else gives them classes, what their names
    /// have before the first _ does: <c>7_anna_3.wav</c>.</summary>
    /// <exception cref="DataException">It isn't clear which part is meant, or the labels can't be read.</exception>
    public static SoundFiles ArrangeSounds(FileSet set, string name, DataOptions options)
    {
        var layout = new PictureLayout(set, FileKind.Sound);
        layout.Choose(options.Split);
        var (labels, remark) = layout.Labels() ?? layout.Classes();
        if (labels.Classes.Count == 0 && remark is null && layout.ClassesOfNames() is { } named)
            (labels, remark) = (named, "classes from the names, before the first _");
        return new SoundFiles(set, name, [.. layout._pictures.Select(sound => sound.File)], labels, options.Sound) { Labelled = remark };
    }

    /// <summary>Arranges a set's clips, as <see cref="Arrange"/> does pictures: animations, each a file; where there are none, the folders
    /// that have pictures, each a clip of its frames in the order of their numbers.</summary>
    /// <exception cref="DataException">There are no clips, it isn't clear which part is meant, or the labels can't be read.</exception>
    public static ClipFiles ArrangeClips(FileSet set, string name, DataOptions options)
    {
        var layout = new PictureLayout(set, FileKind.Picture);
        var clips = layout.Clips(options.Frames!.Value);
        layout.Choose(options.Split);
        var (labels, remark) = layout.Labels() ?? layout.Classes();
        return new ClipFiles(set, name, [.. layout._pictures.Select(clip => clips[clip.File.Name])], labels, options) { Labelled = remark };
    }

    // Each clip's frames by its name; its place is that of its file, or that of its folder.
    private Dictionary<string, DataFile[]> Clips(int frames)
    {
        var found = _pictures.ToLookup(picture => picture.File.CountFrames() > 1);
        if (found[true].Any())
        {
            foreach (var still in found[false])
                _set.LeftOut.Add("picture that doesn't move", still.File.Name);
            _pictures = [.. found[true]];
            return _pictures.ToDictionary(clip => clip.File.Name, clip => new[] { clip.File }, StringComparer.Ordinal);
        }
        var folders = _pictures.GroupBy(picture => picture.File.Folder).Where(folder => folder.Key.Length > 0).ToArray();
        foreach (var loose in _pictures.Where(picture => picture.File.Folder.Length == 0 && folders.Length > 1))
            _set.LeftOut.Add("picture that lies in no clip's folder", loose.File.Name);
        var clips = new Dictionary<string, DataFile[]>(StringComparer.Ordinal);
        List<Placed> placed = [];
        foreach (var folder in folders)
        {
            DataFile[] all = [.. folder.Select(frame => frame.File).OrderBy(frame => frame.LastName, NaturalOrder.Instance)];
            if (all.Length < frames)
            {
                _set.LeftOut.Add($"folder of fewer than {frames} frames", folder.Key);
                continue;
            }
            clips[folder.Key] = all;
            var path = folder.Key.Split('/');
            placed.Add(new(all[0] with { Name = folder.Key, Path = folder.Key }, path[..^1]));
        }
        if (folders.Length < 2 || placed.Count == 0)
            throw new DataException($"'{_set.Path}' has no clips of {frames} frames. Give GIF animations, or a folder for each clip "
                + $"with {frames} frames or more as pictures that are numbered; of a video ffmpeg makes them: ffmpeg -i walk.mp4 walk/%04d.png.");
        _pictures = placed;
        return clips;
    }

    // Of some classes with some recordings each; else they are names.
    private ImageLabels? ClassesOfNames()
    {
        const int Fewest = 5;
        string[] names = [.. _pictures.Select(sound => sound.File.LastName.Split('_') is [var first, _, ..] ? first : "")];
        var classes = names.GroupBy(name => name).ToArray();
        return classes.Length >= 2 && classes.All(of => of.Key.Length > 0 && of.Count() >= Fewest)
            ? ImageLabels.OfNames(_set.Path, names) : null;
    }

    // Pictures that have none are left out.
    private (Dictionary<string, IReadOnlyList<string>> Captions, string Remark) Captions(string? asked)
    {
        DataFile[] pictures = [.. _pictures.Select(picture => picture.File)];
        var captions = CaptionFile.Find(_set, pictures, asked)
            ?? throw (CaptionFile.ColumnsOf(_set) is { } columns
                ? new DataException($"'{_set.Path}' has no captions that are known: {columns}. Name those of captions, beside that of the files.")
                {
                    Option = "captions",
                }
                : new DataException($"'{_set.Path}' has no captions. Say what its pictures show in a table captions.csv with the columns file and "
                    + "caption, or in texts beside them, as cat.txt of cat.png."));
        foreach (var other in _set.Of(FileKind.Other).Where(file => CaptionFile.IsText(file) && !captions.Texts.Contains(file.Name)))
            _set.LeftOut.Add(other.Contents.What, other.Name);
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (picture, said) in pictures.Zip(captions.Pictures))
            if (said.Usable.Count > 0)
                found[picture.Name] = said.Usable;
            else
                _set.LeftOut.Add(said.Unusable ?? "without a caption", picture.Name);
        if (found.Count == 0)
        {
            var first = Math.Max(0, captions.Pictures.ToList().FindIndex(said => said.Unusable is not null));
            throw new DataException($"'{_set.Path}' has a caption for none of its {pictures.Length.ToString("#,0", CultureInfo.InvariantCulture)} "
                + $"pictures: '{pictures[first].Name}' is one {captions.Pictures[first].Unusable ?? "without a caption"}. Mend the names or the texts in {captions.From}.");
        }
        _pictures = [.. _pictures.Where(picture => found.ContainsKey(picture.File.Name))];
        return (found, $"captions from {captions.From}");
    }

    private void Choose(string? asked)
    {
        var around = Unwrap();
        var depth = Enumerable.Range(0, DeepestSplit).FirstOrDefault(IsSplit, -1);
        _pictures = [.. Splits.Choose(_set.Path,
            [.. _pictures.Select(p => (p, depth < 0 ? around.Find(name => Splits.Of(name) is not null)
                : p.Folders.ElementAtOrDefault(depth)))],
            asked, _ => 1)];
        if (depth >= 0)
            _pictures = [.. _pictures.Select(p => p with { Folders = [.. p.Folders.Where((_, at) => at != depth)] })];
        Unwrap();
    }

    // One folder around everything is no class, however many there are.
    private List<string> Unwrap()
    {
        List<string> around = [];
        while (_pictures is [{ Folders: [var only, ..] }, ..] && _pictures.All(p => p.Folders is [var first, ..] && first == only))
        {
            around.Add(only);
            _pictures = [.. _pictures.Select(p => p with { Folders = p.Folders[1..] })];
        }
        return around;
    }

    // At the top, other folders may stand beside train and test; below a class there is nothing else.
    private bool IsSplit(int depth)
    {
        string[] names = [.. _pictures.Where(p => p.Folders.Length > depth).Select(p => p.Folders[depth]).Distinct()];
        return Splits.Are(names)
            && (depth == 0 || (names.All(name => Splits.Of(name) is not null) && _pictures.All(p => p.Folders.Length > depth)));
    }

    private (ImageLabels Labels, string? Remark)? Labels()
    {
        var files = from file in _set.Of(FileKind.Labels).Where(file => !CaptionFile.IsTable(file) || file.Path == _set.Path)
                    let folder = file.Folder.Length == 0 ? "" : file.Folder + "/"
                    where _pictures.Exists(p => p.File.Name.StartsWith(folder, StringComparison.Ordinal))
                    let labels = LabelFile.Read(_set, file)
                    where labels is not null
                    group (Folder: folder, File: file, Labels: labels) by file.LastName.ToLowerInvariant() into kind
                    orderby kind.Key
                    select kind.ToArray();
        if (files.FirstOrDefault() is not { } chosen)
            return null;
        if (chosen.All(file => file.Labels.Count == 0))
            return (ImageLabels.None(_pictures.Count), $"{chosen[0].File.LastName} says that there are no labels");

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (folder, _, labels) in chosen)
            foreach (var (name, label) in labels)
                found[folder + LabelFile.PathOf(name)] = label;
        List<Placed> labelled = [];
        foreach (var picture in _pictures)
            if (found.TryGetValue(picture.File.Name, out var label) && label.Length > 0)
                labelled.Add(picture);
            else
                _set.LeftOut.Add($"without a label in {chosen[0].File.LastName}", picture.File.Name);
        var source = LabelFile.Name(_set, chosen[0].File);
        if (labelled.Count == 0)
            throw new DataException($"'{source}' has a label for none of the {_pictures.Count.ToString("#,0",
                CultureInfo.InvariantCulture)} pictures, '{_pictures[0].File.Name}' for one. Mend its names, or take it away.");
        _pictures = labelled;
        return (ImageLabels.Of(source, [.. labelled.Select(picture => found[picture.File.Name])]), $"labels from {chosen[0].File.LastName}");
    }

    private (ImageLabels Labels, string? Remark) Classes()
    {
        string[] folders = [.. _pictures.Select(p => p.Folders is [var first, ..] ? first : "")];
        if (folders.Distinct().Take(2).Count() < 2)
            return (ImageLabels.None(folders.Length), null);
        if (folders.Contains(""))
            return (ImageLabels.None(folders.Length),
                $"folders are no classes where pictures lie beside them: {_pictures[Array.IndexOf(folders, "")].File.Name}");
        return _pictures.TrueForAll(IsInShard)
            ? (ImageLabels.None(folders.Length), "numbered folders that only divide the pictures are no classes")
            : (ImageLabels.OfNames(_set.Path, folders), null);
    }

    // Many pictures are often kept in folders of a thousand: 00012/img00012345.png, or 12000/12345.png.
    private static bool IsInShard(Placed picture)
    {
        if (picture.Folders is not [{ Length: >= 4 } folder] || !folder.All(char.IsAsciiDigit))
            return false;
        var stem = Path.GetFileNameWithoutExtension(picture.File.LastName);
        var number = stem[(stem.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
        return number.Length > folder.Length ? number.StartsWith(folder, StringComparison.Ordinal)
            : number.Length == folder.Length && number[..^3] + "000" == folder;
    }

    /// <summary>A picture and the folders it lies in, without those that are no classes.</summary>
    private sealed record Placed(DataFile File, string[] Folders);
}
