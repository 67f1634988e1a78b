using GanOnnx.ContentCredentials.Checking;
using GanOnnx.ContentCredentials.Containers;
using GanOnnx.ContentCredentials.Signing;

namespace GanOnnx.ContentCredentials;

/// <summary>
/// Content Credentials (C2PA specification 2.2) in PNG, JPEG, WebP, GIF and WAV files: a signed claim about a picture
/// or a sound, bound to its bytes.
/// </summary>
/// <remarks>Every file may be anybody's: sizes, counts and depths are bounded. Safe to use from several threads at once.</remarks>
public static class ContentCredential
{
    /// <summary>The largest manifest store that is read, 16 MB.</summary>
    public const int LargestStore = 16 << 20;

    /// <summary>Copies a picture with a claim about it in it.</summary>
    /// <param name="picture">The picture's file, from the start, without credentials; it can seek.</param>
    /// <param name="signed">Where the signed file goes.</param>
    /// <param name="claim">What is said.</param>
    /// <param name="identity">Who says it.</param>
    /// <exception cref="CredentialException">It is no PNG, JPEG, WebP, GIF or WAV file, it has credentials, or there is no room
    /// for more.</exception>
    /// <exception cref="IOException">A stream can't be read or written.</exception>
    public static void Sign(Stream picture, Stream signed, PictureClaim claim, SigningIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(signed);
        var (start, place, manifest) = Insertion(picture, claim, identity);
        picture.Position = start.Length;
        signed.Write(start);
        Hashing.Copy(picture, place - start.Length, signed.Write);
        signed.Write(manifest);
        Hashing.Copy(picture, picture.Length - place, signed.Write);
    }

    /// <summary>The same in memory.</summary>
    /// <param name="picture">The picture's file.</param>
    /// <param name="claim">What is said.</param>
    /// <param name="identity">Who says it.</param>
    /// <returns>The signed file.</returns>
    /// <exception cref="CredentialException">As above.</exception>
    public static byte[] Sign(byte[] picture, PictureClaim claim, SigningIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var stream = new MemoryStream(picture, writable: false);
        var (start, place, manifest) = Insertion(stream, claim, identity);
        byte[] signed = [.. picture.AsSpan(0, (int)place), .. manifest, .. picture.AsSpan((int)place)];
        start.CopyTo(signed, 0);
        return signed;
    }

    /// <summary>Reads the credentials of a picture and checks them: the last manifest's signature, assertions and hash of the
    /// file.</summary>
    /// <param name="picture">The picture's file, from the start; it can seek.</param>
    /// <returns>What they say and what is wrong with them; null where there are none.</returns>
    /// <exception cref="CredentialException">It is no PNG, JPEG, WebP, GIF or WAV file.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static CredentialReport? Read(Stream picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Validation.Of(picture, Container.Find(picture) ?? throw Unknown())?.Report;
    }

    private static Insertion Insertion(Stream picture, PictureClaim claim, SigningIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(identity);
        var container = Container.Find(picture) ?? throw Unknown();
        return container.Locate(picture) is null ? ManifestWriter.Write(picture, container, claim, identity)
            : throw new CredentialException("The file has Content Credentials; they would be lost. Take it as an input instead.");
    }

    private static CredentialException Unknown() => new("Content Credentials are for PNG, JPEG, WebP, GIF and WAV files; this is none.");
}
