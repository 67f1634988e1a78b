namespace GanOnnx.Data;

/// <summary>The files of a data set, in the order of their names, and what was left out of them.</summary>
/// <param name="path">The folder, archive or file that they are from.</param>
internal sealed class FileSet(string path) : IDisposable
{
    private ScratchFile? _scratch;

    /// <summary>The folder, archive or file that they are from.</summary>
    public string Path { get; } = path;

    /// <summary>The files.</summary>
    public IReadOnlyList<DataFile> Files { get; set; } = [];

    /// <summary>What was left out.</summary>
    public LeftOut LeftOut { get; } = new();

    /// <summary>See <see cref="IDescribed.Stamp"/>.</summary>
    public string? Stamp { get; set; }

    /// <summary>A place on disk for what is unpacked.</summary>
    public ScratchFile Scratch => _scratch ??= new ScratchFile();

    /// <summary>The files of a kind.</summary>
    public IEnumerable<DataFile> Of(FileKind kind) => Files.Where(file => file.Contents.Kind == kind);

    /// <summary>Frees what was unpacked.</summary>
    public void Dispose() => _scratch?.Dispose();
}
