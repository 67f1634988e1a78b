namespace GanOnnx.Training.Data;

/// <summary>Opens what people give as a data source.</summary>
internal static class ImageSources
{
    private const string SyntheticPrefix = "synthetic:";

    /// <summary>
    /// A folder of images (class per subfolder where labelled), an IDX image file or a folder of them, a .zip or
    /// .tar.gz of either, or <c>synthetic:digits</c>.
    /// </summary>
    /// <exception cref="TrainingException">There is nothing there that can be trained on.</exception>
    public static IImageSource Open(string source)
    {
        if (source.StartsWith(SyntheticPrefix, StringComparison.Ordinal))
            return source == SyntheticPrefix + "digits"
                ? new SyntheticDigits()
                : throw new TrainingException($"There is no synthetic data '{source}'; there is: synthetic:digits.");

        if (Directory.Exists(source))
            return OpenFolder(source, Path.GetFileName(Path.GetFullPath(source).TrimEnd(Path.DirectorySeparatorChar)));
        if (!File.Exists(source))
            throw new TrainingException($"'{source}' is neither a file nor a folder. Give a folder of images, an IDX file, a .zip or .tar.gz of either, or synthetic:digits.");
        if (Archive.IsArchive(source))
            return Archive.Open(source);
        return new IdxSource(source, Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(source))!));
    }

    /// <summary>The source's whole path; a synthetic one's name.</summary>
    public static string FullName(string source) =>
        source.StartsWith(SyntheticPrefix, StringComparison.Ordinal) ? source : Path.GetFullPath(source);

    internal static IImageSource OpenFolder(string folder, string name) =>
        IdxSource.FindImages(folder) is { } idx ? new IdxSource(idx, name) : new ImageFolder(folder, name);
}
