using System.IO.Compression;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Resampling;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Evaluation.Tests;

/// <summary>Models from image to image beside what they should make. Numbers are of a program of its own, in numpy and double
/// precision.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PairEvaluationTests : IDisposable
{
    // Sums in another order.
    private const double Tolerance = 1e-9;

    private readonly ModelFolder _models = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _twice, _darker;

    public PairEvaluationTests()
    {
        _twice = _models.Save(ForeignModels.Upscaler("N", 3, "H", "W"), "twice.onnx");
        _darker = _models.Save(ForeignModels.Darker(null, "N", 3, "H", "W"), "darker.onnx");
    }

    public void Dispose()
    {
        _models.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Similarity_gives_the_values_of_the_papers_formulas()
    {
        using Image<Rgb24> picture = Picture(24, 20), noisy = Noisy(picture);
        var (luma, noisyLuma) = (Plane.OfLuma(picture, 0), Plane.OfLuma(noisy, 0));
        var (inner, noisyInner) = (Plane.OfLuma(picture, 3), Plane.OfLuma(noisy, 3));

        Assert.That(Similarity.L1(Plane.OfColours(picture), Plane.OfColours(noisy)), Is.EqualTo(5.163888888888889).Within(Tolerance));
        Assert.That(Similarity.Psnr(Plane.OfColours(picture), Plane.OfColours(noisy)), Is.EqualTo(32.57700374554077).Within(Tolerance));
        Assert.That(Similarity.Ssim(luma, noisyLuma, default), Is.EqualTo(0.9976536111065127).Within(Tolerance));
        Assert.That(Similarity.Psnr(luma, noisyLuma), Is.EqualTo(39.713560027515115).Within(Tolerance));
        Assert.That(Similarity.Psnr(inner, noisyInner), Is.EqualTo(39.73931653366855).Within(Tolerance));
        Assert.That(Similarity.Ssim(inner, noisyInner, default), Is.EqualTo(0.9977451161953097).Within(Tolerance));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Without_targets_a_model_that_enlarges_is_measured_as_super_resolution_is(bool isZip)
    {
        // 27 × 25 becomes 26 × 24.
        using (var picture = Picture(27, 25))
        {
            Save(picture, "hr/colour.png");
            using var grey = Grey(picture);
            Save(grey, "hr/grey.png");
        }
        var data = isZip ? DataFolder.Pack(_folder["hr"], _folder["hr.zip"]) : _folder["hr"];

        var result = Run(_twice, data);

        Assert.That((result.Scale, result.Target, result.Data), Is.EqualTo((2, (string?)null, "hr")));
        Assert.That(result.Pictures.Select(p => (p.Name, p.Width, p.Height)), Is.EqualTo(new[] { ("colour.png", 26, 24), ("grey.png", 26, 24) }));
        var (colour, ofGrey) = (result.Pictures[0], result.Pictures[1]);
        Assert.That(Numbers(colour.Model, colour.Bicubic!),
            Is.EqualTo(new[] { 18.006611492597887, 0.47208923839964545, 18.102508913885536, 0.4369579147719654 }).Within(Tolerance));
        Assert.That(Numbers(ofGrey.Model, ofGrey.Bicubic!),
            Is.EqualTo(new[] { 13.757219063216679, 0.3872008530575168, 13.801853769826335, 0.3336708311618306 }).Within(Tolerance));
        Assert.That(Numbers(result.Mean, result.BicubicMean!), Is.EqualTo(Numbers(colour.Model, colour.Bicubic!)
            .Zip(Numbers(ofGrey.Model, ofGrey.Bicubic!), (one, other) => (one + other) / 2)).Within(Tolerance));
        Assert.That(colour.Model.L1, Is.Null);
    }

    [Test]
    public void Targets_are_those_of_the_same_name()
    {
        using Image<Rgb24> even = Halved(Picture(24, 20), keepsScale: true), half = Halved(even, keepsScale: false), target = Noisy(half);
        Save(even, "in/b.png");
        Save(even, "in/a.png");
        Save(half, "targets/a.bmp");
        Save(target, "targets/b.bmp");

        var result = Run(_darker, _folder["in"], _folder["targets"], new(-1, 1));

        var (equal, noisy) = (result.Pictures[0].Model, result.Pictures[1].Model);
        Assert.That((equal.L1, equal.Psnr), Is.EqualTo((0.0, double.PositiveInfinity)));
        Assert.That(equal.Ssim, Is.EqualTo(1).Within(Tolerance));
        Assert.That(new[] { noisy.L1!.Value, noisy.L1Unit!.Value * 255, noisy.Psnr, noisy.Ssim!.Value },
            Is.EqualTo(new[] { DarkerL1, DarkerL1, DarkerPsnr, DarkerSsim }).Within(Tolerance));
        Assert.That(new object?[] { result.Scale, result.BicubicMean, result.Pictures[1].Bicubic }, Is.All.Null);
        Assert.That(result.Mean.Psnr, Is.EqualTo(double.PositiveInfinity));
        Assert.That(JsonSerializer.Serialize(result), Does.Contain("\"Psnr\":\"Infinity\""));
        Assert.That(FigureText.Decibels(result.Mean.Psnr), Is.EqualTo("∞"));
    }

    [Test]
    public void Arrays_of_images_are_pictures_too()
    {
        File.WriteAllBytes(_folder["some-images-idx3-ubyte"], [.. Images.Idx(2)[..16], .. Grey(Picture(28, 28)), .. new byte[28 * 28]]);

        var result = Run(_twice, _folder["some-images-idx3-ubyte"]);

        Assert.That(Numbers(result.Pictures[0].Model, result.Pictures[0].Bicubic!), Is.EqualTo(Idx).Within(Tolerance));
        Assert.That(double.IsInfinity(result.Pictures[1].Bicubic!.Psnr), "black stays black");

        static byte[] Grey(Image<Rgb24> picture) => [.. Enumerable.Range(0, 28 * 28).Select(i => picture[i % 28, i / 28].G)];
    }

    [Test]
    public void What_is_left_out_or_too_small_is_told()
    {
        using (var picture = Picture(12, 12))
            Save(picture, "hr/small.png");
        File.WriteAllBytes(_folder["hr/broken.png"], File.ReadAllBytes(_folder["hr/small.png"])[..60]);

        var result = Run(_twice, _folder["hr"]);

        Assert.That(result.Pictures.Select(picture => (picture.Name, picture.Model.Ssim)), Is.EqualTo(new[] { ("small.png", (double?)null) }));
        Assert.That(result.Mean.Ssim, Is.Null);
        Assert.That(result.Remarks, Has.Member("One picture can't be decoded and is left out: broken.png.")
            .And.Member("Below 11 pixels that are compared at a side there is no SSIM."));
    }

    [Test]
    public void A_page_shows_pictures_beside_their_targets()
    {
        using (var picture = Picture(26, 24))
            Save(picture, "hr/a&b.png");

        PairEvaluation.Run(Options(_twice, _folder["hr"], null, new(0, 1)), _folder["page.html"]);

        var page = File.ReadAllText(_folder["page.html"]);
        Assert.That(page.Split("data:image/png;base64,"), Has.Length.EqualTo(1 + 4), "input, bicubic, output, target");
        Assert.That(page, Does.Contain("<h1>twice.onnx</h1>").And.Contain("a&amp;b.png").And.Contain("enlarged 2 times").And.Not.Contain("a&b"));
        File.WriteAllText(_folder["theirs.html"], "theirs");
        Assert.Throws<IOException>(() => PairEvaluation.Run(Options(_twice, _folder["hr"], null, new(0, 1)), _folder["theirs.html"]));
        Assert.That(File.ReadAllText(_folder["theirs.html"]), Is.EqualTo("theirs"));
    }

    [Test]
    public void What_cant_be_compared_is_a_sentence()
    {
        using (var picture = Picture(24, 20))
            foreach (var name in new[] { "in/a.png", "in/b.png", "lonely/a.png", "targets/a.png", "targets/b.png" })
                Save(picture, name);
        using (var narrow = Picture(24, 5))
            Save(narrow, "narrow/a.png");
        File.WriteAllText(_folder["broken.png"], "no picture");
        Directory.CreateDirectory(_folder["broken"]);
        File.WriteAllBytes(_folder["broken/a.png"], File.ReadAllBytes(_folder["in/a.png"])[..60]);
        var grey = _models.Save(ForeignModels.Darker(null, "N", 1, "H", "W"), "grey.onnx");
        var transparent = _models.Save(ForeignModels.Darker(null, "N", 4, 16, 16), "rgba.onnx");

        Assert.That(Refusal(_darker, "in"), Does.EndWith("darker.onnx' doesn't enlarge pictures by a whole number, so that nothing is known of what it "
            + "should make. Give targets: pictures of the same names."));
        Assert.That(Refusal(_twice, "in", "targets"), Does.EndWith("twice.onnx' makes 48 × 40 pixels of 'a.png', and its target has 24 × 20. Give "
            + "targets of the size that the model makes."));
        Assert.That(Refusal(_darker, "in", "lonely"), Does.Contain("1 of 2 images of").And.EndWith("the first of them 'b.png'. Give pairs equal names."));
        Assert.That(Refusal(_twice, "narrow"), Is.EqualTo("'a.png' has 24 × 5 pixels; for a model that enlarges 2 times, 6 × 6 are needed at least."));
        Assert.That(Refusal(grey, "in", "targets"), Does.EndWith("grey.onnx' makes grey pictures, and the target of 'a.png' is in colour. Give grey targets."));
        Assert.That(Refusal(transparent, "in", "targets"), Does.EndWith("rgba.onnx' makes transparent pictures; grey or coloured ones can be compared."));
        Assert.That(Refusal(_twice, "broken"), Does.EndWith("' has no picture that can be decoded."));
        Assert.That(Assert.Throws<DataException>(() => Run(_twice, "synthetic:digits"))!.Message,
            Does.EndWith("has no pictures of sizes of their own. Give a folder or an archive of pictures."));
        Assert.Throws<EvaluationException>(() => PairEvaluation.Run(Options(_twice, _folder["in"], null, new(0, 1)) with { Count = 0 }));
    }

    [Test]
    public void It_ends_between_pictures_when_it_is_stopped()
    {
        using (var picture = Picture(24, 20))
            foreach (var name in new[] { "hr/a.png", "hr/b.png", "hr/c.png" })
                Save(picture, name);
        using var stop = new CancellationTokenSource();
        List<(long, long)> told = [];

        Assert.Throws<OperationCanceledException>(() => PairEvaluation.Run(Options(_twice, _folder["hr"], null, new(0, 1)), (done, all) =>
        {
            told.Add((done, all));
            stop.Cancel();
        }, stop.Token));
        Assert.That(told, Is.EqualTo(new[] { (1L, 3L) }));
    }

    [Test]
    public void A_models_kind_is_known_by_its_file()
    {
        var said = _models.Save(TestModels.Generator(), "generator.onnx");
        Assert.That(new[] { _twice, _darker, said, _folder.Path, "synthetic:digits" }.Select(path => PairEvaluation.IsFor(path, default)),
            Is.EqualTo(new[] { true, true, false, false, false }));
    }

    // Rows of bicubic in papers: 33.66 and 28.42 dB, SSIM 0.9299 and 0.8104 (C. Dong et al.: "Image Super-Resolution Using Deep Convolutional
    // Networks", 2016, and most since). They enlarged luma that wasn't rounded to bytes between; a model's input has to be.
    [TestCase(2, 33.66, 0.9299, 33.649, 0.92945)]
    [TestCase(4, 28.42, 0.8104, 28.419, 0.81025)]
    public void Bicubic_has_the_figures_of_papers_on_Set5(int scale, double paper, double paperSsim, double psnr, double ssim)
    {
        var archive = Path.Combine(RealData.Folder("sr-test"), "sr-test-set5-set14.zip");
        ZipFile.ExtractToDirectory(archive, _folder["sets"]);
        List<(double Psnr, double Ssim)> ofLuma = [], ofPicture = [];
        foreach (var file in Directory.GetFiles(Path.Combine(_folder["sets"], "Set5")))
        {
            using var picture = Image.Load<Rgb24>(file);
            var (width, height) = (picture.Width, picture.Height);
            ofLuma.Add(Compare(Enlarged(Plane.OfLuma(picture, 0), scale), Plane.OfLuma(picture, 0), scale));
            using var small = Bicubic.Resize(picture, width / scale, height / scale);
            using var larger = Bicubic.Resize(small, width, height);
            ofPicture.Add((Similarity.Psnr(Plane.OfLuma(larger, scale), Plane.OfLuma(picture, scale)),
                Similarity.Ssim(Plane.OfLuma(larger, scale), Plane.OfLuma(picture, scale), default)!.Value));
        }

        Assert.That(ofLuma, Has.Count.EqualTo(5));
        Assert.That(ofLuma.Average(figures => figures.Psnr), Is.EqualTo(paper).Within(0.005)); // as many digits as papers have
        // MATLAB's windows have borders of their own.
        Assert.That(ofLuma.Average(figures => figures.Ssim), Is.EqualTo(paperSsim).Within(0.0005));
        Assert.That(ofPicture.Average(figures => figures.Psnr), Is.EqualTo(psnr).Within(0.001));
        Assert.That(ofPicture.Average(figures => figures.Ssim), Is.EqualTo(ssim).Within(0.0001));
    }

    private static Plane Enlarged(Plane luma, int scale)
    {
        var (whole, part) = ((luma.Width, luma.Height), (Width: luma.Width / scale, Height: luma.Height / scale));
        var small = Resized(Resampler.Matlab(whole, part), Array.ConvertAll(luma.Values, value => (float)value), part.Width * part.Height);
        var large = Resized(Resampler.Matlab(part, whole), small, luma.Values.Length);
        return new(Array.ConvertAll(large, value => (byte)Math.Clamp(value + 0.5f, 0, 255)), luma.Width);
    }

    private static float[] Resized(Resampler resampler, float[] plane, int length)
    {
        var result = new float[length];
        resampler.Resize(plane, new float[resampler.WorkLength], result);
        return result;
    }

    private static (double Psnr, double Ssim) Compare(Plane made, Plane target, int border)
    {
        var (one, other) = (Inner(made), Inner(target));
        return (Similarity.Psnr(one, other), Similarity.Ssim(one, other, default)!.Value);

        Plane Inner(Plane plane) => new([.. Enumerable.Range(border, plane.Height - 2 * border)
            .SelectMany(y => plane.Values[(y * plane.Width + border)..((y + 1) * plane.Width - border)])], plane.Width - 2 * border);
    }

    private const double DarkerL1 = 5.161111111111111, DarkerPsnr = 32.57582854736853, DarkerSsim = 0.9911873638096458;

    private static double[] Idx => [13.55090502916976, 0.3226739057882628, 13.565427381294445, 0.2724059243292218];

    private PairEvaluationResult Run(string model, string data, string? target = null, ValueRange? range = null) =>
        PairEvaluation.Run(Options(model, data, target, range ?? new(0, 1)));

    private static PairEvaluationOptions Options(string model, string data, string? target, ValueRange range) =>
        new() { Model = model, Data = data, Target = target, Translator = new() { Input = new() { Range = range }, Device = Device.Cpu } };

    private string Refusal(string model, string data, string? target = null) => Assert.Catch(() =>
        Run(model, _folder[data], target is null ? null : _folder[target]))!.Message;

    private static double[] Numbers(PictureSimilarity model, PictureSimilarity bicubic) =>
        [model.Psnr, model.Ssim!.Value, bicubic.Psnr, bicubic.Ssim!.Value];

    private static Image<Rgb24> Picture(int width, int height) => Made(width, height, (x, y) =>
        new((byte)(x * 11 + y * 7), (byte)(x * x + 3 * y * y), (byte)(x * y * 5 + 40)));

    private static Image<Rgb24> Noisy(Image<Rgb24> picture) => Made(picture.Width, picture.Height, (x, y) =>
        new(Noise(picture[x, y].R, x, y, 0), Noise(picture[x, y].G, x, y, 1), Noise(picture[x, y].B, x, y, 2)));

    private static byte Noise(byte value, int x, int y, int channel) =>
        (byte)Math.Clamp(value + (x * 31 + y * 17 + channel * 7) % 21 - 10, 0, 255);

    // Even values, so that half of them is exact; or that half.
    private static Image<Rgb24> Halved(Image<Rgb24> picture, bool keepsScale)
    {
        var times = keepsScale ? 2 : 1;
        return Made(picture.Width, picture.Height, (x, y) =>
            new((byte)(picture[x, y].R / 2 * times), (byte)(picture[x, y].G / 2 * times), (byte)(picture[x, y].B / 2 * times)));
    }

    private static Image<L8> Grey(Image<Rgb24> picture)
    {
        var grey = new Image<L8>(picture.Width, picture.Height);
        for (var y = 0; y < grey.Height; y++)
            for (var x = 0; x < grey.Width; x++)
                grey[x, y] = new(picture[x, y].G);
        return grey;
    }

    private static Image<Rgb24> Made(int width, int height, Func<int, int, Rgb24> pixel)
    {
        var picture = new Image<Rgb24>(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                picture[x, y] = pixel(x, y);
        return picture;
    }

    private void Save(Image picture, string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        picture.Save(_folder[name]);
    }
}
