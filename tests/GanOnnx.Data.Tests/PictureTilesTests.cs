using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Data.Tests;

/// <summary>Pictures cut into squares, pixel for pixel.</summary>
public sealed class PictureTilesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    // 50 × 20 in squares of 16: 4 columns from 0, 11, 22, 34 and 2 rows from 0 and 4.
    [Test]
    public void Tiles_cover_a_picture_evenly_and_keep_its_pixels()
    {
        Save("p/a.png", 50, 20);
        using var source = Open("p", 16);
        Assert.That(source.Count, Is.EqualTo(8));
        var corners = Enumerable.Range(0, 8).Select(i => source.Read(i, 16, 3)).Select(tile => (tile[0], tile[1])).ToArray();
        Assert.That(corners, Is.EqualTo(new (byte, byte)[]
        {
            (0, 0), (11, 0), (22, 0), (34, 0), (0, 4), (11, 4), (22, 4), (34, 4),
        }));
        Assert.That(source.Read(5, 16, 3)[^3..^1], Is.EqualTo(new byte[] { 11 + 15, 4 + 15 }), "the last pixel");
        Assert.That(source.NameOf(5), Is.EqualTo("a#5.png"));
    }

    [Test]
    public void A_picture_that_is_turned_is_cut_upright()
    {
        Save("p/a.jpg", 50, 20, orientation: 6);
        using var source = Open("p", 16);
        Assert.That(source.Count, Is.EqualTo(8));
        // Upright it is 20 × 50: what was the left edge is the top one, and the lower left corner is the upper left one.
        var last = source.Read(7, 16, 3);
        Assert.That(last[^3], Is.EqualTo(49).Within(6), "how far down it is was how far right");
        Assert.That(last[^2], Is.EqualTo(0).Within(6));
    }

    [Test]
    public void A_picture_smaller_than_a_tile_is_one_and_a_large_one_has_a_hundred()
    {
        Save("p/a.png", 10, 30);
        Save("p/b.png", 330, 330);
        using var source = Open("p", 16);
        Assert.That(source.Count, Is.EqualTo(101));
        Assert.That(source.Read(0, 16, 3), Has.Length.EqualTo(16 * 16 * 3));
        var tiles = Enumerable.Range(1, 100).Select(i => source.Read(i, 16, 3)).Select(tile => (tile[0], tile[1])).ToArray();
        Assert.That(tiles, Is.Unique);
        Assert.That(tiles.Max(t => t.Item2), Is.GreaterThan(200), "down to its end");
    }

    [Test]
    public void Pairs_are_cut_alike()
    {
        Save("A/a.png", 40, 20);
        Save("B/a.png", 40, 20);
        using var pairs = ImagePairs.Open(_folder["A"], _folder["B"], DataOptions.Of(null, "tiles", 16));
        Assert.That(pairs.Count, Is.EqualTo(6));
        for (var i = 0; i < pairs.Count; i++)
            Assert.That(pairs.ReadSecond(i, 16, 3), Is.EqualTo(pairs.Read(i, 16, 3)));
    }

    [Test]
    public void Arrays_are_not_cut()
    {
        File.WriteAllBytes(_folder["images-idx3-ubyte"], Images.Idx(3));
        Assert.That(() => ImageSources.Open(_folder["images-idx3-ubyte"], DataOptions.Of(null, "tiles", 16)),
            Throws.TypeOf<DataException>().With.Message.EndsWith("has no picture files to cut tiles from."));
    }

    [Test]
    public void A_picture_whose_header_lies_is_left_out_alone()
    {
        Save("p/a.png", 50, 20);
        Save("p/b.png", 50, 20);
        File.WriteAllBytes(_folder["p/b.png"], File.ReadAllBytes(_folder["p/b.png"])[..^40]);
        using var data = ImageDataset.Decode(_folder["p"], _folder["images.ganonnx"], 16, 3, options: DataOptions.Of(null, "tiles", 16));
        Assert.That(data.Count, Is.EqualTo(8));
        Assert.That(data.Skipped, Has.Count.EqualTo(8));
    }

    private IImageSource Open(string folder, int size) => ImageSources.Open(_folder[folder], DataOptions.Of(null, "tiles", size));

    // Red tells the column, green the row, below 256.
    private void Save(string name, int width, int height, ushort orientation = 1)
    {
        using var image = new Image<Rgb24>(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                image[x, y] = new Rgb24((byte)x, (byte)y, 128);
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, orientation);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        image.Save(_folder[name]);
    }
}
