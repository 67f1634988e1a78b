namespace GanOnnx.Training.Data;

/// <summary>Opens what people give as a data source.</summary>
public static class ImageSources
{
    private static readonly Catalog<Func<string, IImageSource>> _named = new("data source")
    {
        ["synthetic"] = name => name == "digits"
            ? new SyntheticDigits()
            : throw new TrainingException($"There is no synthetic data 'synthetic:{name}'; there is: synthetic:digits."),
    };

    /// <summary>Adds a data source of a program's own: <see cref="TrainingRun.Data"/> names it from then on, with a colon and whatever it
    /// takes.</summary>
    /// <param name="name">Its name: small letters a to z, digits and hyphens.</param>
    /// <param name="open">Opens it; gets what stands after the colon. Throws a <see cref="TrainingException"/> where there is nothing to
    /// train on.</param>
    /// <exception cref="ArgumentException">The name is taken, or can't be one.</exception>
    public static void Register(string name, Func<string, IImageSource> open) => _named.Register(name, open);

    /// <summary>
    /// A folder of images (class per subfolder where labelled), an IDX image file or a folder of them, a .zip or
    /// .tar.gz of either, <c>synthetic:digits</c>, or a registered source.
    /// </summary>
    /// <exception cref="TrainingException">There is nothing there that can be trained on.</exception>
    internal static IImageSource Open(string source)
    {
        if (Named(source) is { } open)
            return open(source[(source.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        if (Directory.Exists(source))
            return OpenFolder(source, Path.GetFileName(Path.GetFullPath(source).TrimEnd(Path.DirectorySeparatorChar)));
        if (!File.Exists(source))
            throw new TrainingException($"'{source}' is neither a file nor a folder. Give a folder of images, an IDX file, a .zip or "
                + ".tar.gz of either, or synthetic:digits.");
        if (Archive.IsArchive(source))
            return Archive.Open(source);
        return new IdxSource(source, Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(source))!));
    }

    /// <summary>The source's whole path; a registered one's name.</summary>
    internal static string FullName(string source) => Named(source) is not null ? source : Path.GetFullPath(source);

    internal static IImageSource OpenFolder(string folder, string name) =>
        IdxSource.FindImages(folder) is { } idx ? new IdxSource(idx, name) : new ImageFolder(folder, name);

    private static Func<string, IImageSource>? Named(string source) =>
        source.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? _named.Find(source[..colon]) : null;
}
