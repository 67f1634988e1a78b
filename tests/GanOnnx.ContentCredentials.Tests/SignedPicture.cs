using System.Buffers.Binary;
using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.ContentCredentials.Tests;

/// <summary>Small pictures with noise on them, and a short noise, signed.</summary>
internal static class SignedPicture
{
    /// <summary>A file name of each format of pictures.</summary>
    public static readonly string[] Pictures = ["a.png", "a.jpg", "a.webp", "a.gif"];

    /// <summary>A file name of each format.</summary>
    public static readonly string[] Formats = [.. Pictures, "a.wav"];

    public static readonly SigningIdentity Identity = SigningIdentity.Temporary();

    public static readonly PictureClaim Claim = new()
    {
        Generator = "GanOnnx",
        GeneratorVersion = "0.2.0",
        DigitalSourceType = Provenance.TrainedAlgorithmicMedia,
        Parameters = new Dictionary<string, string> { ["org.ganonnx.model"] = "faces <α>", ["org.ganonnx.seeds"] = "7" },
    };

    /// <summary>A picture without credentials.</summary>
    public static byte[] Plain(string name, int seed = 1)
    {
        var random = new Random(seed);
        if (name.EndsWith(".wav", StringComparison.Ordinal))
            return Sound(random, 300 + seed % 5);
        using var image = new Image<Rgb24>(24 + seed % 5, 16);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
                foreach (ref var pixel in rows.GetRowSpan(y))
                    pixel = new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        });
        return name.EndsWith(".gif", StringComparison.Ordinal) ? ImageAnimation.Encode([image, image], 10)
            : ImageFile.Encode(image, Path.GetExtension(name));
    }

    // Mono of 8 bits at 8,000 Hz: RIFF, its length, WAVE; fmt of 16 bytes; data, which is followed by a byte more where it is odd.
    private static byte[] Sound(Random random, int length)
    {
        var file = new byte[44 + length + length % 2];
        "RIFF____WAVEfmt "u8.CopyTo(file);
        foreach (var (at, value) in new[] { (4, file.Length - 8), (16, 16), (20, 1 | 1 << 16), (24, 8000), (28, 8000), (32, 1 | 8 << 16), (40, length) })
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        "data"u8.CopyTo(file.AsSpan(36));
        random.NextBytes(file.AsSpan(44, length));
        return file;
    }

    /// <summary>One with them.</summary>
    public static byte[] Make(string name, int seed = 1, Ingredient? input = null) =>
        ContentCredential.Sign(Plain(name, seed), Claim with { Input = input }, Identity);

    public static CredentialReport? Read(byte[] picture) => ContentCredential.Read(new MemoryStream(picture));
}
