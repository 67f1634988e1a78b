using System.IO.Compression;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Benchmarks.Trust;

/// <summary>Pictures of the data sets, as they are or cut into squares.</summary>
internal static class RealPictures
{
    /// <summary>What a set's archive is called, and which of its pictures are meant.</summary>
    private static readonly Dictionary<string, (string File, string Folder)> _sets = new()
    {
        ["flowers"] = ("flowers-128/flowers-128-train.zip", ""),
        ["facades"] = ("facades-cmp/facades-train.zip", "photo/"),
        ["photographs"] = ("sr-train-bsds400/sr-train-bsds400.zip", ""),
        ["test"] = ("sr-test/sr-test-set5-set14.zip", ""),
        ["icons"] = ("openmoji/openmoji-train.zip", "color/"),
        ["outlines"] = ("openmoji/openmoji-train.zip", "outline/"),
    };

    /// <summary>Some pictures of a set, evenly chosen. Each is to be disposed.</summary>
    public static IEnumerable<Image<Rgb24>> Of(string set, int count)
    {
        foreach (var (i, picture) in All(set).Index())
            if (i % Math.Max(1, CountOf(set) / count) == 0 && i / Math.Max(1, CountOf(set) / count) < count)
                yield return picture;
            else
                picture.Dispose();
    }

    /// <summary>Squares of all sets, one after the other: those that are there, then those made of smaller ones.</summary>
    public static IEnumerable<(string Set, Image<Rgb24> Square)> Squares(int size)
    {
        foreach (var (set, times) in new[] { 1, 2 }.SelectMany(times => _sets.Keys.Select(set => (set, times))))
            foreach (var picture in All(set))
                using (picture)
                {
                    var side = size / times;
                    // Once more enlarged, what is there already would be counted twice.
                    if (times > 1 && side < 128)
                        continue;
                    for (var y = 0; y + side <= picture.Height; y += side)
                        for (var x = 0; x + side <= picture.Width; x += side)
                        {
                            var part = new Rectangle(x, y, side, side);
                            yield return (times == 1 ? set : $"{set}, enlarged",
                                picture.Clone(context => context.Crop(part).Resize(size, size)));
                        }
                }
    }

    private static int CountOf(string set)
    {
        using var archive = ZipFile.OpenRead(PathOf(set));
        return Entries(archive, set).Count();
    }

    private static IEnumerable<Image<Rgb24>> All(string set)
    {
        using var archive = ZipFile.OpenRead(PathOf(set));
        foreach (var entry in Entries(archive, set))
        {
            using var stream = entry.Open();
            yield return Image.Load<Rgb24>(stream);
        }
    }

    private static IEnumerable<ZipArchiveEntry> Entries(ZipArchive archive, string set) => archive.Entries
        .Where(entry => Path.GetExtension(entry.Name) is ".jpg" or ".png"
            && entry.FullName.StartsWith(_sets[set].Folder, StringComparison.Ordinal))
        .OrderBy(entry => entry.FullName, StringComparer.Ordinal);

    private static string PathOf(string set) =>
        Path.Combine(Environment.GetEnvironmentVariable("GANONNX_DATA") ?? "../shared/data", _sets[set].File);
}
