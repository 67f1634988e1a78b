using GanOnnx.Audio;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Data.Tests.Sounds;

/// <summary>WAV files of generated sounds, and spectrograms.</summary>
public sealed class SoundFileTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void What_is_written_is_read_again()
    {
        var (left, right) = (Wav.Sine(440, 16000, 0.1), Wav.Sine(880, 16000, 0.1));
        var sounds = new SoundBatch([.. left, .. right, .. right, .. left], 2, 2, left.Length, 16000);
        SoundFile.Save(sounds, 1, _folder["a.wav"], null);
        var read = SoundFile.Read(_folder["a.wav"]);

        Assert.That((read.Count, read.Channels, read.Samples, read.Rate), Is.EqualTo((1, 2, left.Length, 16000)));
        Assert.That(read.Values.ToArray(), Is.EqualTo(sounds[1].ToArray()).Within(4e-5));
        Assert.That(SoundFile.ReadProvenance(_folder["a.wav"]), Is.Null);
        Assert.That(File.ReadAllBytes(_folder["a.wav"]), Is.EqualTo(Wav.Of(16000, [right, left])), "as another program writes it");
    }

    [Test]
    public void Values_beyond_the_range_are_cut_off()
    {
        SoundFile.Save(new([2, -3, 0.5f], 1, 1, 3, 8000), 0, _folder["loud.wav"], null);
        Assert.That(SoundFile.Read(_folder["loud.wav"]).Values.ToArray(), Is.EqualTo(new[] { 1, -1, 0.5f }).Within(4e-5));
    }

    [Test]
    public void Provenance_is_read_by_ExifTool_too()
    {
        var provenance = new Provenance { Model = "digits", ModelSha256 = "ab", Seeds = "0-3", Label = "7" };
        SoundFile.Save(new(Wav.Sine(440, 8000, 0.1), 1, 1, 800, 8000), 0, _folder["marked.wav"], provenance);

        Assert.That(SoundFile.ReadProvenance(_folder["marked.wav"]), Is.EqualTo(provenance));
        var tags = ExifTool.ReadXmp(_folder["marked.wav"]);
        Assert.That(tags["XMP-iptcExt:DigitalSourceType"], Is.EqualTo(Provenance.TrainedAlgorithmicMedia));
        Assert.That(tags["XMP-xmp:CreatorTool"], Does.StartWith("GanOnnx "));
        Assert.That(SoundFile.Read(_folder["marked.wav"]).Samples, Is.EqualTo(800), "the mark is no sound");
    }

    [Test]
    public void Names_and_files_that_are_none_are_refused()
    {
        var sounds = new SoundBatch(new float[8], 1, 1, 8, 8000);
        Assert.That(() => SoundFile.Save(sounds, 0, _folder["a.mp3"], null),
            Throws.TypeOf<SoundException>().With.Message.EqualTo($"'{_folder["a.mp3"]}' isn't a name for a sound; use .wav."));
        Assert.That(() => SoundFile.Read(_folder["missing.wav"]), Throws.TypeOf<SoundException>());
        File.WriteAllText(_folder["text.wav"], "no sound");
        Assert.That(() => SoundFile.ReadProvenance(_folder["text.wav"]), Throws.TypeOf<SoundException>());
    }

    [Test]
    public void Join_puts_silence_between()
    {
        var joined = SoundFile.Join(new([1, 2, 3, 4], 2, 1, 2, 8), pause: 0.25);
        Assert.That((joined.Count, joined.Samples), Is.EqualTo((1, 6)));
        Assert.That(joined.Values.ToArray(), Is.EqualTo(new float[] { 1, 2, 0, 0, 3, 4 }));
        var stereo = SoundFile.Join(new([1, 2, 3, 4], 2, 2, 1, 8), pause: 0);
        Assert.That(stereo.Values.ToArray(), Is.EqualTo(new float[] { 1, 3, 2, 4 }));
    }

    // Bands are equal in mel: 2146 mel at 4,000 Hz, 65 steps for 64 bands.
    [TestCase(500)]
    [TestCase(1000)]
    [TestCase(3000)]
    public void A_tone_is_a_line_in_the_spectrogram(double hertz)
    {
        var picture = new Spectrogram(8000, 8192, 64).Of(Wav.Sine(hertz, 8000, 1.024, 1));
        var band = 2595 * Math.Log10(1 + hertz / 700) / (2595 * Math.Log10(1 + 4000 / 700.0)) * 65 - 1;
        var column = Enumerable.Range(0, 64).Select(row => picture[row * 64 + 32]).ToArray();

        Assert.That(63 - Array.IndexOf(column, column.Max()), Is.EqualTo(band).Within(1));
        Assert.That(column.Max(), Is.InRange(230, 255), "near 0 dB");
        Assert.That(column.Min(), Is.LessThan(80));
        Assert.That(new Spectrogram(8000, 8192, 64).Of(new float[8192]), Is.All.EqualTo(0));
    }

    [Test]
    public void Time_goes_from_left_to_right()
    {
        float[] late = [.. new float[4096], .. Wav.Sine(1000, 8000, 0.512)];
        var picture = new Spectrogram(8000, 8192, 64).Of(late);
        Assert.That(Enumerable.Range(0, 64).Max(row => picture[row * 64 + 16]), Is.Zero);
        Assert.That(Enumerable.Range(0, 64).Max(row => picture[row * 64 + 48]), Is.GreaterThan(200));
    }
}
