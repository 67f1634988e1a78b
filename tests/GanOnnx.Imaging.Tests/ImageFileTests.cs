using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

public class ImageFileTests
{
    private static readonly byte[] _pngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];
    private static readonly byte[] _jpegSignature = [0xFF, 0xD8, 0xFF];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("a.png")]
    [TestCase("a.PNG")]
    public void Save_Png_KeepsEveryPixel(string name)
    {
        using var image = Busy();

        ImageFile.Save(image, _folder[name]);

        Assert.That(File.ReadAllBytes(_folder[name]).Take(4), Is.EqualTo(_pngSignature));
        Assert.That(Pixels(_folder[name]), Is.EqualTo(ImageReader.Read(Fixture.Path("busy.png"), 60, 3)));
    }

    [Test]
    public void Save_GreyPng_KeepsEveryPixel()
    {
        using var image = Image.Load<L8>(Fixture.Path("ramp.png"));

        ImageFile.Save(image, _folder["a.png"]);

        Assert.That(ImageReader.Read(_folder["a.png"], 64, 1), Is.EqualTo(ImageReader.Read(Fixture.Path("ramp.png"), 64, 1)));
        Assert.That(Image.Identify(_folder["a.png"]).PixelType.BitsPerPixel, Is.EqualTo(8), "it is a grey file");
    }

    [TestCase("a.jpg")]
    [TestCase("a.jpeg")]
    public void Save_Jpeg_KeepsFullColourResolution(string name)
    {
        // Columns of red and blue, one pixel wide: with halved colour resolution both would turn purple.
        using var image = new Image<Rgb24>(16, 16);
        for (var i = 0; i < 256; i++)
            image[i % 16, i / 16] = i % 2 == 0 ? new Rgb24(255, 0, 0) : new Rgb24(0, 0, 255);

        ImageFile.Save(image, _folder[name]);

        Assert.That(File.ReadAllBytes(_folder[name]).Take(3), Is.EqualTo(_jpegSignature));
        // Quality 90 moves a value by 20 at most here; halved colour by more than 100.
        var pixels = ImageReader.Read(_folder[name], 16, 3);
        Assert.That(pixels[..3], Is.EqualTo(new byte[] { 255, 0, 0 }).Within(30));
        Assert.That(pixels[3..6], Is.EqualTo(new byte[] { 0, 0, 255 }).Within(30));
    }

    [TestCase(".png")]
    [TestCase(".jpg")]
    [TestCase(".webp")]
    public void Encode_GivesTheBytesThatSaveWrites(string extension)
    {
        using var image = Busy();
        var options = new ImageSaveOptions { Quality = 77, Provenance = new() { Seeds = "7" } };
        ImageFile.Save(image, _folder["a" + extension], options);

        var encoded = ImageFile.Encode(image, extension, options);

        Assert.That(encoded, Is.EqualTo(File.ReadAllBytes(_folder["a" + extension])));
        Assert.That(image.Metadata.XmpProfile, Is.Null, "the picture itself isn't changed");
    }

    [Test]
    public void Encode_UnknownExtension_SaysWhichThereAre()
    {
        using var image = Busy();

        Assert.That(() => ImageFile.Encode(image, ".tiff"),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                "'.tiff' has the unknown extension '.tiff'; use .png, .jpg, .jpeg or .webp."));
    }

    [TestCase("a.jpg")]
    [TestCase("a.webp")]
    public void Save_LossyGrey_StaysNear(string name)
    {
        using var image = Image.Load<L8>(Fixture.Path("ramp.png"));

        ImageFile.Save(image, _folder[name]);

        // Quality 90 on a smooth ramp.
        Assert.That(
            ImageReader.Read(_folder[name], 64, 1),
            Is.EqualTo(ImageReader.Read(Fixture.Path("ramp.png"), 64, 1)).Within(6));
    }

    [Test]
    public void Save_Webp_IsWebp()
    {
        using var image = Busy();

        ImageFile.Save(image, _folder["a.webp"]);

        Assert.That(File.ReadAllBytes(_folder["a.webp"])[8..12], Is.EqualTo("WEBP"u8.ToArray()));
    }

    [TestCase(".jpg")]
    [TestCase(".webp")]
    public void Save_LowerQuality_IsSmaller(string extension)
    {
        using var image = Busy();

        ImageFile.Save(image, _folder["high" + extension]);
        ImageFile.Save(image, _folder["low" + extension], new ImageSaveOptions { Quality = 30 });

        Assert.That(Length("low" + extension), Is.LessThan(0.8 * Length("high" + extension)));
    }

    [Test]
    public void Save_MissingFolder_IsMade()
    {
        using var image = Busy();

        ImageFile.Save(image, _folder["one/two/a.png"]);

        Assert.That(_folder["one/two/a.png"], Does.Exist);
    }

    [Test]
    public void Save_ExistingFile_IsReplacedAndNothingElseIsLeft()
    {
        File.WriteAllText(_folder["a.png"], "old");
        using var image = Busy();

        ImageFile.Save(image, _folder["a.png"]);

        Assert.That(File.ReadAllBytes(_folder["a.png"]).Take(4), Is.EqualTo(_pngSignature));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Has.Length.EqualTo(1));
    }

    [TestCase("a.tiff", "the unknown extension '.tiff'")]
    [TestCase("a", "no extension")]
    public void Save_UnknownExtension_ListsTheKnown(string name, string what)
    {
        using var image = Busy();

        Assert.That(
            () => ImageFile.Save(image, name),
            Throws.TypeOf<ImageException>().With.Message.EqualTo($"'{name}' has {what}; use .png, .jpg, .jpeg or .webp."));
    }

    [TestCase(0)]
    [TestCase(101)]
    public void Save_QualityOutOfRange_Throws(int quality)
    {
        using var image = Busy();

        Assert.That(
            () => ImageFile.Save(image, _folder["a.png"], new ImageSaveOptions { Quality = quality }),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Save_ParentIsAFile_SaysItCannotBeWritten()
    {
        File.WriteAllText(_folder["file"], "");
        using var image = Busy();

        Assert.That(
            () => ImageFile.Save(image, _folder["file/a.png"]),
            Throws.TypeOf<ImageException>().With.Message.StartsWith($"'{_folder["file/a.png"]}' can't be written: "));
    }

    [Test]
    [Platform("Linux")]
    public void Save_FolderRefusesFiles_SaysItCannotBeWritten()
    {
        using var image = Busy();

        // Not even root can make a file in /proc, which every Linux has mounted.
        Assert.That(
            () => ImageFile.Save(image, "/proc/a.png"),
            Throws.TypeOf<ImageException>().With.Message.StartsWith("'/proc/a.png' can't be written: "));
    }

    [Test]
    public void Save_PlaceIsAFolder_LeavesNoTemporaryFile()
    {
        Directory.CreateDirectory(_folder["a.png"]);
        using var image = Busy();

        Assert.That(() => ImageFile.Save(image, _folder["a.png"]), Throws.TypeOf<ImageException>());
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.EqualTo(new[] { _folder["a.png"] }));
    }

    [TestCase("a.webp", 16_384)]
    [TestCase("a.jpg", 65_536)]
    public void Save_TooWideForTheFormat_KeepsTheOldFile(string name, int width)
    {
        File.WriteAllText(_folder[name], "old");
        using var image = new Image<L8>(width, 1);

        Assert.That(
            () => ImageFile.Save(image, _folder[name]),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                $"'{_folder[name]}' can't hold {width} × 1 pixels; use a smaller picture or .png."));
        Assert.That(File.ReadAllText(_folder[name]), Is.EqualTo("old"));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Has.Length.EqualTo(1));
    }

    private static Image<Rgb24> Busy() => Image.Load<Rgb24>(Fixture.Path("busy.png"));

    private static byte[] Pixels(string path) => ImageReader.Read(path, 60, 3);

    private long Length(string name) => new FileInfo(_folder[name]).Length;
}
