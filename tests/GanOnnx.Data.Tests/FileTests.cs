using System.Text;

using GanOnnx.Data;

namespace GanOnnx.Data.Tests;

/// <summary>Each file counts once, its contents decide what it is, and what is left out is told.</summary>
public sealed class FileTests
{
    [Test]
    public void Links_are_followed_once_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        folder.Add("home/d/cats/a.png", "home/d/dogs/b.png", "home/other.png", "far/more/c.png");
        // Spelled through a link, so that the path alone doesn't tell that it leads back.
        Directory.CreateSymbolicLink(folder["away"], folder["home"]);
        Directory.CreateSymbolicLink(folder["home/d/cats/back"], "..");
        Directory.CreateSymbolicLink(folder["home/d/dogs/up"], folder["home"]);
        Directory.CreateSymbolicLink(folder["home/d/mice"], folder["far"]);
        Directory.CreateSymbolicLink(folder["home/d/rats"], folder["far/more"]);
        File.CreateSymbolicLink(folder["home/d/dogs/again.png"], folder["home/d/cats/a.png"]);
        File.CreateSymbolicLink(folder["home/d/dogs/gone.png"], folder["nowhere.png"]);
        File.CreateSymbolicLink(folder["home/d/dogs/round.png"], folder["home/d/dogs/round.png"]);
        File.CreateSymbolicLink(folder["home/d/dogs/outside.png"], folder["home/other.png"]);

        var data = DataFolder.Survey(folder["away/d"]);

        Assert.That(data.Classes(), Is.EqualTo("cats 1, dogs 2, mice 1"));
        Assert.That(data.LeftOut(), Is.EqualTo(
            "4 link to what is there already: cats/back, …; 2 broken link: dogs/gone.png, …"));
    }

    // As archives that Windows made unpack to.
    [Test]
    public void A_name_that_is_no_UTF8_is_left_out()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png", "d/b.png");
        // .NET can't make such a file, nor delete it.
        Shell($"cd '{folder["d"]}' && cp a.png \"$(printf '\\344.png')\"");
        try
        {
            var data = DataFolder.Survey(folder["d"]);
            Assert.That((data.Images, data.LeftOut()), Is.EqualTo((2, "1 with a name that isn't UTF-8: \uFFFD.png")));
        }
        finally
        {
            Shell($"rm '{folder["d"]}'/*.png");
        }

        static void Shell(string command)
        {
            using var shell = System.Diagnostics.Process.Start("sh", ["-c", command]);
            shell.WaitForExit();
        }
    }

    [Test]
    public void A_source_behind_a_link_keeps_the_name_that_was_given()
    {
        using var folder = new TemporaryFolder();
        folder.AddText("real/store-0815.zip", "PK no archive");
        folder.Add("real/pictures/cats/a.png", "real/pictures/dogs/b.png");
        File.CreateSymbolicLink(folder["given.zip"], folder["real/store-0815.zip"]);
        Directory.CreateSymbolicLink(folder["given"], folder["real/pictures"]);

        Assert.That(DataFolder.Refusal(folder["given.zip"]), Does.Contain($"'{folder["given.zip"]}'").And.Not.Contain("store-0815"));
        using var pictures = ImageSources.Open(folder["given"]);
        Assert.That(pictures.Name, Is.EqualTo("given"));
    }

    [Test]
    public void A_pipe_is_left_out_unopened()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.png");
        Tool.Run("mkfifo", folder["d/pipe.png"]);
        folder.AddText("d/empty.png", "");

        var data = Task.Run(() => DataFolder.Survey(folder["d"]));

        Assert.That(data.Wait(TimeSpan.FromSeconds(20)), Is.True, "it waits for somebody to write into the pipe");
        Assert.That(data.Result.Images, Is.EqualTo(1));
        Assert.That(data.Result.LeftOut(), Is.EqualTo("2 empty or no regular file: empty.png, …"));
    }

    [Test]
    public void A_pipe_or_device_as_the_source_is_refused_unopened()
    {
        using var folder = new TemporaryFolder();
        Tool.Run("mkfifo", folder["pipe.zip"]);

        foreach (var source in new[] { folder["pipe.zip"], "/dev/zero" })
        {
            var refusal = Task.Run(() => DataFolder.Refusal(source));
            Assert.That(refusal.Wait(TimeSpan.FromSeconds(20)), Is.True);
            Assert.That(refusal.Result, Is.EqualTo($"'{source}' is empty or no regular file."));
        }
    }

    [Test]
    public void Contents_decide_what_a_file_is_and_all_that_is_left_out_is_counted()
    {
        using var folder = new TemporaryFolder();
        folder.Add("d/a.jfif", "d/without-ending", "d/named.tif", "d/b.txt");
        File.WriteAllBytes(folder["d/scan.tif"], [.. "II*\0"u8, .. new byte[20]]);
        File.WriteAllBytes(folder["d/scan.png"], [.. "MM\0*"u8, .. new byte[20]]);
        File.WriteAllBytes(folder["d/photo.jpg"], [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[20]]);
        File.WriteAllBytes(folder["d/say.wav"], [.. "RIFF\0\0\0\0WAVEfmt "u8]);
        folder.AddText("d/notes.txt", "BM is how notes can begin");
        folder.AddText("d/never-fetched.png", "version https://git-lfs.github.com/spec/v1\n");

        var data = DataFolder.Survey(folder["d"]);

        Assert.That(data.Images, Is.EqualTo(4));
        Assert.That(data.LeftOut, Has.Count.EqualTo(5));
        Assert.That(data.LeftOut(), Does.Contain("2 TIFF: scan.png, …").And.Contain("1 HEIC: photo.jpg").And.Contain("1 WAV sound: say.wav")
            .And.Contain("1 no picture: notes.txt").And.Contain("1 Git LFS pointer (the file itself was never fetched): never-fetched.png"));
    }

    [Test]
    public void A_source_without_pictures_is_refused_by_what_it_has()
    {
        using var folder = new TemporaryFolder();
        var zip = DataFolder.Zip(folder["sounds.zip"], ("0.flac", [.. "fLaC"u8]), ("1.flac", [.. "fLaC"u8]));

        Assert.That(DataFolder.Refusal(zip), Is.EqualTo(
            $"'{zip}' has no PNG, JPEG, WebP, GIF or BMP pictures, WAV recordings, IDX, NumPy or Parquet files. It has: 2 FLAC sound: 0.flac, …."));
    }

    private static readonly TestCaseData[] _headers =
    [
        new("a.gif", new byte[] { 0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 3, 0, 2, 0, 0, 0, 0 }, "3 × 2"),
        new("a.bmp", Bmp(40, 5, -4), "5 × 4"),
        new("a.webp", WebP("VP8X", [0, 0, 0, 0, 9, 0, 0, 19, 0, 0]), "10 × 20"),
        new("a.webp", WebP("VP8L", [0x2F, 0x09, 0xC0, 0x04, 0x00, 0, 0, 0, 0, 0]), "10 × 20"),
        new("a.webp", WebP("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 10, 0, 20, 0]), "10 × 20"),
        new("a.jpg", Jpeg(20, 10), "10 × 20"),
    ];

    [TestCaseSource(nameof(_headers))]
    public void A_pictures_size_is_read_from_its_header(string name, byte[] header, string size)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        File.WriteAllBytes(folder["d/" + name], header);

        Assert.That(DataFolder.Survey(folder["d"]).Smallest.ToString(), Is.EqualTo(size));
    }

    [Test]
    public void The_range_of_sizes_and_what_becomes_of_them_is_told()
    {
        using var folder = new TemporaryFolder();
        Images.Save(folder["d/a.png"], 1, 2, 3, width: 40, height: 30);
        Images.Save(folder["d/b.jpg"], 1, 2, 3, width: 64, height: 64);
        Images.Save(folder["d/c.webp"], 1, 2, 3, width: 20, height: 20);
        Images.Save(folder["square/a.png"], 1, 2, 3, width: 40, height: 40);
        Images.Save(folder["same/a.png"], 1, 2, 3, width: 32, height: 32);

        var data = DataFolder.Survey(folder["d"]);

        Assert.That($"{data.Smallest} to {data.Largest}", Is.EqualTo("20 × 20 to 64 × 64"));
        Assert.That(data.Fitted, Is.EqualTo("cropped to a square of 32 px"));
        Assert.That(DataFolder.Survey(folder["d"], fit: "pad").Fitted, Is.EqualTo("padded with white to a square of 32 px"));
        Assert.That(DataFolder.Survey(folder["d"], fit: "stretch").Fitted, Is.EqualTo("stretched to a square of 32 px"));
        Assert.That(DataFolder.Survey(folder["square"], fit: "pad").Fitted, Is.EqualTo("resized to a square of 32 px"));
        Assert.That(DataFolder.Survey(folder["same"]).Fitted, Is.Empty);
    }

    // A picture of 64 × 32 pixels: red, black, blue from left to right, a quarter, a half, a quarter of it.
    [TestCase("crop", "black black black", Description = "the middle")]
    [TestCase("pad", "red black blue")]
    [TestCase("stretch", "red black blue")]
    public void Pictures_that_are_not_square_become_it_as_they_are_told_to(string fit, string row)
    {
        using var folder = new TemporaryFolder();
        Images.SaveStripes(folder["d/a.png"]);

        using var source = ImageSources.Open(folder["d"], DataOptions.Of(null, fit));
        var pixels = source.Read(0, 32, 3);

        string At(int x, int y) => (pixels[(y * 32 + x) * 3], pixels[(y * 32 + x) * 3 + 1], pixels[(y * 32 + x) * 3 + 2]) switch
        {
            ( > 200, < 50, < 50) => "red",
            ( < 50, < 50, > 200) => "blue",
            ( < 50, < 50, < 50) => "black",
            (255, 255, 255) => "white",
            var other => other.ToString(),
        };
        Assert.That($"{At(3, 16)} {At(16, 16)} {At(28, 16)}", Is.EqualTo(row));
        Assert.That(At(16, 2), Is.EqualTo(fit == "pad" ? "white" : "black"));
    }

    private static byte[] Bmp(int header, int width, int height) =>
        [.. "BM"u8, .. new byte[12], (byte)header, 0, 0, 0, .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height)];

    private static byte[] WebP(string chunk, byte[] contents) =>
        [.. "RIFF\0\0\0\0WEBP"u8, .. Encoding.ASCII.GetBytes(chunk), 0, 0, 0, 0, .. contents];

    private static byte[] Jpeg(byte height, byte width) =>
        [0xFF, 0xD8, 0xFF, 0xE1, 0x03, 0x00, .. new byte[0x2FE], 0xFF, 0xC0, 0, 17, 8, 0, height, 0, width, .. new byte[10]];
}
