using System.Globalization;
using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>Clips, each an animation, or a folder of frames. Of longer ones the frames in the middle are taken.</summary>
/// <param name="set">Where they are from; disposed with this.</param>
/// <param name="name">What people call the data.</param>
/// <param name="clips">The files of each: its animation, or its frames in order.</param>
/// <param name="labels">Their labels.</param>
/// <param name="options">How many frames they have, and how these become squares.</param>
internal sealed class ClipFiles(FileSet set, string name, IReadOnlyList<DataFile[]> clips, ImageLabels labels, DataOptions options)
    : IImageSource, IDescribed, IClips
{
    public string Name => name;
    public int Count => clips.Count;
    public IReadOnlyList<string> Classes => labels.Classes;
    public int Channels => 3;
    public LeftOut LeftOut => set.LeftOut;
    public string? Stamp => set.Stamp;
    public int Frames { get; } = options.Frames!.Value;

    /// <summary>Where the labels are from, or null.</summary>
    public string? Labelled { get; init; }

    public string? Remark
    {
        get
        {
            var longer = clips.Count(clip => clip.Length > Frames);
            var told = longer == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{longer:#,0} longer than {Frames} frames");
            return string.Join("; ", new[] { Labelled, told }.OfType<string>()) is { Length: > 0 } all ? all : null;
        }
    }

    public (PictureSize Smallest, PictureSize Largest)? Sizes
    {
        get
        {
            PictureSize[] sizes = [.. clips.Select(clip => clip[0].Contents.Size).OfType<PictureSize>()];
            return sizes.Length == 0 ? null : (sizes.MinBy(size => (long)size.Width * size.Height),
                sizes.MaxBy(size => (long)size.Width * size.Height));
        }
    }

    public string Fitted(int size) => string.Create(CultureInfo.InvariantCulture,
        $"clips of {Frames} frames, those in the middle of longer ones, each a square of {size} px ({options.Fit.ToString().ToLowerInvariant()})");

    public string NameOf(int image) => clips[image] is [var only] ? only.Name : clips[image][0].Folder;

    public int LabelOf(int image) => labels.Labels[image];

    public byte[] Read(int image, int size, int channels) => ReadClip(image, size, channels)[ClipFrames.Shown(image, Frames)];

    public byte[][] ReadClip(int clip, int size, int channels)
    {
        var files = clips[clip];
        if (files.Length == 1)
            return Read(files[0], (stream, path) => ImageReader.ReadFrames(stream, size, channels, options.Fit, path, Frames));
        var chosen = files.AsSpan(ClipFrames.First(files.Length, Frames), Frames).ToArray();
        if (chosen.Select(file => file.Contents.Size).OfType<PictureSize>().Distinct().Take(2).ToArray() is [var first, var other])
            throw new ImageException($"'{NameOf(clip)}' has frames of {first} and of {other}. Give all frames of a clip one size.");
        return [.. chosen.Select(file => Read(file, (stream, path) => ImageReader.Read(stream, size, channels, options.Fit, path)))];
    }

    public void Dispose() => set.Dispose();

    private static T Read<T>(DataFile file, Func<Stream, string, T> read)
    {
        try
        {
            using var stream = file.Open();
            return read(stream, file.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{file.Path}' can't be read: {e.Message}", e);
        }
    }
}
