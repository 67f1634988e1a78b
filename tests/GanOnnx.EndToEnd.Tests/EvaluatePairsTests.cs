using System.Text.Json.Nodes;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan evaluate</c> of models from image to image.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EvaluatePairsTests : IDisposable
{
    private readonly ModelFolder _models = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _twice, _darker;

    public EvaluatePairsTests()
    {
        _twice = _models.Save(ForeignModels.Upscaler("N", 3, "H", "W"), "twice.onnx");
        _darker = _models.Save(ForeignModels.Darker(null, "N", 3, "H", "W"), "darker.onnx");
        (string, byte)[] pictures = [("in/a.png", 200), ("in/b.png", 100), ("targets/a.bmp", 100), ("targets/b.bmp", 53)];
        foreach (var (name, value) in pictures)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            using var picture = new Image<Rgb24>(20, 16, new(value, value, value));
            picture.Save(_folder[name]);
        }
    }

    public void Dispose()
    {
        _models.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Outputs_are_told_beside_their_targets_as_a_table_as_json_and_as_a_page()
    {
        string[] command = ["evaluate", _darker, "--data", _folder["in"], "--target", _folder["targets"], "--range=-1,1"];
        var table = Gan.Succeed([.. command, "--report", _folder["page.html"]]).Output;
        var json = JsonNode.Parse(Gan.Succeed([.. command, "--json"]).Output)!;

        Assert.That(table, Does.StartWith($"darker: 2 pictures of in, beside their targets in {_folder["targets"]}\n"));
        // a is its target, b is 3 darker than its own: 20 log (255 / 3) dB; lumas of 59 and 62, and no structure:
        // 2 · 59 · 62 / (59² + 62²).
        Assert.That(table.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
            Has.Member("picture pixels L1 of 255 L1 of 1 PSNR SSIM").And.Member("a.png 20 × 16 0.0000 0.0000 ∞ 1.0000")
                .And.Member("mean 1.5000 0.0059 ∞ 0.9994").And.Member("b.png 20 × 16 3.0000 0.0118 38.59 0.9988"));
        Assert.That((string)json["pictures"]![0]!["model"]!["psnr"]!, Is.EqualTo("Infinity"));
        Assert.That((double)json["pictures"]![1]!["model"]!["psnr"]!, Is.EqualTo(20 * Math.Log10(85)).Within(1e-9));
        Assert.That((double)json["mean"]!["l1"]!, Is.EqualTo(1.5));
        Assert.That(File.ReadAllText(_folder["page.html"]), Does.Contain("<h1>darker.onnx</h1>").And.Contain("data:image/png;base64,"));
    }

    [Test]
    public void A_model_that_enlarges_is_told_beside_bicubic()
    {
        var result = Gan.Succeed("evaluate", _twice, "--data", _folder["in"], "--range", "0,1", "--count", "1");

        Assert.That(result.Output, Does.StartWith("twice: 1 picture of in, enlarged 2 times, beside bicubic enlarging\n").And.Contain("bicubic PSNR")
            .And.Contain("MATLAB's imresize"));
    }

    [Test]
    public void What_cant_be_done_is_one_sentence()
    {
        Fails("Give targets: pictures of the same names.", _darker, "--data", _folder["in"], "--range=-1,1");
        Fails("doesn't say which values", _darker, "--data", _folder["in"], "--target", _folder["targets"]);
        Fails("for which there is no --truncation; leave it out.", _darker, "--data", _folder["in"], "--truncation", "0.5");
        Fails("for which there is no --metrics; leave it out.", _twice, "--data", _folder["in"], "--metrics", "fd");
        Fails("for which there is no --fit; leave it out.", _twice, "--data", _folder["in"], "--fit", "crop");
        Fails("only such a one has targets; leave --target out.", "fashion-dcgan", "--data", _folder["in"], "--target", _folder["targets"]);
        Fails("only such a one has targets; leave --target out.", _folder["in"], "--data", _folder["in"], "--target", _folder["targets"]);
        Fails("Say with --data", _twice);
        File.Delete(_folder["targets/b.bmp"]);
        Fails("Give pairs equal names.", _darker, "--data", _folder["in"], "--target", _folder["targets"], "--range=-1,1", "--report",
            _folder["x.html"]);
        Assert.That(File.Exists(_folder["x.html"]), Is.False);
    }

    private static void Fails(string says, params string[] arguments)
    {
        var result = Gan.Run(["evaluate", .. arguments]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")), result.Error);
        Assert.That(result.Error.Trim().Split('\n'), Has.Length.EqualTo(1), result.Error);
        Assert.That(result.Error, Does.StartWith("gan: ").And.Contain(says));
    }
}
