using System.Buffers.Binary;
using System.IO.Compression;

namespace GanOnnx.Imaging.Tests;

/// <summary>Small files that would take gigabytes or hours if they were believed.</summary>
[NonParallelizable]
public sealed class HostilePictureTests
{
    private const long Megabyte = 1 << 20;

    [Test]
    public void Read_CompressedTextInAPng_IsPassedOver([Values("zTXt", "iTXt", "iCCP")] string chunk)
    {
        // 200 MB of text in 200 kB.
        var text = Chunk(chunk, [.. "text\0"u8, .. chunk == "iTXt" ? new byte[] { 1, 0, 0, 0 } : new byte[] { 0 },
            .. Deflated(200 * (int)Megabyte)]);
        var picture = Inserted(File.ReadAllBytes(Fixture.Path("quarters.png")), text);

        Assert.That(Allocated(() => Assert.That(ImageReader.Read(new MemoryStream(picture), 16, 3)[0], Is.EqualTo(200))),
            Is.LessThan(20 * Megabyte));
    }

    [Test]
    public void Read_TextInAPng_KeepsProvenance()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.png"];
        using (var picture = new SixLabors.ImageSharp.Image<SixLabors.ImageSharp.PixelFormats.Rgb24>(4, 4))
            ImageFile.Save(picture, path, new ImageSaveOptions { Provenance = new Provenance { Model = "m" } });
        File.WriteAllBytes(path, Inserted(File.ReadAllBytes(path), Chunk("zTXt", [.. "text\0\0"u8, .. Deflated(1000)])));

        Assert.That(Provenance.Read(path)!.Model, Is.EqualTo("m"));
    }

    [Test]
    public void Read_GifOfManyFrames_LooksAtOne()
    {
        var one = File.ReadAllBytes(Fixture.Path("frames.gif"));
        var body = one.AsSpan(13 + 3 * (2 << (one[10] & 7)), one.Length - 14 - 3 * (2 << (one[10] & 7))).ToArray();
        byte[] picture = [.. one[..^1], .. Enumerable.Repeat(body, 50_000).SelectMany(frame => frame), (byte)';'];
        var limit = ImageReader.Read(Fixture.Path("frames.gif"), 16, 3);

        Assert.That(Allocated(() => Assert.That(ImageReader.Read(new MemoryStream(picture), 16, 3), Is.EqualTo(limit))),
            Is.LessThan(4 * picture.Length + 20 * Megabyte));
    }

    [Test]
    public void Read_StreamWithoutEnd_IsRefused()
    {
        using var endless = new EndlessStream();
        Assert.That(() => ImageReader.Read(endless, 16, 3, maxPixels: 1000, name: "endless"),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
            "'endless' is larger than 16,785,216 bytes, more than a picture of 1,000 pixels can be."));
    }

    private static long Allocated(Action action)
    {
        action();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static byte[] Inserted(byte[] png, byte[] chunk)
    {
        const int afterHeader = 8 + 12 + 13;
        return [.. png[..afterHeader], .. chunk, .. png[afterHeader..]];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] typed = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var (length, crc) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.Of(typed));
        return [.. length, .. typed, .. crc];
    }

    private static byte[] Deflated(int length)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            stream.Write(new byte[length]);
        return packed.ToArray();
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => buffer.Length;
    }
}
