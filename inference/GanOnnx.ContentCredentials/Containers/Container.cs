using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Containers;

/// <summary>Where a manifest store is in a file.</summary>
/// <param name="Start">The first byte of what holds it.</param>
/// <param name="Length">How many bytes that has, with its headers.</param>
/// <param name="Store">The manifest store.</param>
internal sealed record Located(long Start, long Length, byte[] Store);

/// <summary>A format of files that hold a manifest store, C2PA specification 2.2, appendix A.3.</summary>
internal abstract class Container
{
    // A file of nothing but empty parts would take long to go through.
    private const int MostParts = 1_000_000;

    private static readonly Container[] _all = [new PngContainer(), new JpegContainer(), new RiffContainer("WEBP", "image/webp"),
        new RiffContainer("WAVE", "audio/wav"), new GifContainer()];

    public abstract string MediaType { get; }

    /// <summary>The format of a file; null for another.</summary>
    public static Container? Find(Stream file)
    {
        file.Position = 0;
        var start = new byte[12];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return Array.Find(_all, container => container.Begins(start.AsSpan(0, read)));
    }

    /// <summary>Finds the manifest store of a file.</summary>
    /// <returns>Null where there is none, as far as the file can be followed.</returns>
    /// <exception cref="MalformedException">There are several, or one that is damaged or too large.</exception>
    public Located? Locate(Stream file)
    {
        try
        {
            return Search(new(file, MostParts));
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>Behind how many bytes of a file a manifest store goes.</summary>
    /// <exception cref="EndOfStreamException">The file is cut short.</exception>
    public abstract long PlaceIn(Stream file);

    /// <summary>How many bytes a manifest store takes in a file.</summary>
    public abstract long LengthOf(int store);

    /// <summary>The bytes that a manifest store takes.</summary>
    public abstract byte[] Wrap(ReadOnlySpan<byte> store);

    /// <summary>Changes what comes first in a file so that it allows for more bytes.</summary>
    /// <exception cref="CredentialException">There is no room for them.</exception>
    public virtual void Grow(Span<byte> start, long more) { }

    protected abstract bool Begins(ReadOnlySpan<byte> file);

    protected abstract Located? Search(Parts file);

    /// <summary>The one that there may be.</summary>
    /// <exception cref="MalformedException">There are two.</exception>
    protected static Located Only(Located? before, Located found) =>
        before is null ? found : throw new MalformedException("there are two manifest stores");
}
