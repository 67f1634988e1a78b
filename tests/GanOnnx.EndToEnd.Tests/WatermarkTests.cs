using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>--watermark</c> of the verbs that write pictures, and what <c>gan verify</c> finds of it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WatermarkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WatermarkTests() => File.WriteAllBytes(Model, TestModels.Enlarged().Model.ToByteArray());

    private string Model => _folder["large.onnx"];

    public void Dispose() => _folder.Dispose();

    [Test]
    public void What_the_verbs_mark_is_made_again_with_its_mark()
    {
        Gan.Succeed("generate", Model, "--seeds", "3,9", "--watermark", "normal", "--out", _folder["all/files"]);
        Gan.Succeed("generate", "fashion-dcgan", "--count", "20", "--watermark", "strong", "--out", _folder["all/grid.jpg"]);
        Gan.Succeed("interpolate", Model, "--seeds", "1,5", "--frames", "2", "--watermark", "weak", "--out", _folder["all/frames"]);

        var pictures = Verified(_folder["all"], "--model", Model);

        Assert.That(pictures, Has.Count.EqualTo(2 + 1 + 2));
        foreach (var picture in pictures)
        {
            var isGrid = ((string)picture!["file"]!).EndsWith(".jpg", StringComparison.Ordinal);
            Assert.That((string)picture["verdict"]!, Is.EqualTo("holds"), picture.ToString());
            Assert.That((string)picture["remade"]!["match"]!, Is.EqualTo(isGrid ? "loss" : "equal"));
            Assert.That((string)picture["xmp"]!["modelSha256"]!, Does.StartWith((string)picture["watermark"]!["payload"]!));
            Assert.That((string)picture["watermark"]!["model"]!, Does.EndWith(isGrid ? "model.onnx" : "large.onnx"));
        }
    }

    [Test]
    public void A_mark_whose_picture_lost_its_metadata_names_the_model()
    {
        Gan.Succeed("generate", Model, "--seeds", "3", "--watermark", "normal", "--no-provenance", "--out", _folder["real"]);
        using (var picture = Image.Load<Rgb24>(_folder["real/seed0003.png"]))
            picture.Save(_folder["bare.jpg"], new JpegEncoder { Quality = 80 });

        var result = Gan.Run("verify", _folder["bare.jpg"], "--model", Model);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("bare.jpg: not proven.").And.Match("watermark: [0-9a-f]{8}, that of '.*large.onnx'"));
    }

    [Test]
    public void A_mark_that_was_promised_and_is_another_or_none_is_told()
    {
        Gan.Succeed("generate", Model, "--seeds", "3", "--unsigned", "--out", _folder["plain"]);
        var promised = Provenance.Read(_folder["plain/seed0003.png"])! with { Watermark = "normal" };
        using var plain = Image.Load<Rgb24>(_folder["plain/seed0003.png"]);
        using var other = Watermark.Embed(plain, ~Watermark.PayloadOf(promised.ModelSha256!));
        ImageFile.Save(other, _folder["marked/other.png"], new() { Provenance = promised });
        ImageFile.Save(plain, _folder["marked/none.png"], new() { Provenance = promised });
        ImageFile.Save(plain, _folder["marked/unknown.png"], new() { Provenance = promised with { Watermark = "loud" } });

        var found = Verified(_folder["marked"], "--model", Model);

        var verdicts = found.Select(picture => (string)picture!["verdict"]!);
        Assert.That(verdicts, Is.EqualTo(new[] { "contradicted", "contradicted", "unproven" }));
        Assert.That(Reasons(found[0]!), Does.Contain("watermark: none can be read, and there was one."));
        Assert.That(Reasons(found[1]!), Does.Contain("contradiction: Watermark: the pixels say ").And.Contain("of no model known here"));
        Assert.That(Reasons(found[2]!), Does.Contain("made again: no. There is no watermark 'loud' in this version."));
    }

    // As another device may round the image, and then the mark.
    [Test]
    public void A_value_that_is_off_by_two_is_rounding_and_by_three_is_not()
    {
        Gan.Succeed("generate", Model, "--seeds", "3", "--watermark", "normal", "--unsigned", "--out", _folder["real"]);
        var says = Provenance.Read(_folder["real/seed0003.png"]);
        foreach (var off in new[] { 2, 3 })
        {
            using var picture = Image.Load<Rgb24>(_folder["real/seed0003.png"]);
            var value = picture[7, 7].R;
            picture[7, 7] = picture[7, 7] with { R = (byte)(value < 128 ? value + off : value - off) };
            ImageFile.Save(picture, _folder[$"off/{off}.png"], new() { Provenance = says });
        }

        var found = Verified(_folder["off"], "--model", Model);

        Assert.That(found.Select(picture => (string)picture!["remade"]!["match"]!), Is.EqualTo(new[] { "rounding", "different" }));
    }

    [Test]
    public void Pictures_of_pictures_are_marked_where_they_are_large_enough()
    {
        Directory.CreateDirectory(_folder["in"]);
        using (var large = Image.Load<Rgb24>(Path.Combine(Repository.Root, "models/outline-to-emoji/preview.png")))
        using (var small = new Image<Rgb24>(100, 300))
        {
            large.Save(_folder["in/large.png"]);
            small.Save(_folder["in/small.png"]);
        }
        File.WriteAllBytes(_folder["darker.onnx"],
            ForeignModels.Darker(new() { Task = Inference.ModelTask.Translate }, "N", 3, "H", "W").Model.ToByteArray());

        var result = Gan.Run("translate", _folder["darker.onnx"], "--in", _folder["in"], "--watermark", "normal", "--out", _folder["out"]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(
            "small.png': A watermark needs 128 pixels or more in each row and column, and the picture has 100 × 300."));
        var picture = Verified(_folder["out"], "--model", _folder["darker.onnx"]).Single()!;
        Assert.That((string)picture["watermark"]!["model"]!, Is.EqualTo(_folder["darker.onnx"]));
        Assert.That((string)picture["credentials"]!["says"]!["watermark"]!, Is.EqualTo("normal"));
    }

    [Test]
    public void A_mark_that_cant_be_read_is_told()
    {
        File.WriteAllBytes(_folder["darker.onnx"],
            ForeignModels.Darker(new() { Task = Inference.ModelTask.Translate }, "N", 3, "H", "W").Model.ToByteArray());
        var random = new Random(1);
        using (var noise = new Image<L8>(128, 128))
        {
            for (var i = 0; i < 128 * 128; i++)
                noise[i % 128, i / 128] = new((byte)(random.Next(2) * 255));
            noise.Save(_folder["noise.png"]);
        }

        var result = Gan.Succeed("translate", _folder["darker.onnx"], "--in", _folder["noise.png"], "--watermark", "weak", "--out",
            _folder["a.png"]);

        Assert.That(result.Error, Does.Contain("the watermark can't be read in 1 of 1 pictures"));
    }

    [Test]
    public void What_cant_be_marked_is_refused_in_a_sentence()
    {
        var (small, animation, set) = (
            Gan.Run("generate", "fashion-dcgan", "--count", "1", "--watermark", "normal", "--out", _folder["small"]),
            Gan.Run("interpolate", Model, "--seeds", "1,5", "--watermark", "normal", "--out", _folder["a.gif"]),
            Gan.Run("generate", Model, "--format", "zip", "--watermark", "normal", "--out", _folder["set"]));

        Assert.That((small.ExitCode, animation.ExitCode, set.ExitCode), Is.EqualTo((2, 2, 2)));
        Assert.That(small.Error, Does.Contain(
            "A watermark needs 128 pixels or more in each row and column, and the picture has 32 × 32. Leave out --watermark."));
        Assert.That(animation.Error, Does.Contain("--watermark is for pictures: the 256 colours of a .gif file lose it, and so does an .mp4."));
        Assert.That(set.Error, Does.Contain("--watermark can't be chosen with --format"));
        Assert.That(Directory.Exists(_folder["small"]) || File.Exists(_folder["a.gif"]) || Directory.Exists(_folder["set"]), Is.False);
    }

    private static string Reasons(JsonNode picture) => string.Join('\n', picture["reasons"]!.AsArray().Select(reason => (string)reason!));

    private static JsonArray Verified(string what, params string[] more) =>
        JsonNode.Parse(Gan.Run(["verify", what, "--json", .. more]).Output)!["pictures"]!.AsArray();
}
