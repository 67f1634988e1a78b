using System.Globalization;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Training.Monitoring.Report;

/// <summary>A picture of samples to embed in a page.</summary>
/// <param name="Kimg">Thousands of images seen when it was drawn.</param>
/// <param name="Source">The picture as a data URI.</param>
/// <param name="Small">Whether its pixels are few, so that a browser shouldn't blur them.</param>
internal sealed record SamplePicture(long Kimg, string Source, bool Small);

/// <summary>A few pictures of a run's samples over time, small enough that the page stays below 5 MB.</summary>
internal sealed class SamplePictures(string folder)
{
    private const int Shown = 12;

    // Twelve pictures and the real ones take 2.7 MB at most, 3.6 MB as text.
    private const int EarlierBytes = 150_000, LastBytes = 800_000, RealsBytes = 200_000;
    private const int EarlierPixels = 512, LastPixels = 1280;

    // Shrinking takes longer than the rest of the page, so it is done once.
    private Dictionary<(string Path, int Bytes), SamplePicture> _made = [];
    private readonly Dictionary<string, byte[]> _written = [];
    private SamplePicture? _reals;

    /// <summary>Takes in a picture that was written, so that it needn't be read again.</summary>
    public void Add(string path, byte[] png)
    {
        _written.Clear();
        _written[path] = png;
    }

    /// <summary>The picture of real images, or null where there is none.</summary>
    public SamplePicture? Reals() => _reals ??= Make(Path.Combine(folder, SampleGrid.RealsName), RealsBytes);

    /// <summary>The pictures, oldest first; the newest is the largest. A file that is no picture is left out.</summary>
    public IReadOnlyList<SamplePicture> Choose()
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, SampleGrid.Pattern).OrderBy(KimgOf).ToArray() : [];
        var count = Math.Min(Shown, files.Length);
        var chosen = Enumerable.Range(0, count)
            .Select(i => files[count == 1 ? 0 : (int)((long)i * (files.Length - 1) / (count - 1))])
            .Select(path => (Path: path, Bytes: path == files[^1] ? LastBytes : EarlierBytes));
        Dictionary<(string, int), SamplePicture> made = [];
        foreach (var key in chosen)
            if ((_made.GetValueOrDefault(key) ?? Make(key.Path, key.Bytes)) is { } picture)
                made[key] = picture;
        _made = made;
        return [.. made.Values];
    }

    private static long KimgOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path).Replace("kimg-", "", StringComparison.Ordinal), NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var kimg) ? kimg : 0;

    private SamplePicture? Make(string path, int bytes)
    {
        try
        {
            var png = _written.GetValueOrDefault(path) ?? File.ReadAllBytes(path);
            using var stream = new MemoryStream(png);
            if (png.Length > bytes)
                return new SamplePicture(KimgOf(path),
                    Source("jpeg", PictureDecoder.Decode(stream, ImageReader.DefaultMaxPixels, path, image => Shrink(image, bytes))),
                    false);
            return new SamplePicture(KimgOf(path), Source("png", png), PictureDecoder.Identify(stream, path).Width <= EarlierPixels);
        }
        catch (Exception e) when (e is ImageException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] Shrink(Image image, int bytes)
    {
        var pixels = bytes == LastBytes ? LastPixels : EarlierPixels;
        while (true)
        {
            var scale = Math.Min(1, pixels / (double)Math.Max(image.Width, image.Height));
            if (scale < 1)
                image.Mutate(context => context.Resize(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))));
            using var jpeg = new MemoryStream();
            image.Save(jpeg, new JpegEncoder { Quality = 85 });
            if (jpeg.Length <= bytes)
                return jpeg.ToArray();
            pixels = Math.Max(image.Width, image.Height) * 3 / 4;
        }
    }

    private static string Source(string format, byte[] bytes) => $"data:image/{format};base64,{Convert.ToBase64String(bytes)}";
}
