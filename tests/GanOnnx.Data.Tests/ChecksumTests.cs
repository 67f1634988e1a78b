using System.Diagnostics;
using System.IO.Compression;
using GanOnnx.Data;

namespace GanOnnx.Data.Tests;

/// <summary>A bit that isn't as it was packed is noticed, where the packing has a checksum and the picture has none.</summary>
public sealed class ChecksumTests
{
    private const int Side = 32;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_damaged_picture_of_a_zip_is_left_out_and_told(
        [Values] bool stored, [Values("whole", "one bit", "what cannot be unpacked")] string damage)
    {
        var zip = _folder[$"{stored}-{damage}.zip"];
        Pack(zip, stored ? CompressionLevel.NoCompression : CompressionLevel.Optimal, ("cats/a.bmp", Noise(1)), ("dogs/b.bmp", Noise(2)),
            ("dogs/c.bmp", Noise(3)));
        var bytes = File.ReadAllBytes(zip);
        if (damage == "one bit")
            bytes[Find(bytes, Noise(2).AsSpan(^8..))] ^= 4;
        else if (damage != "whole")
            bytes.AsSpan(Find(bytes, "dogs/b.bmp"u8) + 200, 1500).Fill(0xFF);
        File.WriteAllBytes(zip, bytes);

        var data = DataFolder.Survey(zip);

        Assert.That(data.Classes(), Is.EqualTo(damage == "whole" ? "cats 1, dogs 2" : "cats 1, dogs 1"));
        Assert.That(data.LeftOut(), Is.EqualTo(damage == "whole" ? "" : "1 damaged, by its checksum: dogs/b.bmp"));
    }

    [Test]
    public void Damaged_labels_of_a_zip_are_no_labels()
    {
        var zip = _folder["labels.zip"];
        Pack(zip, CompressionLevel.NoCompression, ("a.bmp", Noise(1)), ("b.bmp", Noise(2)),
            ("labels.csv", "file,label\na.bmp,cats\nb.bmp,dogs\n"u8.ToArray()));
        Flip(zip, "dogs\n"u8);

        Assert.That(DataFolder.Refusal(zip), Is.EqualTo(
            $"'{zip}' has the entry 'labels.csv' with another checksum than it was packed with. It is damaged; copy it again."));
    }

    [Test]
    public void A_damaged_array_of_an_npz_is_refused()
    {
        var pixels = Noise(1)[^(2 * 16 * 16)..];
        Pack(_folder["x.npz"], CompressionLevel.NoCompression, ("x.npy", ContainerTests.Npy("|u1", "(2, 16, 16)", pixels)));
        Assert.That(DataFolder.Survey(_folder["x.npz"]).Images, Is.EqualTo(2));
        Flip(_folder["x.npz"], pixels.AsSpan(100, 8));

        Assert.That(DataFolder.Refusal(_folder["x.npz"]),
            Is.EqualTo($"'{_folder["x.npz"]}' can't be read: its array x.npy has another checksum than it was packed with; copy it again."));
    }

    // Noise can't be made smaller: gzip stores it as it is, and the bit is no error of the packing's own.
    [TestCase("gzip", "tar.gz")]
    [TestCase("xz", "tar.xz")]
    [TestCase("bzip2", "tar.bz2")]
    public void A_damaged_tar_in_a_packing_is_refused(string program, string ending)
    {
        Directory.CreateDirectory(_folder[ending]);
        for (var i = 0; i < 3; i++)
            File.WriteAllBytes(Path.Combine(_folder[ending], $"{i}.bmp"), Noise(i));
        var tar = DataFolder.Pack(_folder[ending], _folder[$"{ending}.tar"]);
        Tool.Run(program, "-k", tar);
        var packed = $"{tar}.{ending.Split('.')[1]}";
        Assert.That(DataFolder.Survey(packed).Images, Is.EqualTo(3));
        var bytes = File.ReadAllBytes(packed);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(packed, bytes);

        Assert.That(DataFolder.Refusal(packed), Does.StartWith($"'{packed}' can't be unpacked: "));
    }

    private static void Pack(string path, CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
            using (var stream = zip.CreateEntry(name, level).Open())
                stream.Write(bytes);
    }

    private static void Flip(string path, ReadOnlySpan<byte> at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[Find(bytes, at)] ^= 4;
        File.WriteAllBytes(path, bytes);
    }

    private static int Find(byte[] bytes, ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part) is >= 0 and var at ? at
        : throw new UnreachableException("It isn't there.");

    // A bitmap has no checksum of its own, and any pixel can be.
    private static byte[] Noise(int seed)
    {
        using var image = new SixLabors.ImageSharp.Image<SixLabors.ImageSharp.PixelFormats.Rgb24>(Side, Side);
        var random = new Random(seed);
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                image[x, y] = new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        using var file = new MemoryStream();
        SixLabors.ImageSharp.ImageExtensions.SaveAsBmp(image, file);
        return file.ToArray();
    }
}
