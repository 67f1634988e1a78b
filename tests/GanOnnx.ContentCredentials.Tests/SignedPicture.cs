using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.ContentCredentials.Tests;

/// <summary>Small pictures with noise on them, signed.</summary>
internal static class SignedPicture
{
    /// <summary>A file name of each format.</summary>
    public static readonly string[] Formats = ["a.png", "a.jpg", "a.webp", "a.gif"];

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

    /// <summary>One with them.</summary>
    public static byte[] Make(string name, int seed = 1, Ingredient? input = null) =>
        ContentCredential.Sign(Plain(name, seed), Claim with { Input = input }, Identity);

    public static CredentialReport? Read(byte[] picture) => ContentCredential.Read(new MemoryStream(picture));
}
