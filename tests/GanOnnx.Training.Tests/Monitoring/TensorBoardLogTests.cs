using System.Text;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.TensorBoard;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Training.Tests.Monitoring;

/// <summary>Event files, read by <see cref="EventFile"/>. Field numbers are those of TensorFlow's event, summary and histogram
/// messages.</summary>
public sealed class TensorBoardLogTests
{
    private const int Step = 2, FileVersion = 3, Summary = 5, SessionLog = 7;
    private const int Value = 1, Tag = 1, Scalar = 2, Picture = 4, Histogram = 5;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Clean() => _folder.Dispose();

    // RFC 3720, appendix B.4: the first two; CRC catalogues' check value: the third.
    [TestCase("00000000000000000000000000000000", 0x8a9136aau, true)]
    [TestCase("ffffffffffffffffffffffffffffffff", 0x62a8ab43u, true)]
    [TestCase("313233343536373839", 0xe3069283u, false)]
    public void MaskedCrc_is_crc_32c_rotated_and_shifted(string half, uint crc, bool twice)
    {
        var bytes = Convert.FromHexString(twice ? half + half : half);
        Assert.That(EventFile.Crc(bytes), Is.EqualTo(crc), "the test's own checksum");
        Assert.That(RecordWriter.MaskedCrc(bytes), Is.EqualTo(unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u)));
    }

    [Test]
    public void MaskedCrc_of_every_length_is_that_of_the_definition()
    {
        var bytes = new byte[40];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
            Assert.That(RecordWriter.MaskedCrc(bytes.AsSpan(0, length)), Is.EqualTo(EventFile.MaskedCrc(bytes.AsSpan(0, length))),
                $"{length} bytes");
    }

    [Test]
    public void A_file_begins_with_its_version_and_keeps_the_order_of_events()
    {
        using (var log = new TensorBoardLog(_folder.Path))
        {
            log.Scalars(1, [("a", 0.5), ("b", -2)]);
            log.Scalars(300, [("a", 0)]);
        }
        var events = EventFile.Read(OnlyFile());

        Assert.That(events[0].Text(FileVersion), Is.EqualTo("brain.Event:2"));
        Assert.That(events.Skip(1).Select(e => e.Whole(Step)), Is.EqualTo([1, 300]));
        Assert.That(Scalars(events[1]), Is.EqualTo([("a", 0.5f), ("b", -2f)]));
        Assert.That(Scalars(events[2]), Is.EqualTo([("a", 0f)]));
        Assert.That(events.Select(e => e.Double(1)), Has.All.GreaterThan(1.6e9), "seconds since 1970");
    }

    [Test]
    public void Scalars_of_a_tick_leave_out_probabilities_where_scores_are_no_logits()
    {
        var tick = Ticks.Of(7, 700, [],
            (Figures.ImagesPerSecond, 50), (Figures.DiscriminatorLoss, 0.5), (Figures.GeneratorLoss, 1.5),
            (Figures.RealProbability, 0.9), (Figures.FakeProbability, 0.1), (Figures.SampleDeviation, 0.4), (Figure.Extra("r1"), 0.25));
        using (var log = new TensorBoardLog(_folder.Path))
        {
            log.Scalars(tick);
            log.Scalars(tick.With((Figures.RealScore, 3), (Figures.FakeScore, -3)));
        }
        var events = EventFile.Read(OnlyFile());

        Assert.That(Scalars(events[1]),
            Is.EqualTo([("loss/discriminator", 0.5f), ("loss/generator", 1.5f), ("probability/real", 0.9f), ("probability/generated", 0.1f),
            ("samples/deviation", 0.4f), ("speed/images per second", 50f), ("extras/r1", 0.25f)]));
        Assert.That(Scalars(events[2]).Select(s => s.Tag),
            Does.Contain("score/real").And.Contain("score/generated").And.Not.Contain("probability/real"));
    }

    [Test]
    public void Image_carries_the_png_and_its_size()
    {
        using var image = new Image<Rgb24>(5, 3);
        using var png = new MemoryStream();
        image.Save(png, new PngEncoder());
        using (var log = new TensorBoardLog(_folder.Path))
            log.Image(4, "samples", png.ToArray());
        var value = Values(EventFile.Read(OnlyFile())[1]).Single();

        Assert.That(value.Text(Tag), Is.EqualTo("samples"));
        Assert.That((value.Message(Picture).Whole(1), value.Message(Picture).Whole(2)), Is.EqualTo((3, 5)), "height and width");
        Assert.That(value.Message(Picture).Bytes(4), Is.EqualTo(png.ToArray()));
    }

    [Test]
    public void Image_of_anything_else_is_refused()
    {
        using var log = new TensorBoardLog(_folder.Path);
        Assert.That(() => log.Image(4, "samples", Encoding.ASCII.GetBytes("GIF89a, but as long as a PNG's head")),
            Throws.ArgumentException);
    }

    [Test]
    public void Histogram_counts_every_finite_value_in_a_bucket_that_holds_it()
    {
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, 500).Select(i => (float)((random.NextDouble() - 0.5) * Math.Pow(10, i % 9 - 4))), 0, 0, 1,
            -1, float.NaN, float.PositiveInfinity];
        using (var log = new TensorBoardLog(_folder.Path))
            log.Histogram(4, "weights", values);
        var histogram = Values(EventFile.Read(OnlyFile())[1]).Single().Message(Histogram);
        double[] finite = [.. values.Where(float.IsFinite).Select(v => (double)v)];
        var (limits, counts) = (histogram.Doubles(6), histogram.Doubles(7));

        Assert.That((histogram.Double(1), histogram.Double(2), histogram.Double(3)),
            Is.EqualTo((finite.Min(), finite.Max(), (double)finite.Length)));
        // Sums in another order differ in the last bits.
        Assert.That(histogram.Double(4), Is.EqualTo(finite.Sum()).Within(1e-9).Percent);
        Assert.That(histogram.Double(5), Is.EqualTo(finite.Sum(v => v * v)).Within(1e-9).Percent);
        Assert.That(limits, Is.Ordered.Ascending);
        for (var i = 0; i < limits.Length; i++)
            Assert.That(counts[i], Is.EqualTo(finite.Count(v => v < limits[i] && (i == 0 || v >= limits[i - 1]))), $"below {limits[i]}");
    }

    [Test]
    public void Histogram_of_no_finite_value_is_left_out()
    {
        using (var log = new TensorBoardLog(_folder.Path))
            log.Histogram(4, "weights", [float.NaN]);
        Assert.That(EventFile.Read(OnlyFile()), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_run_that_goes_on_voids_later_steps_and_keeps_its_own()
    {
        new TensorBoardLog(_folder.Path).Dispose();
        new TensorBoardLog(_folder.Path, step: 20).Dispose();
        var files = Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).ToArray();
        var start = EventFile.Read(files[1])[1];

        Assert.That(files, Has.Length.EqualTo(2), "the second file has a name of its own, and is read after the first");
        Assert.That(EventFile.Read(files[0]), Has.Count.EqualTo(1), "nothing is voided at a run's begin");
        Assert.That((start.Whole(Step), start.Message(SessionLog).Whole(1)), Is.EqualTo((21, 1)));
    }

    private string OnlyFile() => Directory.GetFiles(_folder.Path).Single();

    private static IEnumerable<WireMessage> Values(WireMessage e) => e.Message(Summary).Messages(Value);

    private static IEnumerable<(string Tag, float Value)> Scalars(WireMessage e) => Values(e).Select(v => (v.Text(Tag), v.Single(Scalar)));
}
