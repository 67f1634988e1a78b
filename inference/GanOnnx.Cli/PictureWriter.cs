using GanOnnx.Audio;
using GanOnnx.CommandLine;
using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Shared;
using GanOnnx.Trust;
using GanOnnx.Video;
using SixLabors.ImageSharp;

namespace GanOnnx.Cli;

/// <summary>Writes pictures, sounds and animations as <see cref="ImageFile"/>, <see cref="SoundFile"/> and <see cref="VideoFile"/> do, and
/// signs what they say of their origin.</summary>
/// <param name="identity">Signs them; null leaves them unsigned.</param>
/// <param name="license">The model's; null where it has none.</param>
/// <param name="watermark">What is put into the pixels; null for nothing.</param>
internal sealed class PictureWriter(SigningIdentity? identity, string? license, ModelWatermark? watermark = null) : IDisposable
{
    private int _marked, _unreadable;

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
        if (watermark is null)
            return EncodeAsItIs(image, path, provenance, input);
        using var marked = Marked(image, path, watermark);
        return EncodeAsItIs(marked, path, provenance is null ? null : provenance with { Watermark = watermark.Name }, input);
    }

    /// <summary>Why a picture can't be written; null if it can.</summary>
    public string? WhyNot(Image image, string path) =>
        watermark is not null && Watermark.WhyNot(image.Width, image.Height) is { } reason ? $"'{path}': {reason}" : null;

    /// <summary>Says how many watermarks can't be read.</summary>
    public void TellUnreadable()
    {
        if (_unreadable > 0)
            Console.Error.WriteLine($"gan: the watermark can't be read in {_unreadable} of {_marked} pictures: they have too much of their "
                + "own for their size, or show nothing. A stronger one may help.");
    }

    private Image Marked(Image image, string path, ModelWatermark watermark)
    {
        if (WhyNot(image, path) is { } reason)
            throw new UsageException($"{reason} Leave out {ModelWatermark.Option.Name}.");
        var marked = watermark.Embed(image, out var isReadable);
        _marked++;
        _unreadable += isReadable ? 0 : 1;
        return marked;
    }

    /// <summary>Writes a sound.</summary>
    public void Save(SoundBatch sounds, int sound, string path, Provenance? provenance)
    {
        var file = Signed(SoundFile.Encode(sounds, sound, provenance), provenance, null);
        ImageFile.Write(path, stream => stream.Write(file));
    }

    private byte[] EncodeAsItIs(Image image, string path, Provenance? provenance, Ingredient? input) =>
        Signed(ImageFile.Encode(image, Path.GetExtension(path), new ImageSaveOptions { Provenance = provenance }), provenance, input);

    private byte[] Signed(byte[] file, Provenance? provenance, Ingredient? input) => identity is null || provenance is null ? file
        : ContentCredential.Sign(file, ClaimOf.Picture(provenance, license, input), identity);

    /// <summary>Writes an animation, a .gif file or an .mp4, however long it is. MP4 files aren't signed.</summary>
    public void SaveAnimation(IEnumerable<Image> frames, string path, double framesPerSecond, ImageAnimationOptions options,
        CancellationToken stop)
    {
        if (identity is null || options.Provenance is not { } provenance || VideoFile.IsMp4(path))
        {
            VideoFile.Save(frames, path, framesPerSecond, options.Provenance, options.Loop, stop);
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
