using GanOnnx.ContentCredentials.Checking;
using GanOnnx.ContentCredentials.Containers;

namespace GanOnnx.ContentCredentials;

/// <summary>
/// A picture that another one was made of (<c>c2pa.ingredient.v3</c>, <c>inputTo</c>): its SHA-256, and the credentials that it has itself.
/// Its name isn't kept.
/// </summary>
public sealed class Ingredient
{
    // What comes along in every picture that is made of one.
    private const int LargestStore = 1 << 20;

    private Ingredient(string? mediaType, string sha256, CheckedStore? credentials) =>
        (MediaType, Sha256, Credentials) = (mediaType, sha256, credentials);

    /// <summary>Its format, as <c>image/png</c>; null for one that has no credentials.</summary>
    public string? MediaType { get; }

    /// <summary>The SHA-256 of its file, in hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Whether its own credentials come along: those that hold, of up to a megabyte.</summary>
    public bool HasCredentials => Credentials is not null;

    internal CheckedStore? Credentials { get; }

    /// <summary>Looks at a picture, whatever it is.</summary>
    /// <param name="picture">Its file, from the start; it can seek.</param>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static Ingredient Of(Stream picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var sha256 = Convert.ToHexStringLower(Hashing.Of(picture));
        if (Container.Find(picture) is not { } container)
            return new(null, sha256, null);
        var store = Validation.Of(picture, container);
        return new(container.MediaType, sha256, store is { Report.Holds: true, Bytes.Length: <= LargestStore } ? store : null);
    }
}
