using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;
using GanOnnx.Shared;
using GanOnnx.Trust;
using SixLabors.ImageSharp;

namespace GanOnnx.Cli;

/// <summary>Writes pictures as <see cref="ImageFile"/> and <see cref="ImageAnimation"/> do, and signs what they say of their
/// origin.</summary>
/// <param name="identity">Signs them; null leaves them unsigned.</param>
/// <param name="license">The model's; null where it has none.</param>
internal sealed class PictureWriter(SigningIdentity? identity, string? license) : IDisposable
{
    public bool Signs => identity is not null;

    /// <summary>Writes a picture.</summary>
    public void Save(Image image, string path, Provenance? provenance, Ingredient? input = null)
    {
        var picture = Encode(image, path, provenance, input);
        ImageFile.Write(path, stream => stream.Write(picture));
    }

    /// <summary>The file of a picture.</summary>
    public byte[] Encode(Image image, string path, Provenance? provenance, Ingredient? input = null)
    {
        var picture = ImageFile.Encode(image, Path.GetExtension(path), new ImageSaveOptions { Provenance = provenance });
        return identity is null || provenance is null ? picture
            : ContentCredential.Sign(picture, ClaimOf.Picture(provenance, license, input), identity);
    }

    /// <summary>Writes an animation, however long it is.</summary>
    public void SaveAnimation(IEnumerable<Image> frames, string path, double framesPerSecond, ImageAnimationOptions options)
    {
        if (identity is null || options.Provenance is not { } provenance)
        {
            ImageAnimation.Save(frames, path, framesPerSecond, options);
            return;
        }
        // The credentials come first in the file, with the hash of all that follows.
        ImageFile.Write(path, signed =>
        {
            using var unsigned = Temporary.Create(Path.GetDirectoryName(Path.GetFullPath(path))!, out var temporary);
            try
            {
                ImageAnimation.Write(unsigned, frames, $"'{path}'", framesPerSecond, options);
                ContentCredential.Sign(unsigned, signed, ClaimOf.Picture(provenance, license, null), identity);
            }
            finally
            {
                Temporary.TryDelete(temporary);
            }
        });
    }

    public void Dispose() => identity?.Dispose();
}
