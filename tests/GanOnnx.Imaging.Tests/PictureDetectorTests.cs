using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>The detector that is shipped, by the library.</summary>
public sealed class PictureDetectorTests
{
    private static readonly string _models = Path.Combine(Repository.Root, "models");

    private PictureDetector _detector = null!;

    [OneTimeSetUp]
    public void Load() => _detector = PictureDetector.Load(Path.Combine(_models, "detector", "detector.onnx"));

    [OneTimeTearDown]
    public void Close() => _detector.Dispose();

    [Test]
    public void Pictures_of_a_model_that_it_knows_look_generated()
    {
        using var generator = ImageGenerator.Load(Path.Combine(_models, "fashion-cgan"), new() { Device = Device.Cpu });
        var answers = Enumerable.Range(0, 10).Select(label =>
        {
            using var image = generator.Generate(1, new Sample(99, Label: label)).ToImage(0);
            return _detector.Look(image).Answer;
        }).ToList();
        Assert.That(answers.Count(answer => answer == DetectionAnswer.Generated), Is.GreaterThanOrEqualTo(8));
        Assert.That(answers, Has.None.EqualTo(DetectionAnswer.Real));
    }

    [Test]
    public void The_artists_drawing_doesnt_look_generated_and_its_enlargement_does()
    {
        var drawings = Directory.GetFiles(Path.Combine(_models, "drawings-x2", "examples", "in")).Order(StringComparer.Ordinal).Take(8).ToList();
        Assert.That(drawings, Is.Not.Empty);
        using var translator = ImageTranslator.Load(Path.Combine(_models, "drawings-x2"), new() { Device = Device.Cpu });
        foreach (var path in drawings)
        {
            using var drawing = ImageReader.ReadWhole(path);
            using var enlarged = translator.Translate([drawing])[0];
            Assert.That(_detector.Look(drawing).Answer, Is.Not.EqualTo(DetectionAnswer.Generated), path);
            Assert.That(_detector.Look(enlarged).Probability, Is.GreaterThan(_detector.Look(drawing).Probability!.Value), path);
        }
    }

    [TestCase(31, 200)]
    [TestCase(1, 1)]
    public void Of_one_that_is_too_small_it_says_nothing(int width, int height)
    {
        using var picture = new Image<Rgb24>(width, height);
        Assert.That(_detector.Look(picture), Is.EqualTo(new Detection(DetectionAnswer.CannotTell, null, null)));
    }

    [TestCase(32, 32)]
    [TestCase(33, 257)]
    [TestCase(4000, 40)]
    public void Any_size_and_form_is_looked_at(int width, int height)
    {
        using var grey = new Image<L8>(width, height, new L8(90));
        using var clear = new Image<Rgba32>(width, height);
        using var deep = new Image<Rgba64>(width, height);
        foreach (var picture in (Image[])[grey, clear, deep])
            Assert.That(_detector.Look(picture).Probability, Is.InRange(0, 1));
    }

    [Test]
    public void Transparent_places_count_as_white()
    {
        using var clear = new Image<Rgba32>(40, 40, new Rgba32(10, 20, 30, 0));
        using var white = new Image<Rgb24>(40, 40, new Rgb24(255, 255, 255));
        Assert.That(_detector.Look(clear), Is.EqualTo(_detector.Look(white)));
    }

    [Test]
    public void Several_threads_get_the_same()
    {
        using var picture = new Image<Rgb24>(64, 64, new Rgb24(200, 30, 60));
        var first = _detector.Look(picture);
        Parallel.For(0, 64, _ => Assert.That(_detector.Look(picture), Is.EqualTo(first)));
    }

    [Test]
    public void Loading_that_is_stopped_is_no_error_of_the_model() =>
        Assert.That(() => PictureDetector.Load(Path.Combine(_models, "detector", "detector.onnx"), new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void Another_model_is_no_detector() => Assert.That(() => PictureDetector.Load(Path.Combine(_models, "fashion-dcgan")),
        Throws.TypeOf<ModelException>().With.Message.Contains("is no detector: it takes"));

    [TestCase(null)]
    [TestCase("nonsense")]
    [TestCase("{}")]
    [TestCase("{\"generated\":0.4,\"real\":0.1,\"familiar\":0.5,\"smallestSide\":32,\"falseAlarms\":0.01,\"kinds\":\"\"}")]
    [TestCase("{\"generated\":0.9,\"real\":0.1,\"familiar\":0.5,\"smallestSide\":8,\"falseAlarms\":0.01,\"kinds\":\"\"}")]
    [TestCase("{\"generated\":0.9,\"real\":0.1,\"familiar\":0.5,\"smallestSide\":32,\"falseAlarms\":0.01,\"kinds\":null}")]
    public void Limits_that_make_no_sense_are_none(string? json) => Assert.That(DetectorLimits.Read(json), Is.Null);

    [TestCase(0.9, 0.5, DetectionAnswer.Generated)]
    [TestCase(0.1, 0.5, DetectionAnswer.Real)]
    [TestCase(0.11, 0.5, DetectionAnswer.CannotTell)]
    [TestCase(0.89, 0.5, DetectionAnswer.CannotTell)]
    [TestCase(1, 0.49, DetectionAnswer.CannotTell)]
    public void Between_the_limits_and_of_strangers_it_cant_tell(double probability, double familiarity, DetectionAnswer answer) =>
        Assert.That(new DetectorLimits(0.9, 0.1, 0.5, 32, 0.01, "some").Answer(probability, familiarity), Is.EqualTo(answer));
}
