namespace GanOnnx.Data;

/// <summary>Opens what people give as a data source.</summary>
public static class ImageSources
{
    private const string Turning = "turning";

    private static readonly Catalog<Func<string, DataOptions, CancellationToken, IImageSource>> _named = new("data source")
    {
        ["synthetic"] = (name, options, _) => name switch
        {
            "digits" => new SyntheticDigits(),
            "moving-digits" => new MovingDigits(options.Frames ?? ClipFrames.Default),
            _ => throw new DataException(
                $"There is no synthetic data 'synthetic:{name}'; there are: synthetic:digits and synthetic:moving-digits."),
        },
        [Turning] = TurningViews.Open,
    };

    /// <summary>Adds a data source of a program's own: whatever takes a source takes its name from then on, with a colon and what stands
    /// behind it.</summary>
    /// <param name="name">Its name: small letters a to z, digits and hyphens.</param>
    /// <param name="open">Opens it; gets what stands after the colon. Throws a <see cref="DataException"/> where there is nothing to
    /// read.</param>
    /// <exception cref="ArgumentException">The name is taken, or can't be one.</exception>
    public static void Register(string name, Func<string, IImageSource> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        _named.Register(name, (argument, _, _) => open(argument));
    }

    /// <summary>
    /// A folder of images or other data, an archive of them, an IDX, NumPy or Parquet file, a text that lists pictures,
    /// <c>synthetic:digits</c>, <c>synthetic:moving-digits</c>, <c>turning:down,left,up,right:FOLDER</c>, or a registered source.
    /// </summary>
    /// <param name="source">Its name.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">There is nothing there that can be read.</exception>
    public static IImageSource Open(string source, CancellationToken stop = default) => Open(source, null, stop);

    /// <summary>As <see cref="Open(string, CancellationToken)"/>, of a part of it, or in another form.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="options">Which part of it is meant, and how pictures become squares. The default is null: as the defaults are.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">There is nothing there that can be read.</exception>
    internal static IImageSource Open(string source, DataOptions? options, CancellationToken stop = default)
    {
        options ??= new();
        if (Named(source) is { } open)
            return open(source[(source.IndexOf(':', StringComparison.Ordinal) + 1)..], options, stop);
        return SourceFiles.Open(source, options, stop);
    }

    /// <summary>As <see cref="Open(string, DataOptions?, CancellationToken)"/>, for what has no use for recordings.</summary>
    /// <exception cref="DataException">There is nothing there that can be read, or it has recordings.</exception>
    internal static IImageSource OpenPictures(string source, DataOptions? options, CancellationToken stop)
    {
        var opened = Open(source, options, stop);
        if (opened is not (IRecordings or IClips))
            return opened;
        opened.Dispose();
        throw new DataException($"'{source}' has {(opened is IClips ? "clips" : "recordings")}, and pictures are needed here.");
    }

    /// <summary>The source's whole path; a registered one's name.</summary>
    internal static string FullName(string source) => Inner(source) is var (head, inner) ? head + FullName(inner)
        : Named(source) is not null ? source : Path.GetFullPath(source);

    /// <summary>See <see cref="IDescribed.Stamp"/>; null of a registered source.</summary>
    /// <exception cref="DataException">There is nothing there.</exception>
    internal static string? Stamp(string source) => Inner(source) is var (head, inner) ? TurningViews.StampOf(Stamp(inner), head)
        : Named(source) is not null ? null : SourceFiles.Stamp(source);

    /// <summary>Whether a source is there, as far as can be seen without opening it.</summary>
    internal static bool IsThere(string source) => Inner(source) is var (_, inner) ? IsThere(inner) : Named(source) is not null || Path.Exists(source);

    // What a source that is made of another one is made of: turning:VIEW,VIEW:SOURCE.
    private static (string Head, string Inner)? Inner(string source) =>
        source.StartsWith(Turning + ":", StringComparison.Ordinal) && source.IndexOf(':', Turning.Length + 1) is > 0 and var colon
            ? (source[..(colon + 1)], source[(colon + 1)..]) : null;

    private static Func<string, DataOptions, CancellationToken, IImageSource>? Named(string source) =>
        source.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? _named.Find(source[..colon]) : null;
}
