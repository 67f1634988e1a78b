using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Data.Tests;

/// <summary>Images that belong together: side by side in a picture, derived of it, or in two folders.</summary>
public sealed class PairTests
{
    private const int Size = 32;

    private static readonly DataOptions _options = new();

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new TemporaryFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [TestCase("AtoB", 200, 100)]
    [TestCase("BtoA", 100, 200)]
    public void Side_by_side_pictures_are_cut_at_their_middle(string direction, byte input, byte target)
    {
        SaveHalves("d/a.png", 64, 32, new(200, 0, 0), new(100, 0, 0));

        using var pairs = SideBySidePairs.Open(_folder["d"], direction, _options);

        Assert.That(pairs.SecondImages, Is.EqualTo(SecondImages.Paired));
        Assert.That(Reds(pairs.Read(0, Size, 3)), Is.All.EqualTo(input));
        Assert.That(Reds(pairs.ReadSecond(0, Size, 3)), Is.All.EqualTo(target));
    }

    // 64 × 32 stored upside down and 32 × 64 stored on its side; half of each would be wrong before it is turned.
    [TestCase(ExifOrientationMode.BottomRight, 64, 32)]
    [TestCase(ExifOrientationMode.RightTop, 32, 64)]
    public void A_turned_picture_is_cut_when_it_is_upright(int orientation, int width, int height)
    {
        using (var image = new Image<Rgb24>(width, height))
        {
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    image[x, y] = new((byte)((width > height ? x >= 32 : y >= 32) ? 200 : 100), 0, 0);
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)orientation);
            Directory.CreateDirectory(_folder["d"]);
            image.SaveAsPng(_folder["d/a.png"]);
        }

        using var pairs = SideBySidePairs.Open(_folder["d"], SideBySidePairs.AtoB, _options);

        Assert.That(Reds(pairs.Read(0, Size, 3)), Is.All.EqualTo(200));
        Assert.That(Reds(pairs.ReadSecond(0, Size, 3)), Is.All.EqualTo(100));
    }

    [TestCase("crop", 100)]
    [TestCase("pad", 255)]
    public void Halves_that_are_no_squares_become_squares_as_pictures_do(string fit, byte corner)
    {
        SaveHalves("d/a.png", 64, 64, new(100, 100, 100), new(50, 50, 50));
        using var pairs = SideBySidePairs.Open(_folder["d"], SideBySidePairs.AtoB, DataOptions.Of(null, fit));
        Assert.That(pairs.Read(0, Size, 1)[0], Is.EqualTo(corner));
    }

    [Test]
    public void A_picture_of_an_odd_width_is_left_out_and_counted()
    {
        SaveHalves("d/a.png", 64, 32, new(200, 0, 0), new(100, 0, 0));
        SaveHalves("d/b.png", 63, 32, new(200, 0, 0), new(100, 0, 0));
        using var pairs = SideBySidePairs.Open(_folder["d"], SideBySidePairs.AtoB, _options);

        using var data = Decode(pairs);

        Assert.That((data.Count, data.SecondCount), Is.EqualTo((1, 1)));
        Assert.That(data.Skipped, Is.EqualTo([
            $"b.png: '{_folder["d/b.png"]}' is 63 pixels wide, an odd number: it has no two halves of one width."]));
    }

    [Test]
    public void Images_that_are_no_picture_files_have_no_halves() =>
        Assert.That(() => SideBySidePairs.Open("synthetic:digits", SideBySidePairs.AtoB, _options), Throws.TypeOf<DataException>()
            .With.Message.EqualTo("'synthetic:digits' has no picture files, and images side by side are read of such files alone. Give a "
                + "folder or an archive of them."));

    [Test]
    public void What_is_told_of_pictures_side_by_side()
    {
        SaveHalves("d/a.png", 64, 32, new(200, 0, 0), new(100, 0, 0));
        _folder.AddText("d/notes.txt", "none");
        using var pairs = SideBySidePairs.Open(_folder["d"], SideBySidePairs.BtoA, _options);

        var told = DataSummary.Of(pairs, 16);

        Assert.That((told.Name, told.Images, told.Remark, told.Fitted, told.LeftOut()), Is.EqualTo(("d", 1,
            "each picture is a pair, its left half what the right one shall become", "each half made a square of 16 px",
            "1 no picture: notes.txt")));
        Assert.That(DataSummary.Of(pairs, 16, margin: 2).Fitted,
            Is.EqualTo("each half made a square of 18 px, of which 16 px are cut out at random"));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Every_derivation_gives_the_same_again_and_leaves_the_target(int channels)
    {
        SaveHalves("d/a.png", 40, 40, new(250, 20, 60), new(20, 200, 30));
        foreach (var name in Derivations.Names)
        {
            using var pairs = DerivedPairs.Open(_folder["d"], name, seed: 3, _options);
            using var pictures = ImageSources.Open(_folder["d"]);
            var derived = pairs.Read(0, Size, channels);
            Assert.That(derived, Has.Length.EqualTo(Size * Size * channels));
            Assert.That(derived, Is.EqualTo(pairs.Read(0, Size, channels)), name);
            Assert.That(pairs.ReadSecond(0, Size, channels), Is.EqualTo(pictures.Read(0, Size, channels)), name);
            if (channels == 3 || name != Derivations.Grey)
                Assert.That(derived, Is.Not.EqualTo(pairs.ReadSecond(0, Size, channels)), name);
        }
    }

    [Test]
    public void Edges_are_dark_lines_on_white()
    {
        // 0 and 100 beside each other: Sobel's columns give 4 · 100 at both sides, more than black is; 10 gives 40.
        Assert.That(Derive("edges", x => (byte)(x < 16 ? 0 : 100))[..Size],
            Is.EqualTo(Enumerable.Range(0, Size).Select(x => x is 15 or 16 ? 0 : 255)));
        Assert.That(Derive("edges", x => (byte)(x < 16 ? 0 : 10))[15], Is.EqualTo(255 - 40).Within(1));
    }

    [Test]
    public void Grey_has_the_luma_in_every_channel()
    {
        var grey = Derivations.Derive("grey", [.. Enumerable.Repeat<byte[]>([200, 100, 50], 16).SelectMany(p => p)], 4, 3, 0, 0);
        Assert.That(grey, Is.All.EqualTo(0.2126 * 200 + 0.7152 * 100 + 0.0722 * 50).Within(1));
    }

    // Sigma 1 at 32 pixels: the step's half is at its middle, and a normal's distribution beside it.
    [Test]
    public void A_blur_is_gaussian()
    {
        var row = Derive("blur", x => (byte)(x < 16 ? 0 : 200))[..Size];
        Assert.That(row[..12], Is.All.EqualTo(0).Within(1));
        Assert.That(row[20..], Is.All.EqualTo(200).Within(1));
        Assert.That(row[14..18], Is.EqualTo((double[])[200 * 0.0668, 200 * 0.3085, 200 * 0.6915, 200 * 0.9332]).Within(4),
            "sums of its weights at whole pixels are near the integral");
    }

    [Test]
    public void A_low_resolution_keeps_what_is_broad_and_loses_what_is_fine()
    {
        Assert.That(Derive("low-resolution", x => (byte)(x % 2 == 0 ? 0 : 200)), Is.All.EqualTo(100).Within(12));
        Assert.That(Derive("low-resolution", x => 77), Is.All.EqualTo(77).Within(1));
        Assert.That(Derive("low-resolution", x => (byte)(8 * x))[4..28], Is.EqualTo(Enumerable.Range(4, 24).Select(x => 8 * x)).Within(3));
    }

    [Test]
    public void A_cutout_is_a_grey_square_of_a_quarter_somewhere_else_in_each_image()
    {
        HashSet<int> places = [];
        for (var number = 0; number < 20; number++)
        {
            var cut = Derive("cutout", _ => 7, number: number);
            int[] grey = [.. Enumerable.Range(0, cut.Length).Where(i => cut[i] == 128)];
            Assert.That(grey, Is.EqualTo(from y in Enumerable.Range(grey[0] / Size, 16)
                                         from x in Enumerable.Range(grey[0] % Size, 16)
                                         select y * Size + x));
            Assert.That(cut.Count(value => value == 7), Is.EqualTo(Size * Size * 3 / 4));
            places.Add(grey[0]);
        }
        Assert.That(places, Has.Count.GreaterThan(15), "of 17 × 17 places");
        Assert.That(Enumerable.Range(0, 5).Any(number => !Derive("cutout", _ => 7, number: number)
            .SequenceEqual(Derive("cutout", _ => 7, number: number, seed: 1))), "another seed has other places");
    }

    [Test]
    public void Derived_pairs_are_decoded_one_beside_the_other_and_have_another_fingerprint()
    {
        SaveHalves("d/a.png", 40, 40, new(250, 20, 60), new(20, 200, 30));
        using var pictures = ImageSources.Open(_folder["d"]);
        using var grey = DerivedPairs.Open(_folder["d"], "grey", 0, _options);
        using var blur = DerivedPairs.Open(_folder["d"], "blur", 0, _options);
        using var data = Decode(grey);
        using var other = Decode(blur);

        var (input, target) = (new byte[data.ImageLength], new byte[data.ImageLength]);
        data.Read(0, input);
        data.ReadSecond(0, target);
        Assert.That(input[..1024], Is.EqualTo(input[1024..2048]));
        Assert.That(target[..1024], Is.EqualTo(Reds(pictures.Read(0, Size, 3))));
        Assert.That(data.Fingerprint, Is.Not.EqualTo(other.Fingerprint));
        Assert.That(DataSummary.Of(grey, Size).Remark, Is.EqualTo("each is the target of what is derived of it (grey)"));
    }

    // 16 bits become the upper eight, what is transparent becomes white: in what is derived too.
    [Test]
    public void Sixteen_bits_and_transparency_are_read_as_ever()
    {
        Directory.CreateDirectory(_folder["d"]);
        using (var deep = new Image<Rgb48>(64, 32, new Rgb48(0x20FF, 0x8000, 0xE000)))
            deep.SaveAsPng(_folder["d/deep.png"], new PngEncoder { BitDepth = PngBitDepth.Bit16, ColorType = PngColorType.Rgb });
        using (var grey = new Image<L16>(64, 32, new L16(0x40FF)))
            grey.SaveAsPng(_folder["d/grey.png"], new PngEncoder { BitDepth = PngBitDepth.Bit16, ColorType = PngColorType.Grayscale });
        using (var clear = new Image<Rgba32>(64, 32, new Rgba32(0, 0, 0, 127)))
            clear.SaveAsPng(_folder["d/half.png"]);

        using var halves = SideBySidePairs.Open(_folder["d"], SideBySidePairs.AtoB, _options);
        using var derived = DerivedPairs.Open(_folder["d"], "low-resolution", 0, _options);
        Assert.That(Enumerable.Range(0, 3).Select(halves.NameOf), Is.EqualTo(["deep.png", "grey.png", "half.png"]));
        foreach (var read in new Func<int, int, int, byte[]>[] { halves.Read, halves.ReadSecond, derived.Read, derived.ReadSecond })
        {
            Assert.That(read(0, Size, 3)[..3], Is.EqualTo(new byte[] { 0x20, 0x80, 0xE0 }).Within(1));
            Assert.That(read(1, Size, 3)[..3], Is.EqualTo(new byte[] { 0x40, 0x40, 0x40 }).Within(1));
            Assert.That(read(2, Size, 3)[..3], Is.EqualTo(new byte[] { 128, 128, 128 }));
        }
    }

    [TestCase("set", "")]
    [TestCase("set.zip", "")]
    [TestCase("set", "horse2zebra/")]
    [TestCase("set.zip", "horse2zebra/")]
    public void TrainA_and_trainB_are_two_sets_or_pairs(string source, string around)
    {
        AddSets(around, a: ["1", "2"], b: ["1", "2"]);
        if (source != "set")
            DataFolder.Pack(_folder["set"], _folder[source]);

        using var sets = Open(source, SecondImages.Unpaired);
        using var pairs = Open(source, SecondImages.Paired);

        foreach (var opened in new[] { sets, pairs })
        {
            Assert.That((opened.Count, opened.SecondCount, opened.Classes.Count), Is.EqualTo((2, 2, 0)));
            Assert.That(Reds(opened.Read(1, Size, 3)), Is.All.EqualTo(102));
            Assert.That(Reds(opened.ReadSecond(1, Size, 3)), Is.All.EqualTo(202));
            Assert.That(DataSummary.Of(opened, Size).LeftOut(), Is.EqualTo($"2 outside of trainA and trainB: {around}testA/1.png, …"));
        }
        Assert.That(pairs.SecondImages, Is.EqualTo(SecondImages.Paired));
        Assert.That((sets.SecondImages, sets.Name), Is.EqualTo((SecondImages.Unpaired, "set/trainA and set/trainB")));
        Assert.That(((IDescribed)sets).Stamp, Is.EqualTo(ImageSources.Stamp(_folder[source])), "as it is compared when a run goes on");
    }

    [Test]
    public void The_names_of_two_sets_may_differ_and_those_of_pairs_may_not()
    {
        AddSets("", a: ["1", "2"], b: ["1", "3", "4"]);
        using var sets = Open("set", SecondImages.Unpaired);
        Assert.That((sets.Count, sets.SecondCount), Is.EqualTo((2, 3)));
        Assert.That(() => Open("set", SecondImages.Paired), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"1 of 2 images of '{_folder["set"]}/trainA' have none of their name in '{_folder["set"]}/trainB', the first of them '2.png'. "
            + "Give pairs equal names."));
    }

    [Test]
    public void Another_part_of_two_sets_can_be_asked_for()
    {
        AddSets("", a: ["1"], b: ["1"]);
        using var sets = ImageSources.Open(_folder["set"], new DataOptions("test") { Second = SecondImages.Unpaired });
        Assert.That((sets.Name, sets.Count, sets.SecondCount), Is.EqualTo(("set/testA and set/testB", 1, 1)));
        Assert.That(() => ImageSources.Open(_folder["set"], new DataOptions("val") { Second = SecondImages.Unpaired }), Throws
            .TypeOf<DataException>().With.Message.EqualTo(
                $"'{_folder["set"]}' has no split 'val'; it has the folders testA, testB, trainA, trainB."));
    }

    [TestCase("trainA", "trainB")]
    [TestCase("trainB", "trainA")]
    public void One_of_two_folders_without_pictures_is_told(string full, string empty)
    {
        _folder.Add($"set/{full}/1.png");
        _folder.AddText($"set/{empty}/none.txt", "none");
        Assert.That(() => Open("set", SecondImages.Unpaired), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{_folder["set"]}' has pictures in {full}, but none in {empty}, where those that belong to them are. Put them there."));
    }

    [Test]
    public void Without_a_task_of_two_kinds_the_folders_are_folders_as_others()
    {
        AddSets("", a: ["1"], b: ["1"]);
        Assert.That(DataFolder.Survey(_folder["set"]).Classes(), Is.EqualTo("testA 1, testB 1, trainA 1, trainB 1"));
    }

    [Test]
    public void A_target_without_pictures_is_refused()
    {
        _folder.Add("a/1.png");
        Directory.CreateDirectory(_folder["b"]);
        Assert.That(() => ImagePairs.Open(_folder["a"], _folder["b"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{_folder["b"]}' has no PNG, JPEG, WebP, GIF or BMP pictures, WAV recordings, IDX, NumPy or Parquet files. It is empty."));
    }

    [Test]
    public void Pairs_of_different_shapes_are_refused_unless_they_are_stretched()
    {
        foreach (var name in (string[])["1", "2", "3"])
        {
            Images.Save(_folder[$"a/{name}.png"], 1, 2, 3, width: 60, height: 40);
            Images.Save(_folder[$"b/{name}.png"], 1, 2, 3, width: 40, height: name == "1" ? 27 : 30);
        }

        Assert.That(() => ImagePairs.Open(_folder["a"], _folder["b"]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"2 of 3 pairs of '{_folder["a"]}' and '{_folder["b"]}' are pictures of different shapes, the first of them '2.png': 60 × 40 "
            + "beside 40 × 30 px. Cut to squares, they wouldn't show the same place. Give pairs of one shape, or stretch them.")
            .And.Property("Option").EqualTo("fit"));
        using var stretched = ImagePairs.Open(_folder["a"], _folder["b"], DataOptions.Of(null, "stretch"));
        Assert.That(stretched.Count, Is.EqualTo(3));
    }

    [Test]
    public void A_picture_that_is_turned_has_the_shape_that_is_seen()
    {
        Images.Save(_folder["a/1.png"], 1, 2, 3, width: 40, height: 60);
        using (var image = new Image<Rgb24>(60, 40))
        {
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)ExifOrientationMode.RightTop);
            Directory.CreateDirectory(_folder["b"]);
            image.SaveAsJpeg(_folder["b/1.jpg"]);
        }
        using var pairs = ImagePairs.Open(_folder["a"], _folder["b"]);
        Assert.That(pairs.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_margin_lets_images_be_read_from_different_places()
    {
        using (var image = new Image<Rgb24>(36, 36))
        {
            for (var y = 0; y < 36; y++)
                for (var x = 0; x < 36; x++)
                    image[x, y] = new((byte)x, (byte)y, 9);
            Directory.CreateDirectory(_folder["d"]);
            image.SaveAsPng(_folder["d/a.png"]);
        }
        using var source = ImageSources.Open(_folder["d"]);
        using (var decoded = ImageDataset.Decode("d", source, _folder["margin"], Size, 3, null, default, margin: 4))
            Assert.That((decoded.Size, decoded.Margin, decoded.ImageLength), Is.EqualTo((Size, 4, 3 * Size * Size)));

        using var data = ImageDataset.TryOpen(_folder["margin"])!;
        foreach (var (top, left) in new[] { (0, 0), (4, 0), (1, 3) })
        {
            var pixels = new byte[data.ImageLength];
            data.Read(0, pixels, top, left);
            Assert.That(pixels[..Size], Is.EqualTo(Enumerable.Range(left, Size)));
            Assert.That(pixels.Skip(Size * Size).Take(Size * Size).Where((_, i) => i % Size == 0), Is.EqualTo(Enumerable.Range(top, Size)));
            Assert.That(pixels[(2 * Size * Size)..], Is.All.EqualTo(9));
        }
        var (centre, middle) = (new byte[data.ImageLength], new byte[data.ImageLength]);
        data.Read(0, centre);
        data.Read(0, middle, 2, 2);
        Assert.That(centre, Is.EqualTo(middle));
    }

    private IImageSource Open(string source, SecondImages second) =>
        ImageSources.Open(_folder[source], new DataOptions { Second = second });

    private void AddSets(string around, string[] a, string[] b)
    {
        foreach (var name in a)
            Images.Save(_folder[$"set/{around}trainA/{name}.png"], (byte)(100 + name[0] - '0'), 0, 0);
        foreach (var name in b)
            Images.Save(_folder[$"set/{around}trainB/{name}.png"], (byte)(200 + name[0] - '0'), 0, 0);
        Images.Save(_folder[$"set/{around}testA/1.png"], 1, 0, 0);
        Images.Save(_folder[$"set/{around}testB/1.png"], 1, 0, 0);
    }

    private void SaveHalves(string name, int width, int height, Rgb24 left, Rgb24 right)
    {
        using var image = new Image<Rgb24>(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                image[x, y] = x < width / 2 ? left : right;
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        image.SaveAsPng(_folder[name]);
    }

    private ImageDataset Decode(IImageSource source) =>
        ImageDataset.Decode("d", source, _folder[$"{Guid.NewGuid()}"], Size, 3, null, default);

    private static byte[] Derive(string name, Func<int, byte> column, int number = 0, ulong seed = 0) =>
        Derivations.Derive(name, [.. Enumerable.Range(0, Size * Size).Select(i => column(i % Size))], Size, 1, seed, number);

    private static byte[] Reds(byte[] pixels) => [.. pixels.Where((_, i) => i % 3 == 0)];
}
