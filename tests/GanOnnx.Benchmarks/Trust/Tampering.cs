using System.Buffers.Binary;
using GanOnnx.ContentCredentials;
using GanOnnx.ContentCredentials.Boxes;
using GanOnnx.ContentCredentials.Containers;
using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Benchmarks.Trust;

/// <summary>Signed pictures, changed as somebody would who knows the formats: checksums and lengths are right again.</summary>
internal static class Tampering
{
    public static readonly string[] Kinds = ["pixels", "metadata", "manifest", "certificate", "truncated"];

    public static byte[] Apply(string kind, string path, Random random)
    {
        var file = File.ReadAllBytes(path);
        return kind switch
        {
            "pixels" => ChangePixels(file, path, random),
            "metadata" => Replace(file, "gan:ModelSha256=\""u8, random),
            "manifest" => ChangeBox(file, random.Next(2) == 0 ? "c2cl" : "c2as", random),
            "certificate" => ChangeCertificate(file, random),
            _ => file[..(int)(file.Length * (0.3 + 0.65 * random.NextDouble()))],
        };
    }

    // Another picture with the first one's manifest.
    private static byte[] ChangePixels(byte[] file, string path, Random random)
    {
        var (container, located) = Open(file);
        var plain = Repainted(file, path, random);
        var place = (int)container.PlaceIn(new MemoryStream(plain));
        byte[] changed = [.. plain[..place], .. container.Wrap(located.Store), .. plain[place..]];
        container.Grow(changed, located.Length);
        return changed;
    }

    private static byte[] Repainted(byte[] file, string path, Random random)
    {
        using var image = Image.Load<Rgba32>(file);
        var (x, y) = (random.Next(image.Width - 3), random.Next(image.Height - 3));
        for (var i = 0; i < 9; i++)
            image[x + i % 3, y + i / 3] = Inverse(image[x + i % 3, y + i / 3]);
        var provenance = Provenance.Read(path);
        return path.EndsWith(".gif", StringComparison.Ordinal) ? ImageAnimation.Encode([image], 10, new() { Provenance = provenance })
            : ImageFile.Encode(image, Path.GetExtension(path), new() { Provenance = provenance });
    }

    private static Rgba32 Inverse(Rgba32 color) => new((byte)~color.R, (byte)~color.G, (byte)~color.B, color.A);

    // The character behind a text becomes another.
    private static byte[] Replace(byte[] file, ReadOnlySpan<byte> before, Random random)
    {
        var at = file.AsSpan().IndexOf(before) + before.Length + random.Next(60);
        file[at] = (byte)(file[at] == (byte)'0' ? '1' : '0');
        return Mended(file);
    }

    private static byte[] ChangeBox(byte[] file, string kind, Random random)
    {
        var (_, located) = Open(file);
        var manifest = JumbfBox.Read(located.Store).Children[^1];
        var box = manifest.Children.Single(child => child.Kind.ToString("N")[..8] == Convert.ToHexStringLower(
            System.Text.Encoding.ASCII.GetBytes(kind)));
        // What a claim or an assertion says, not where it is.
        var content = kind == "c2as" ? box.Children[random.Next(box.Children.Count)].Children[^1].Content : box.Children[^1].Content;
        return ChangeIn(file, located, content.Span, random);
    }

    private static byte[] ChangeCertificate(byte[] file, Random random)
    {
        var (_, located) = Open(file);
        return ChangeIn(file, located, TrustPictures.Identity.Certificate.Span, random);
    }

    // A bit of a piece of the store, which lies in the file in pieces.
    private static byte[] ChangeIn(byte[] file, Located located, ReadOnlySpan<byte> piece, Random random)
    {
        var (container, _) = Open(file);
        var store = located.Store.ToArray();
        store[store.AsSpan().IndexOf(piece) + random.Next(piece.Length)] ^= (byte)(1 << random.Next(8));
        return [.. file[..(int)located.Start], .. container.Wrap(store), .. file[(int)(located.Start + located.Length)..]];
    }

    private static (Container Container, Located Located) Open(byte[] file)
    {
        var stream = new MemoryStream(file);
        var container = Container.Find(stream)!;
        return (container, container.Locate(stream)!);
    }

    private static byte[] Mended(byte[] file)
    {
        const int signature = 8, frame = 12;
        if (file[0] == 0x89)
            for (var at = signature; at + frame <= file.Length; at += frame + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)))
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + length), PngContainer.Crc(file.AsSpan(at + 4, 4 + length)));
            }
        return file;
    }
}
