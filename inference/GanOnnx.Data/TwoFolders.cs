namespace GanOnnx.Data;

/// <summary>Data in two folders, as CycleGAN's sets have it: <c>trainA</c> and <c>trainB</c>, <c>testA</c> and <c>testB</c>.</summary>
internal static class TwoFolders
{
    private const string Usual = "train";

    /// <summary>Takes the pictures of one folder as the images and those of the other as the second images.</summary>
    /// <param name="set">The files.</param>
    /// <param name="name">What people call the data.</param>
    /// <param name="options">Which second images are meant, and which part: those to train on if nothing is said.</param>
    /// <returns>Null where folders aren't named so, or no second images are meant.</returns>
    /// <exception cref="DataException">One of the two folders is missing or has no pictures, or they don't go together.</exception>
    public static IImageSource? Arrange(FileSet set, string name, DataOptions options)
    {
        if (options.Second == SecondImages.None || Find(set) is not var (around, folders))
            return null;
        var split = options.Split ?? Usual;
        string[] chosen = [.. folders.Where(folder => Splits.Of(folder[..^1]) is { } part && part == Splits.Of(split))];
        var (a, b) = (Array.Find(chosen, folder => folder[^1] == 'A'), Array.Find(chosen, folder => folder[^1] == 'B'));
        if (chosen.Length == 0)
            throw new DataException($"'{set.Path}' has no split '{split}'; it has the folders {string.Join(", ", folders)}.")
            {
                Option = "split",
            };
        if (a is null || b is null)
            throw new DataException($"'{set.Path}' has pictures in {chosen[0]}, but none in {chosen[0][..^1]}{(a is null ? 'A' : 'B')}, "
                + "where those that belong to them are. Put them there.");

        var all = set.Files;
        foreach (var other in set.Of(FileKind.Picture).Where(file => !IsIn(file, around + a) && !IsIn(file, around + b)))
            set.LeftOut.Add($"outside of {a} and {b}", other.Name);
        DataFile[] Of(string folder) => [.. from file in all where IsIn(file, around + folder)
                                            select file with { Name = file.Name[(around.Length + folder.Length + 1)..] }];
        // What was unpacked is freed with the first.
        set.Files = Of(a);
        var second = new FileSet(set.Path) { Stamp = set.Stamp, Files = Of(b) };
        var part = options with { Split = null, Second = SecondImages.None };
        var (images, others) = (PictureLayout.Arrange(set, $"{name}/{a}", part), PictureLayout.Arrange(second, $"{name}/{b}", part));
        return options.Second == SecondImages.Unpaired ? UnpairedImages.Of(images, others)
            : ImagePairs.Of(images, others, $"{set.Path}/{a}", $"{set.Path}/{b}");
    }

    private static bool IsIn(DataFile file, string folder) => file.Name.StartsWith(folder + "/", StringComparison.Ordinal);

    // One folder may be around everything, as in archives.
    private static (string Around, string[] Folders)? Find(FileSet set)
    {
        string[][] folders = [.. set.Of(FileKind.Picture).Select(file => file.Folder.Split('/'))];
        for (var depth = 0; ; depth++)
        {
            string[] here = [.. folders.Select(path => path.ElementAtOrDefault(depth) ?? "").Distinct()];
            string[] named = [.. here.Where(folder => folder is [.., 'A' or 'B'] && Splits.Of(folder[..^1]) is not null)];
            if (named.Length > 0)
                return (string.Concat(folders[0].Take(depth).Select(folder => folder + "/")), named);
            if (here is not [{ Length: > 0 }])
                return null;
        }
    }
}
