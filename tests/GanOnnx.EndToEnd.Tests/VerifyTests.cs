using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan verify</c> on what the other verbs write, and on what somebody did to it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VerifyTests : IDisposable
{
    private const string Photograph = "tests/GanOnnx.Imaging.Tests/Fixtures/quarters.png";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void What_the_verbs_write_is_signed_and_made_again()
    {
        Gan.Succeed("generate", "fashion-dcgan", "--seeds", "3,9", "--out", _folder["all/files"]);
        Gan.Succeed("generate", "fashion-cgan", "--label", "all", "--count", "20", "--scale", "2", "--out", _folder["all/grid.jpg"]);
        Gan.Succeed("generate", "fashion-stylegan2", "--seeds", "1,2", "--style-mix", "7-8:3", "--truncation", "0.7", "--out",
            _folder["all/table.webp"]);
        Gan.Succeed("interpolate", "lpc-characters", "--label", "0", "--seeds", "1,5", "--frames", "5", "--no-loop", "--out",
            _folder["all/walk.gif"]);
        Gan.Succeed("interpolate", "fashion-dcgan", "--seeds", "1,5", "--frames", "3", "--out", _folder["all/frames"]);
        Gan.Succeed("augment", "fashion-cgan", "--per-class", "1", "--classes", "Bag", "--out", _folder["all/set"]);

        var result = Gan.Succeed("verify", _folder["all"], "--json");

        var pictures = JsonNode.Parse(result.Output)!["pictures"]!.AsArray();
        Assert.That(pictures, Has.Count.EqualTo(2 + 1 + 1 + 1 + 3 + 1));
        foreach (var picture in pictures)
        {
            Assert.That((string)picture!["verdict"]!, Is.EqualTo("holds"), picture.ToString());
            Assert.That((bool)picture["credentials"]!["holds"]! && (bool)picture["credentials"]!["isOwn"]!, picture.ToString());
            Assert.That((string)picture["remade"]!["match"]!, Is.EqualTo(IsLossy((string)picture["file"]!) ? "loss" : "equal"));
        }
    }

    [Test]
    public void A_forged_mark_on_a_photograph_is_found()
    {
        Gan.Succeed("generate", "fashion-dcgan", "--seeds", "3", "--unsigned", "--out", _folder["real"]);
        using var photograph = Image.Load<Rgb24>(Path.Combine(Repository.Root, Photograph));
        ImageFile.Save(photograph, _folder["forged.png"], new() { Provenance = Provenance.Read(_folder["real/seed0003.png"]) });

        var result = Gan.Run("verify", _folder["forged.png"]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("forged.png: DOESN'T HOLD.").And.Contain("made again: it is NOT that image"));
    }

    /// <summary>Who shows animations shows their other frames, which nobody compared.</summary>
    [TestCase("moving.png", 1, "made again: it is NOT that image alone: the file is an animation")]
    [TestCase("moving.webp", 2, "can't be read")]
    [TestCase("moving.gif", 1, "made again: it is NOT that image alone: the file is an animation")]
    public void A_real_mark_on_an_animation_is_found(string name, int exitCode, string told)
    {
        Gan.Succeed("generate", "fashion-dcgan", "--seeds", "3", "--unsigned", "--out", _folder["real.png"]);
        Gan.Succeed("generate", "fashion-dcgan", "--seeds", "3", "--unsigned", "--out", _folder["real.webp"]);
        if (name == "moving.gif")
            SaveMoving(_folder["real.png"], _folder[name]);
        else
            File.WriteAllBytes(_folder[name], WithChunk(File.ReadAllBytes(_folder[name.Replace("moving", "real")])));

        var result = Gan.Run("verify", _folder[name]);

        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Output);
        Assert.That(result.Output, Does.Contain(told));
    }

    private static void SaveMoving(string still, string path)
    {
        using var picture = Image.Load<Rgba32>(still);
        using var other = new Image<Rgba32>(picture.Width, picture.Height, Color.White);
        picture.Frames.AddFrame(other.Frames.RootFrame);
        picture.Save(path);
    }

    // Frames that this program's decoder passes over: of a PNG before its last chunk, of a WebP behind the others.
    private static byte[] WithChunk(byte[] file)
    {
        if (file[0] == 'R')
        {
            byte[] animated = [.. file, .. "ANMF"u8, 16, 0, 0, 0, .. new byte[16]];
            BitConverter.GetBytes(animated.Length - 8).CopyTo(animated, 4);
            return animated;
        }
        byte[] chunk = [.. "acTL"u8, 0, 0, 0, 2, 0, 0, 0, 0];
        var sum = chunk.Aggregate(uint.MaxValue, (sum, value) => Enumerable.Range(0, 8).Aggregate(sum ^ value,
            (sum, _) => (sum >> 1) ^ ((sum & 1) * 0xEDB88320)));
        byte[] checksum = [.. BitConverter.GetBytes(~sum).Reverse()];
        return [.. file[..^12], 0, 0, 0, 8, .. chunk, .. checksum, .. file[^12..]];
    }

    [Test]
    public void A_real_mark_on_a_changed_picture_is_found()
    {
        Gan.Succeed("generate", "fashion-dcgan", "--seeds", "3", "--out", _folder["real"]);
        using var picture = Image.Load<L8>(_folder["real/seed0003.png"]);
        picture[5, 5] = new((byte)(picture[5, 5].PackedValue ^ 0x40));
        picture.Save(_folder["changed.png"]);

        var result = Gan.Run("verify", _folder["changed.png"], "--json");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        var found = JsonNode.Parse(result.Output)!["pictures"]![0]!;
        Assert.That((string)found["verdict"]!, Is.EqualTo("contradicted"));
        Assert.That((int)found["remade"]!["largestDifference"]!, Is.EqualTo(0x40));
    }

    [Test]
    public void A_signed_picture_that_was_changed_says_so_before_all()
    {
        Gan.Succeed("generate", "fashion-dcgan", "--count", "1", "--out", _folder["a.jpg"]);
        File.AppendAllText(_folder["a.jpg"], "more");

        var result = Gan.Run("verify", _folder["a.jpg"]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("signature: The file was changed since it was signed."));
    }

    [Test]
    public void A_picture_of_a_picture_keeps_its_input_and_cant_be_made_again()
    {
        Gan.Succeed("generate", "fashion-dcgan", "--seeds", "3", "--out", _folder["real"]);
        File.WriteAllBytes(_folder["darker.onnx"],
            ForeignModels.Darker(new() { Task = Inference.ModelTask.Translate }, "N", 3, "H", "W").Model.ToByteArray());
        Gan.Succeed("translate", _folder["darker.onnx"], "--in", _folder["real"], "--out", _folder["darker"]);

        var result = Gan.Succeed("verify", _folder["darker"], "--json");

        var found = JsonNode.Parse(result.Output)!["pictures"]![0]!;
        Assert.That((string)found["verdict"]!, Is.EqualTo("unchanged"));
        var input = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["real/seed0003.png"])));
        Assert.That((string)found["credentials"]!["inputs"]![0]!, Is.EqualTo(input));
    }

    [Test]
    public void A_model_is_found_in_a_folder()
    {
        Directory.CreateDirectory(_folder["models/deep"]);
        File.WriteAllBytes(_folder["models/deep/mine.onnx"], TestModels.Generator().Model.ToByteArray());
        Gan.Succeed("generate", _folder["models/deep/mine.onnx"], "--seeds", "3", "--out", _folder["pictures"]);

        Assert.That(Gan.Succeed("verify", _folder["pictures"]).Output, Does.Contain("is as it was signed").And.Contain("--model"));
        Assert.That(Gan.Succeed("verify", _folder["pictures"], "--model", _folder["models"]).Output, Does.Contain("equal pixels"));
    }

    [Test]
    public void Unmarked_unproven_and_unreadable_pictures_are_told_apart()
    {
        File.Copy(Path.Combine(Repository.Root, Photograph), _folder["plain.png"]);
        File.WriteAllText(_folder["text.png"], "no picture");
        using (var photograph = Image.Load<Rgb24>(_folder["plain.png"]))
            ImageFile.Save(photograph, _folder["marked.webp"]);

        var (plain, text, marked) = (Gan.Run("verify", _folder["plain.png"]), Gan.Run("verify", _folder["text.png"]),
            Gan.Run("verify", _folder["marked.webp"]));

        Assert.That((plain.ExitCode, text.ExitCode, marked.ExitCode), Is.EqualTo((1, 2, 1)));
        Assert.That(plain.Output, Does.Contain("says nothing of its origin."));
        Assert.That(text.Output, Does.Contain("can't be read."));
        Assert.That(marked.Output, Does.Contain("not proven."));
        Assert.That(Gan.Run("verify", _folder["nothing"]).ExitCode, Is.EqualTo(2));
    }

    [Test]
    public void The_key_of_this_computer_is_told_once_and_can_be_left_out()
    {
        string Run(params string[] more)
        {
            using var process = Gan.Start(start => start.Environment["XDG_CONFIG_HOME"] = _folder["config"],
                ["generate", "fashion-dcgan", "--count", "1", "--out", _folder["a.png"], .. more]);
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return error.Result;
        }

        Assert.That(Run("--unsigned"), Does.Not.Contain("signed"));
        Assert.That(File.Exists(_folder["config/ganonnx/signing/key.pem"]), Is.False);
        Assert.That(Run(), Does.Contain("what is generated is signed from now on with a key of this computer"));
        Assert.That(Run(), Does.Not.Contain("signed"));
        var (key, certificate) = (_folder["config/ganonnx/signing/key.pem"], _folder["config/ganonnx/signing/certificate.pem"]);
        Assert.That(Run("--sign-key", key, "--sign-cert", certificate), Is.Empty.Or.Not.Contain("gan:"));
        Assert.That(Gan.Run("verify", _folder["a.png"]).Output,
            Does.Contain("'CN=Local signer, O=GanOnnx on this computer', a name that nobody"));
        Assert.That(Run("--sign-key", key), Does.Contain("--sign-key and --sign-cert belong together"));
        Assert.That(Run("--sign-key", key, "--sign-cert", certificate, "--unsigned"), Does.Contain("can't be chosen with --unsigned"));
        Assert.That(Run("--sign-key", certificate, "--sign-cert", certificate), Does.Contain("holds no private key as PEM"));
    }

    [Test]
    [Platform(Exclude = "Win,MacOsX")] // their stores are no folders
    public void A_certificate_of_the_store_signs()
    {
        using var identity = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var certificate = CertificateFor(identity);
        var store = _folder["home/.dotnet/corefx/cryptography/x509stores/my"];
        Directory.CreateDirectory(store);
        File.WriteAllBytes(Path.Combine(store, $"{certificate.Thumbprint}.pfx"), certificate.Export(X509ContentType.Pkcs12));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(store, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.SetUnixFileMode(Path.Combine(store, $"{certificate.Thumbprint}.pfx"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        (int Code, string Error) Run(params string[] more)
        {
            using var process = Gan.Start(start => start.Environment["HOME"] = _folder["home"],
                ["generate", "fashion-dcgan", "--count", "1", "--out", _folder["stored.png"], .. more]);
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error.Result);
        }

        var (code, error) = Run("--sign-store", certificate.Thumbprint);
        Assert.That(code, Is.Zero, error);
        Assert.That(Gan.Run("verify", _folder["stored.png"]).Output, Does.Contain("as it was signed by 'CN=Stored'"));
        Assert.That(Run("--sign-store", new string('0', 40)),
            Is.EqualTo((2, $"gan: There is no certificate with the thumbprint '{new string('0', 40)}' in the store of this user or machine (My).\n")));
        Assert.That(Run("--sign-store", certificate.Thumbprint, "--unsigned").Error, Does.Contain("--sign-store can't be chosen with --unsigned"));
        Assert.That(Run("--sign-store", certificate.Thumbprint, "--sign-key", "a", "--sign-cert", "b").Error, Does.Contain("--sign-store names a certificate"));
    }

    private static X509Certificate2 CertificateFor(System.Security.Cryptography.ECDsa key)
    {
        var request = new CertificateRequest("CN=Stored", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.36")], true));
        using var issuer = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var generator = X509SignatureGenerator.CreateForECDsa(issuer);
        var authority = new X500DistinguishedName("CN=Authority");
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new byte[20]));
        var now = DateTimeOffset.UtcNow;
        using var bare = request.Create(authority, generator, now.AddDays(-1), now.AddDays(30), [1, 2, 3]);
        return bare.CopyWithPrivateKey(key);
    }

    private static bool IsLossy(string file) => Path.GetExtension(file) is ".jpg" or ".webp";
}
