using System.Text.Json.Nodes;
using GanOnnx.Audio;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The verbs on a model that makes sounds, the shipped one.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SoundTests : IDisposable
{
    private const string Model = "digits-spoken";

    private static readonly string _shipped = Path.Combine(Repository.Root, "models", Model);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Sounds_come_one_after_the_other_in_a_file_that_says_what_it_is()
    {
        var result = Gan.Succeed("generate", Model, "--label", "7", "--seeds", "0,4-5", "--out", _folder["seven.wav"], "--json");

        using var generator = SoundGenerator.Load(_shipped);
        var sound = SoundFile.Read(_folder["seven.wav"]);
        Assert.That((sound.Rate, sound.Channels, sound.Samples), Is.EqualTo((8000, 1, 3 * 8192 + 2 * 2000)));
        Assert.That(sound.Values.Slice(2 * 10192, 8192).ToArray(),
            Is.EqualTo(generator.Generate(1, 5, label: 7).Values.ToArray()).Within(1e-4));
        Assert.That(SoundFile.ReadProvenance(_folder["seven.wav"]), Is.EqualTo(new Provenance
        {
            Model = Model,
            ModelSha256 = generator.Model.Sha256,
            Seeds = "0,4-5",
            Indices = "0",
            Label = "7",
        }));
        var json = JsonNode.Parse(result.Output)!;
        Assert.That(((int)json["sounds"]!, (int)json["rate"]!, (int)json["files"]![0]!["sounds"]![2]!["seed"]!), Is.EqualTo((3, 8000, 5)));
    }

    /// <summary>Programs differ in which of two chunks they play, and some play what is behind the end.</summary>
    [Test]
    public void A_real_mark_on_a_file_that_others_hear_otherwise_is_found(
        [Values("a sound before it", "a sound behind the end", "a format before it", "a mark behind it")] string change)
    {
        Gan.Succeed("generate", Model, "--label", "7", "--seeds", "0", "--unsigned", "--out", _folder["seven.wav"]);
        var file = File.ReadAllBytes(_folder["seven.wav"]);
        byte[] format = file[12..(12 + 8 + BitConverter.ToInt32(file, 16))];
        byte[] noise = [.. "data"u8, .. BitConverter.GetBytes(2000), .. new byte[2000]];
        byte[] mark = [.. "_PMX"u8, .. BitConverter.GetBytes(8), .. "<x></x> "u8];
        format[12 + 1]++; // another rate
        byte[] changed = change switch
        {
            "a sound before it" => [.. file[..(12 + format.Length)], .. noise, .. file[(12 + format.Length)..]],
            "a format before it" => [.. file[..12], .. format, .. file[12..]],
            "a mark behind it" => [.. file, .. mark],
            _ => [.. file, .. noise],
        };
        if (change != "a sound behind the end")
            BitConverter.GetBytes(changed.Length - 8).CopyTo(changed, 4);
        File.WriteAllBytes(_folder["changed.wav"], changed);

        Assert.That(Gan.Succeed("verify", _folder["seven.wav"]).Output, Does.Contain("holds"));
        var result = Gan.Run("verify", _folder["changed.wav"]);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Output);
        Assert.That(result.Output, Does.Contain("DOESN'T HOLD.").And.Contain(change == "a sound behind the end"
            ? "contradiction: the file has 2,008 bytes behind its end, which another program may play."
            : $"contradiction: the file has 2 chunks '{(change[2] == 's' ? "data" : change[2] == 'f' ? "fmt " : "_PMX")}', of which"));
    }

    [Test]
    public void A_folder_gets_a_file_each_and_loses_nothing()
    {
        var words = Gan.Succeed("generate", Model, "--label", "all", "--count", "10", "--unsigned", "--out", _folder["digits"]).Output;
        Assert.That(words, Does.StartWith($"{_folder["digits"]}: 10 sounds of 1.02 s in "));
        Assert.That(Directory.GetFiles(_folder["digits"]), Has.Length.EqualTo(10));
        var before = File.ReadAllBytes(_folder["digits/seed0000-000003.wav"]);
        Gan.Succeed("generate", Model, "--label", "all", "--count", "10", "--unsigned", "--out", _folder["digits"]);
        Assert.That(File.ReadAllBytes(_folder["digits/seed0000-000003.wav"]), Is.EqualTo(before));

        File.WriteAllBytes(_folder["digits/seed0000-000003.wav"], Wav.Of(8000, [Wav.Sine(440, 8000, 0.1)]));
        var mine = File.ReadAllBytes(_folder["digits/seed0000-000003.wav"]);
        var refused = Gan.Run("generate", Model, "--count", "10", "--out", _folder["digits"]);
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, $"gan: '{_folder["digits/seed0000-000003.wav"]}' is there and doesn't say that gan made it, so "
            + $"it isn't replaced. Move it away, or give another folder.{Environment.NewLine}")));
        Assert.That(File.ReadAllBytes(_folder["digits/seed0000-000003.wav"]), Is.EqualTo(mine));
    }

    [Test]
    public void Verify_makes_them_again()
    {
        Gan.Succeed("generate", Model, "--label", "1,2", "--count", "4", "--seed", "9", "--out", _folder["all/joined.wav"]);
        Gan.Succeed("generate", Model, "--seeds", "3,5", "--out", _folder["all"]);
        Assert.That(Gan.Succeed("verify", _folder["all"]).Output, Does.EndWith("holds: 3\n").And.Contain("made again: the same values, to "));

        Assert.That(Gan.Succeed("verify", _folder["all/seed0003.wav"]).Output, Does.Contain("signature: it is as it was signed by this computer's own key."));

        var sound = SoundFile.Read(_folder["all/seed0003.wav"]);
        var changed = sound.Values.ToArray();
        changed[4000] += 0.3f;
        SoundFile.Save(new(changed, 1, 1, changed.Length, 8000), 0, _folder["forged.wav"], SoundFile.ReadProvenance(_folder["all/seed0003.wav"]));
        var forged = Gan.Run("verify", _folder["forged.wav"]);
        Assert.That((forged.ExitCode, forged.Output), Is.EqualTo((1, forged.Output)));
        Assert.That(forged.Output, Does.Contain("forged.wav: DOESN'T HOLD.").And.Contain("1 of 8,192 values differ, by up to "));

        var whole = File.ReadAllBytes(_folder["all/seed0003.wav"]);
        // One step of 32,767 is what devices differ by; the signature knows better.
        byte[] touched = [.. whole];
        touched[100] ^= 1;
        File.WriteAllBytes(_folder["touched.wav"], touched);
        Assert.That(Gan.Run("verify", _folder["touched.wav"]).Output, Does.Contain("touched.wav: DOESN'T HOLD.")
            .And.Contain("signature: The file was changed since it was signed.").And.Contain("made again: the same values, to 1 of 32,767."));
        Gan.Succeed("generate", Model, "--seeds", "3", "--unsigned", "--out", _folder["unsigned.wav"]);
        Assert.That(Gan.Succeed("verify", _folder["unsigned.wav"]).Output, Does.Contain("unsigned.wav: holds").And.Not.Contain("signature"));

        whole = File.ReadAllBytes(_folder["unsigned.wav"]);
        File.WriteAllBytes(_folder["cut.wav"], whole[..^1]);
        File.WriteAllText(_folder["text.wav"], "no sound");
        var cut = Gan.Run("verify", _folder["cut.wav"]);
        Assert.That((cut.ExitCode, cut.Output), Is.EqualTo((2, $"{_folder["cut.wav"]}: can't be read.\n  '{_folder["cut.wav"]}' is cut short: it has "
            + $"{whole.Length - 1:N0} of {whole.Length:N0} bytes.\n")));
        var text = Gan.Run("verify", _folder["text.wav"]);
        Assert.That((text.ExitCode, text.Output), Is.EqualTo((2, text.Output)));
        Assert.That(text.Output, Does.Contain($"'{_folder["text.wav"]}' is no WAV file"));

        File.WriteAllBytes(_folder["other.wav"], Wav.Of(8000, [Wav.Sine(440, 8000, 0.1)]));
        Assert.That(Gan.Run("verify", _folder["other.wav"]).Output, Does.Contain("other.wav: says nothing of its origin."));
        SoundFile.Save(sound, 0, _folder["strange.wav"], new() { ModelSha256 = new('0', 64), Seeds = "1" });
        Assert.That(Gan.Run("verify", _folder["strange.wav"]).Output, Does.Contain("not proven").And.Contain("isn't here; name it or its folder with --model."));
        SoundFile.Save(sound, 0, _folder["much.wav"], SoundFile.ReadProvenance(_folder["all/seed0003.wav"])! with { Seeds = "0-99999" });
        Assert.That(Gan.Run("verify", _folder["much.wav"]).Output, Does.Contain("100,000 images are more than the 4,096 that are made to check one file."));
        File.WriteAllText(_folder["text.wav"], "no sound");
        Assert.That(Gan.Run("verify", _folder["text.wav"]).ExitCode, Is.EqualTo(2));
    }

    // Names that are other classes' numbers.
    [Test]
    public void Verify_takes_labels_for_the_numbers_that_they_are()
    {
        File.WriteAllBytes(_folder["tiny.onnx"], TestModels.Sounding(["1", "2", "0"]).Model.ToByteArray());
        Gan.Succeed("generate", _folder["tiny.onnx"], "--label", "2", "--count", "3", "--out", _folder["two.wav"]);
        Assert.That(SoundFile.ReadProvenance(_folder["two.wav"])!.Label, Is.EqualTo("1"));
        Assert.That(Gan.Succeed("verify", _folder["two.wav"], "--model", _folder["tiny.onnx"]).Output, Does.Contain("two.wav: holds: it was made again, and is that sound."));
    }

    [Test]
    public void Places_that_cant_be_are_told_before_anything_is_made()
    {
        Directory.CreateDirectory(_folder["folder.wav"]);
        File.WriteAllText(_folder["notes"], "mine");
        foreach (var (output, message) in new[]
        {
            (_folder["folder.wav"], $"'{_folder["folder.wav"]}' is neither a .wav file nor a folder's name."),
            (_folder["notes"], $"'{_folder["notes"]}' is neither a .wav file nor a folder's name."),
            ("", "--out is empty; give a .wav file, or a folder's name."),
        })
        {
            var result = Gan.Run("generate", Model, "--count", "2", "--out", output);
            Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2, $"gan: {message}")));
        }
        Assert.That(File.ReadAllText(_folder["notes"]), Is.EqualTo("mine"));
        Directory.CreateDirectory(_folder["takes-v1.2"]);
        Gan.Succeed("generate", Model, "--count", "2", "--out", _folder["takes-v1.2"]);
        Assert.That(Directory.GetFiles(_folder["takes-v1.2"]), Has.Length.EqualTo(2));
    }

    [Test]
    public void Inspect_tells_what_they_are()
    {
        var output = Gan.Succeed("inspect", Model).Output;
        Assert.That(output, Does.Contain("understood as    noise to sounds of 1.02 s, 1 × 8,192 values at 8,000 Hz, -1 to 1")
            .And.Contain("gan.task         sound").And.Contain("gan.audio        {\"rate\":8000}"));
        Assert.That((int)JsonNode.Parse(Gan.Succeed("inspect", Model, "--json").Output)!["metadata"]!["gan.audio"]!["rate"]!, Is.EqualTo(8000));
    }

    [TestCase("--columns is for pictures; leave it out, or choose a model that makes some.", "--out", "a.wav", "--columns", "3")]
    [TestCase("--prompt is for pictures; leave it out, or choose a model that makes some.", "--out", "sounds", "--prompt", "seven")]
    [TestCase("--watermark is for pictures; leave it out, or choose a model that makes some.", "--out", "sounds", "--watermark", "weak")]
    [TestCase("--sign-key and --sign-cert belong together: the private key, and the certificate of it.", "--out", "a.wav", "--sign-key", "key.pem")]
    [TestCase("--bgr is for pictures; leave it out, or choose a model that makes some.", "--out", "a.wav", "--bgr")]
    [TestCase("1,001 sounds are too many for one file; ask for 1,000 or fewer, or give a folder for --out.", "--out", "a.wav", "--count", "1001")]
    [TestCase("'digits-spoken' makes sounds; give a .wav file or a folder for --out.", "--out", "a.png")]
    [TestCase("'MODEL' has no class 'eleven'. Its classes are 0 0, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6, 7 7, 8 8, 9 9; give a name or a number.",
        "--out", "a.wav", "--label", "eleven")]
    public void What_cant_be_is_refused_in_a_sentence(string message, params string[] options)
    {
        var result = Gan.Run(["generate", Model, .. options.Select(option => option is "a.wav" or "a.png" or "sounds" ? _folder[option] : option)]);
        Assert.That((result.ExitCode, result.Error.TrimEnd()),
            Is.EqualTo((2, $"gan: {message.Replace("MODEL", Path.Combine(_shipped, "model.onnx"), StringComparison.Ordinal)}")));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
    }

    [TestCase("interpolate", "--seeds", "1,2", "--out", "walk.gif")]
    [TestCase("augment", "--per-class", "2", "--out", "set")]
    [TestCase("quantize", "--out", "small.onnx")]
    [TestCase("generate", "--format", "zip", "--out", "set")]
    public void Verbs_of_pictures_refuse_it(string verb, params string[] options)
    {
        var result = Gan.Run([verb, Model, .. options.Select(option => option is "walk.gif" or "set" or "small.onnx" ? _folder[option] : option)]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((2, result.Error)));
        Assert.That(result.Error, Does.Contain("is a model to make sounds; one to generate is expected. Choose another model."));
    }

    [Test]
    public void A_model_of_pictures_makes_no_sounds()
    {
        var result = Gan.Run("generate", "fashion-dcgan", "--out", _folder["a.wav"]);
        Assert.That((result.ExitCode, File.Exists(_folder["a.wav"])), Is.EqualTo((2, false)));
        Assert.That(result.Error, Does.Contain("is a model to generate; one to make sounds is expected. Choose another model."));
    }

    [Test]
    public void Evaluate_compares_spectrograms()
    {
        var data = Path.Combine(RealData.Folder("fsdd"), "fsdd-train.zip");
        var result = JsonNode.Parse(Gan.Succeed("evaluate", Model, "--data", data, "--count", "60", "--metrics", "variety", "--json").Output)!;
        Assert.That(((int)result["images"]!, (int)result["real"]!["size"]!, (int)result["real"]!["channels"]!), Is.EqualTo((60, 64, 1)));
        Assert.That((double)result["figures"]!.AsArray().Single(figure => (string)figure!["figure"]!["name"]! == "variety")!["figure"]!["value"]!,
            Is.InRange(0.7, 1.3));
    }

    [Test]
    public void Its_card_has_every_section_and_its_file_says_how_it_came_about()
    {
        ModelCard.AssertWhole(_shipped);
        using var generator = SoundGenerator.Load(_shipped);
        var metadata = generator.Model.Metadata!;
        Assert.That(metadata.License, Is.EqualTo("CC-BY-SA-4.0"));
        Assert.That(metadata.Training!.ImagesSeen, Is.Positive);
        Assert.That(new FileInfo(Path.Combine(_shipped, "model.onnx")).Length, Is.LessThan(8_000_000));
        Assert.That(SoundFile.Read(Path.Combine(_shipped, "digits.wav")).Values.ToArray(),
            Is.EqualTo(SoundFile.Join(generator.Rows(10)).Values.ToArray()).Within(1e-3));
    }
}

/// <summary>The sounds of the shipped recording: of seed 0, one of each class.</summary>
internal static class ShippedSounds
{
    public static SoundBatch Rows(this SoundGenerator generator, int count)
    {
        var samples = Enumerable.Range(0, count).Select(i => new Sample(0, (ulong)i, i));
        float[] values = [.. generator.Stream(samples).SelectMany(batch => batch.Values.ToArray())];
        return new(values, count, 1, generator.Samples, generator.Rate);
    }
}
