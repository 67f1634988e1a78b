using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.ContentCredentials.Tests;

public sealed class SignTests
{
    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Read_SignedPicture_HoldsAndSaysTheClaim(string name)
    {
        var report = SignedPicture.Read(SignedPicture.Make(name))!;

        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.Generator, Is.EqualTo("GanOnnx 0.2.0"));
        Assert.That(report.Signer, Does.StartWith("CN=Local signer"));
        Assert.That(report.Certificate!.Value.ToArray(), Is.EqualTo(SignedPicture.Identity.Certificate.ToArray()));
        var action = report.Actions.Single();
        Assert.That(action.Name, Is.EqualTo("c2pa.created"));
        Assert.That(action.DigitalSourceType, Is.EqualTo(SignedPicture.Claim.DigitalSourceType));
        Assert.That(action.Parameters, Is.EquivalentTo(SignedPicture.Claim.Parameters));
    }

    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Pictures))]
    public void Sign_KeepsThePixelsAndTheXmp(string name)
    {
        var (plain, signed) = (SignedPicture.Plain(name), SignedPicture.Make(name));
        using var before = Image.Load<Rgb24>(plain);
        using var after = Image.Load<Rgb24>(signed);

        Assert.That(Pixels(after), Is.EqualTo(Pixels(before)));
        Assert.That(after.Metadata.XmpProfile?.ToByteArray(), Is.EqualTo(before.Metadata.XmpProfile?.ToByteArray()));
        Assert.That(after.Frames, Has.Count.EqualTo(before.Frames.Count));
    }

    [Test]
    public void Sign_KeepsTheSound([Range(0, 3)] int seed)
    {
        var (plain, signed) = (SignedPicture.Plain("a.wav", seed), SignedPicture.Make("a.wav", seed));

        Assert.That(signed[8..plain.Length], Is.EqualTo(plain[8..]));
        Assert.That(BitConverter.ToInt32(signed, 4), Is.EqualTo(signed.Length - 8));
        Assert.That(signed[plain.Length..(plain.Length + 4)], Is.EqualTo("C2PA"u8.ToArray()));
    }

    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Read_PictureWithoutCredentials_GivesNull(string name) =>
        Assert.That(SignedPicture.Read(SignedPicture.Plain(name)), Is.Null);

    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Sign_SignedPicture_IsRefused(string name) =>
        Assert.That(() => ContentCredential.Sign(SignedPicture.Make(name), SignedPicture.Claim, SignedPicture.Identity),
            Throws.TypeOf<CredentialException>().With.Message.EqualTo(
                "The file has Content Credentials; they would be lost. Take it as an input instead."));

    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Sign_PictureThatIsCutShort_IsRefused(string name) => Assert.That(
        () => ContentCredential.Sign(SignedPicture.Plain(name)[..12], SignedPicture.Claim, SignedPicture.Identity),
        name is "a.webp" or "a.wav" ? Throws.Nothing : Throws.TypeOf<CredentialException>());

    [Test]
    public void Sign_OtherFile_IsRefused() =>
        Assert.That(() => ContentCredential.Sign("BM not one of the five"u8.ToArray(), SignedPicture.Claim, SignedPicture.Identity),
            Throws.TypeOf<CredentialException>().With.Message.StartsWith("Content Credentials are for PNG"));

    /// <summary>Lengths at which what says them grows by a byte, and stores of more than one segment of a JPEG.</summary>
    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Read_ClaimOfAnyLength_Holds(string name)
    {
        foreach (var length in Enumerable.Range(0, 40).Concat(Enumerable.Range(63_000, 20).Select(i => i * 1)).Concat([130_000, 200_001]))
        {
            var claim = SignedPicture.Claim with { Parameters = new Dictionary<string, string> { ["org.example.text"] = new('x', length) } };
            var report = SignedPicture.Read(ContentCredential.Sign(SignedPicture.Plain(name), claim, SignedPicture.Identity))!;
            Assert.That(report.Problems, Is.Empty, $"{length}");
            Assert.That(report.Actions[0].Parameters["org.example.text"], Has.Length.EqualTo(length));
        }
    }

    [TestCaseSource(typeof(SignedPicture), nameof(SignedPicture.Formats))]
    public void Input_WithCredentials_ComesAlong(string name)
    {
        var first = SignedPicture.Make("a.jpg", 3);
        var input = Ingredient.Of(new MemoryStream(first));
        var report = SignedPicture.Read(SignedPicture.Make(name, 4, input))!;

        Assert.That(input.HasCredentials);
        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.Inputs, Is.EqualTo([Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(first))]));
    }

    private static byte[] Pixels(Image<Rgb24> image)
    {
        var pixels = new byte[image.Width * image.Height * 3];
        image.CopyPixelDataTo(pixels);
        return pixels;
    }
}
