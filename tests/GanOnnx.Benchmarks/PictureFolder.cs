using System.Globalization;
using GanOnnx.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Benchmarks;

/// <summary>Writes some pictures of a data set into a new folder, for trials with few of them.</summary>
internal static class PictureFolder
{
    /// <param name="data">What <c>gan train --data</c> takes, with classes.</param>
    /// <param name="folder">The new folder: a subfolder for each class.</param>
    /// <param name="size">Their height and width in pixels.</param>
    /// <param name="count">How many of each class: its first ones.</param>
    /// <param name="classes">The classes; none named: all.</param>
    public static void Write(string data, string folder, int size, int count, string[] classes)
    {
        using var source = ImageSources.Open(data, new DataOptions(), default);
        if (classes.Except(source.Classes).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"'{unknown}' is no class of '{data}', which are {string.Join(", ", source.Classes)}.");
        Directory.CreateDirectory(folder);
        var written = new int[source.Classes.Count];
        for (var i = 0; i < source.Count; i++)
        {
            var label = source.LabelOf(i);
            if (written[label] == count || (classes.Length > 0 && !classes.Contains(source.Classes[label])))
                continue;
            var name = Path.Combine(folder, source.Classes[label].Replace('/', '-'));
            Directory.CreateDirectory(name);
            using var image = source.Channels == 1 ? Image.LoadPixelData<L8>(source.Read(i, size, 1), size, size)
                : (Image)Image.LoadPixelData<Rgb24>(source.Read(i, size, 3), size, size);
            image.SaveAsPng(Path.Combine(name, string.Create(CultureInfo.InvariantCulture, $"{written[label]++:000000}.png")));
        }
        Console.WriteLine(FormattableString.Invariant($"{written.Sum()} pictures in {folder}"));
    }
}
