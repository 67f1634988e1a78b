using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>A file of a data set, in a folder or out of an archive.</summary>
/// <param name="Name">Its path within the data, with slashes.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Open">Opens it, from any thread.</param>
internal sealed record DataFile(string Name, long Length, Func<Stream> Open)
{
    /// <summary>What its contents are.</summary>
    public FileContents Contents { get; init; } = new(FileKind.Other, "no picture");

    /// <summary>What messages call it: the whole path of a file, the name of an archive's entry.</summary>
    public string Path { get; init; } = Name;

    /// <summary>When it was written last; the default where that isn't known.</summary>
    public DateTime Written { get; init; }

    /// <summary>The name without its folders.</summary>
    public string LastName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>The folders it lies in, with slashes; empty at the top.</summary>
    public string Folder => Name[..Math.Max(0, Name.LastIndexOf('/'))];

    /// <summary>Frames of an animation; 1 of a picture that doesn't move, and many of a file that can't be read: decoding tells of
    /// it.</summary>
    public int CountFrames()
    {
        if (!Contents.MayMove)
            return 1;
        try
        {
            using var stream = Open();
            return ImageReader.CountFrames(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }

    /// <summary>Reads bytes from a place.</summary>
    /// <exception cref="EndOfStreamException">It ends before.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        using var stream = Open();
        stream.Position = offset;
        stream.ReadExactly(destination);
    }
}
