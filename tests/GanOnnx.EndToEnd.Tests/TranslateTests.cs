using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan translate</c> and <c>gan upscale</c>: pictures and folders of them through a model.</summary>
public sealed class TranslateTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly string _model, _picture;

    public TranslateTests()
    {
        _model = _folder.Save(ForeignModels.Upscaler("N", 3, "H", "W"), "double.onnx");
        _picture = Picture("in/one.png", 5, 3);
        Picture("in/two.png", 5, 3);
        Picture("in/wide.jpg", 40, 1);
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_picture_becomes_a_picture_that_says_so()
    {
        var result = Gan.Succeed("upscale", _model, "--in", _picture, "--out", In("out.png"), "--range", "0,1");
        Assert.That(result.Output, Does.Match(@"out\.png: 10 × 6 pixels in [0-9.]+ s \(CPUExecutionProvider\)"));
        using var made = Image.Load<Rgba32>(In("out.png"));
        using var source = Image.Load<Rgba32>(_picture);
        for (var y = 0; y < 6; y++)
            for (var x = 0; x < 10; x++)
                Assert.That(made[x, y], Is.EqualTo(source[x / 2, y / 2]));
        var provenance = Provenance.Read(In("out.png"))!;
        Assert.That((provenance.DigitalSourceType, provenance.Model), Is.EqualTo((Provenance.CompositeWithTrainedAlgorithmicMedia, "double")));
        Assert.That(provenance.ModelSha256, Has.Length.EqualTo(64));

        Gan.Succeed("translate", _model, "--in", _picture, "--out", In("plain.png"), "--range", "0,1", "--no-provenance");
        Assert.That(Provenance.Read(In("plain.png")), Is.Null);
    }

    [Test]
    public void A_folder_becomes_a_folder_and_broken_pictures_are_told()
    {
        var result = Gan.Succeed("translate", _model, "--in", In("in"), "--out", In("folder"), "--range", "0,1", "--format", "webp");
        Assert.That(result.Output, Does.Contain("3 pictures"));
        Assert.That(Directory.GetFiles(In("folder")).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "one.webp", "two.webp", "wide.webp" }));

        File.WriteAllText(In("in/broken.png"), "no picture");
        var partly = Gan.Run("translate", _model, "--in", In("in"), "--out", In("partly"), "--range", "0,1");
        Assert.That((partly.ExitCode, Directory.GetFiles(In("partly")).Length), Is.EqualTo((2, 3)));
        Assert.That(partly.Error, Does.Contain("left out").And.Contain("broken.png"));
        File.Delete(In("in/broken.png"));

        // Hidden files are no pictures, and an empty one, as a pipe seems to be, isn't waited for.
        File.WriteAllText(In("in/._one.png"), "of another system");
        File.WriteAllText(In("in/pipe.png"), "");
        var odd = Gan.Run("translate", _model, "--in", In("in"), "--out", In("partly"), "--range", "0,1");
        Assert.That((odd.ExitCode, odd.Error.Contains("pipe.png' is empty", StringComparison.Ordinal), odd.Error.Contains("._one", StringComparison.Ordinal)),
            Is.EqualTo((2, true, false)), odd.Error);
        File.Delete(In("in/._one.png"));
        File.Delete(In("in/pipe.png"));

        // Made by us, they are made again; others are the user's.
        Gan.Succeed("translate", _model, "--in", In("in"), "--out", In("partly"), "--range", "0,1");
        File.Copy(_picture, In("partly/one.png"), overwrite: true);
        Fails("isn't replaced", _model, "--in", In("in"), "--out", In("partly"), "--range", "0,1");
    }

    [TestCase(1, 1)]
    [TestCase(1, 700)]
    [TestCase(5, 1)]
    [TestCase(10_000, 50)]
    [TestCase(50, 10_000)]
    public void Pictures_of_odd_sizes_work(int width, int height)
    {
        var odd = Picture("odd.png", width, height);
        Gan.Succeed("upscale", _model, "--in", odd, "--out", In("odd-out.png"), "--range", "0,1");
        using Image<Rgba32> source = Image.Load<Rgba32>(odd), made = Image.Load<Rgba32>(In("odd-out.png"));
        Assert.That((made.Width, made.Height), Is.EqualTo((2 * width, 2 * height)));
        foreach (var (x, y) in new[] { (0, 0), (made.Width - 1, 0), (0, made.Height - 1), (made.Width - 1, made.Height - 1) })
            Assert.That(made[x, y], Is.EqualTo(source[x / 2, y / 2]));
    }

    [Test]
    public void Tiles_give_the_same_picture()
    {
        var large = Picture("large.png", 100, 70);
        Gan.Succeed("upscale", _model, "--in", large, "--out", In("whole.png"), "--range", "0,1", "--tile", "whole");
        Gan.Succeed("upscale", _model, "--in", large, "--out", In("tiles.png"), "--range", "0,1", "--tile", "16");
        using Image<Rgba32> whole = Image.Load<Rgba32>(In("whole.png")), tiles = Image.Load<Rgba32>(In("tiles.png"));
        for (var y = 0; y < whole.Height; y++)
            for (var x = 0; x < whole.Width; x++)
                Assert.That(tiles[x, y], Is.EqualTo(whole[x, y]));
    }

    [Test]
    public void A_model_of_a_fixed_size_blends_and_says_so()
    {
        var model = _folder.Save(ForeignModels.Darker(null, "N", 3, 16, 16), "fixed.onnx");
        var result = Gan.Succeed("translate", model, "--in", Picture("fixed.png", 50, 20), "--out", In("fixed-out.png"), "--range", "0,1");
        Assert.That(result.Error, Does.Contain("Tiles of 16 × 16 pixels were blended"));
        using var made = Image.Load(In("fixed-out.png"));
        Assert.That((made.Width, made.Height), Is.EqualTo((50, 20)));
    }

    [Test]
    public void Half_of_a_pixel_is_one()
    {
        var half = new ModelBuilder().Input("image", Onnx.TensorProto.Types.DataType.Float, "N", 3, "H", "W")
            .Node("AveragePool", ["image"], "half", ModelBuilder.Ints("kernel_shape", 2, 2), ModelBuilder.Ints("strides", 2, 2))
            .Output("half", Onnx.TensorProto.Types.DataType.Float, "N", 3, "H2", "W2");
        Gan.Succeed("translate", _folder.Save(half, "half.onnx"), "--in", Picture("pixel.png", 1, 5), "--out", In("half.png"), "--range", "0,1");
        using var made = Image.Load(In("half.png"));
        Assert.That((made.Width, made.Height), Is.EqualTo((1, 3)));
    }

    [Test]
    public void What_cant_be_done_is_one_sentence()
    {
        Fails("There is no picture and no folder", _model, "--in", In("nothing.png"), "--out", In("x.png"));
        Fails("doesn't say which values", _model, "--in", _picture, "--out", In("x.png"));
        Fails("the picture would be lost", _model, "--in", _picture, "--out", _picture, "--range", "0,1");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(In("link.png"), _picture);
            Fails("the picture would be lost", _model, "--in", In("link.png"), "--out", _picture, "--range", "0,1");
        }
        Fails("is no .png, .jpg or .webp file", _model, "--in", _picture, "--out", In("x.gif"), "--range", "0,1");
        Fails("so --out has to be one", _model, "--in", In("in"), "--out", In("x.png"), "--range", "0,1");
        Fails("is no size", _model, "--in", _picture, "--out", In("x.png"), "--tile", "large");
        Fails("out of range", _model, "--in", _picture, "--out", In("x.png"), "--tile", "3");
        Fails("out of range", _model, "--in", _picture, "--out", In("x.png"), "--overlap", "-1");
        Directory.CreateDirectory(In("empty"));
        Fails("There is no picture in", _model, "--in", In("empty"), "--out", In("x"), "--range", "0,1");
        Fails("one to translate or upscale is expected", "fashion-dcgan", "--in", _picture, "--out", In("x.png"));
        Picture("clash/a.png", 2, 2);
        Picture("clash/a.jpg", 2, 2);
        Fails("would both become", _model, "--in", In("clash"), "--out", In("x"), "--range", "0,1");
        Assert.That(File.Exists(In("x.png")) || Directory.Exists(In("x")), Is.False);
    }

    private static void Fails(string says, params string[] arguments)
    {
        var result = Gan.Run(["translate", .. arguments]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")), result.Error);
        Assert.That(result.Error.Trim().Split('\n'), Has.Length.EqualTo(1), result.Error);
        Assert.That(result.Error, Does.StartWith("gan: ").And.Contain(says));
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    private string Picture(string name, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        using Image<Rgb24> picture = new(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                picture[x, y] = new((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)((x * 37 + y * 91) % 256));
        picture.Save(In(name));
        return In(name);
    }
}
