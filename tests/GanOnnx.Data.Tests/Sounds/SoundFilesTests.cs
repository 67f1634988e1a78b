using System.IO.Compression;
using GanOnnx.Audio;
using GanOnnx.Imaging;

namespace GanOnnx.Data.Tests.Sounds;

/// <summary>Recordings as training data: brought to one form, or left out by name.</summary>
public sealed class SoundFilesTests
{
    private static readonly SoundForm _form = new(8192, 8000);

    private readonly TemporaryFolder _folder = new();

    [TearDown]
    public void Delete()
    {
        foreach (var entry in Directory.GetFileSystemEntries(_folder.Path))
            if (Directory.Exists(entry))
                Directory.Delete(entry, recursive: true);
            else
                File.Delete(entry);
    }

    [OneTimeTearDown]
    public void Close() => _folder.Dispose();

    [TestCase(8000, 16, 1)]
    [TestCase(8000, 8, 1)]
    [TestCase(8000, 24, 1)]
    [TestCase(8000, 32, 3)]
    [TestCase(16000, 16, 1)]
    [TestCase(44100, 16, 1)]
    public void A_tone_is_the_same_tone_whatever_the_file(int rate, int bits, int format)
    {
        Write("a.wav", Wav.Of(rate, [Wav.Sine(440, rate, 0.5)], bits, format));
        var sound = Read("a.wav");

        Assert.That(sound, Has.Length.EqualTo(8192));
        Assert.That(sound.Max(Math.Abs), Is.EqualTo(0.9f).Within(1e-6));
        var ideal = Wav.Sine(440, 8000, 0.5, 0.9);
        var (same, power) = (0.0, 0.0);
        // The resampler needs a few values before it has some.
        for (var i = 100; i < 3900; i++)
            (same, power) = (same + sound[i] * ideal[i], power + ideal[i] * ideal[i]);
        Assert.That(same / power, Is.EqualTo(1).Within(rate == 8000 ? 0.01 : 0.1));
        Assert.That(sound.Skip(4100), Is.All.EqualTo(0).Within(bits == 8 ? 0.02 : 1e-3), "silence follows it");
    }

    [Test]
    public void Stereo_becomes_the_mean_of_both()
    {
        var tone = Wav.Sine(300, 8000, 0.5);
        Write("left.wav", Wav.Of(8000, [tone, new float[tone.Length]]));
        Write("both.wav", Wav.Of(8000, [tone, tone]));
        Write("against.wav", Wav.Of(8000, [tone, [.. tone.Select(value => -value)]]));

        Assert.That(Read("left.wav"), Is.EqualTo(Read("both.wav")).Within(1e-3));
        Assert.That(() => Read("against.wav"), Throws.TypeOf<SoundException>().With.Message.EqualTo("'against.wav' is silent."));
    }

    [TestCase(3)]
    [TestCase(6)]
    [TestCase(7)]
    public void Any_number_of_channels_is_read(int channels)
    {
        var tone = Wav.Sine(300, 44100, 0.5);
        Write("many.wav", Wav.Of(44100, [.. Enumerable.Repeat(tone, channels)]));
        Write("one.wav", Wav.Of(44100, [tone]));
        Assert.That(Read("many.wav"), Is.EqualTo(Read("one.wav")).Within(1e-4));
    }

    [Test]
    public void A_rate_that_would_take_all_memory_is_refused()
    {
        Write("slow.wav", Wav.Of(1000, [Wav.Sine(100, 1000, 600)]));
        using var file = File.OpenRead(_folder["slow.wav"]);
        Assert.That(() => SoundFile.Read(file, "slow.wav", new(8192, 768_000)), Throws.TypeOf<SoundException>().With.Message.EqualTo(
            "'slow.wav' would have 460,800,000 values at 768,000 Hz; cut it into shorter sounds."));
    }

    [Test]
    public void Of_three_seconds_the_loudest_part_is_taken()
    {
        float[] sound = [.. Wav.Sine(300, 8000, 1, 0.1), .. Wav.Sine(500, 8000, 1, 0.6), .. Wav.Sine(300, 8000, 1, 0.1)];
        Write("long.wav", Wav.Of(8000, [sound]));

        Assert.That(Read("long.wav").Count(value => Math.Abs(value) > 0.2), Is.GreaterThan(6000), "the second second");
    }

    [Test]
    public void What_cant_be_heard_is_left_out_by_name()
    {
        for (var i = 0; i < 3; i++)
            Write($"{i}.wav", Wav.Of(8000, [Wav.Sine(200 + 100 * i, 8000, 0.3)]));
        Write("silence.wav", Wav.Of(8000, [new float[4000]]));
        Write("text.wav", "This is no sound."u8.ToArray());
        Write("empty.wav", Wav.Of(1, 1, 8000, 16, []));
        Write("short.wav", [.. Wav.Of(8000, [Wav.Sine(200, 8000, 0.3)]).Take(30)]);
        Write("adpcm.wav", Wav.Of(2, 1, 8000, 4, new byte[100]));
        Write("slow.wav", Wav.Of(1, 1, 10, 16, new byte[100]));
        Write("notes.txt", "hello"u8.ToArray());
        using var source = ImageSources.Open(_folder.Path);
        using var data = ImageDataset.Decode(_folder.Path, source, Path.Combine(_folder.Path, "images.ganonnx"), 64, null, null, default);

        Assert.That((data.Count, data.Sound, data.Channels, data.Size), Is.EqualTo((3, _form, 1, 64)));
        Assert.That(data.Skipped.Select(skipped => skipped.Split(':')[0]),
            Is.EquivalentTo(["silence.wav", "text.wav", "empty.wav", "short.wav", "adpcm.wav", "slow.wav"]));
        Assert.That(data.Skipped, Has.One.EqualTo($"silence.wav: '{_folder["silence.wav"]}' is silent."));
        Assert.That(data.Skipped.Single(s => s.StartsWith("text", StringComparison.Ordinal)), Does.Contain("is no WAV file of PCM of 8 to 32 bits, or of floats, that can be read"));
        Assert.That(data.Skipped.Single(s => s.StartsWith("slow", StringComparison.Ordinal)), Does.Contain("1 channels of 10 Hz"));
        Assert.That(((IDescribed)source).LeftOut.Reasons.Select(reason => $"{reason}"), Is.EqualTo(["1 no picture: notes.txt"]));
    }

    [Test]
    public void The_dataset_keeps_the_values_and_shows_the_spectrogram()
    {
        Write("a.wav", Wav.Of(8000, [Wav.Sine(440, 8000, 1.5)]));
        using var source = ImageSources.Open(_folder.Path);
        using var data = ImageDataset.Decode(_folder.Path, source, Path.Combine(_folder.Path, "images.ganonnx"), 64, null, null, default);
        var expected = Read("a.wav");
        var (bytes, picture) = (new byte[data.ImageLength], new byte[64 * 64]);
        data.Read(0, bytes);
        data.ReadPicture(0, picture);

        Assert.That(data.ShapeOf(5), Is.EqualTo(new long[] { 5, 1, 1, 16384 }));
        Assert.That(Enumerable.Range(0, 8192).Select(i => BitConverter.ToInt16(bytes, 2 * i) / 32767f), Is.EqualTo(expected).Within(2e-5));
        Assert.That(picture, Is.EqualTo(source.Read(0, 64, 1)).Within(2), "16 bits are nearly as good as floats");
        using var again = ImageDataset.TryOpen(Path.Combine(_folder.Path, "images.ganonnx"));
        Assert.That((again!.Sound, again.Fingerprint), Is.EqualTo((data.Sound, data.Fingerprint)));
    }

    [Test]
    public void Classes_are_folders_or_the_beginnings_of_names()
    {
        for (var i = 0; i < 10; i++)
            Write($"{i % 2}_anna_{i}.wav", Wav.Of(8000, [Wav.Sine(200, 8000, 0.1)]));
        using (var named = ImageSources.Open(_folder.Path))
            Assert.That((named.Classes, ((IDescribed)named).Remark), Is.EqualTo((new[] { "0", "1" }, "classes from the names, before the first _")));

        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            var folder = Path.Combine(_folder.Path, Path.GetFileName(file).StartsWith('0') ? "zero" : "one");
            Directory.CreateDirectory(folder);
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        }
        using var folders = ImageSources.Open(_folder.Path);
        Assert.That((folders.Classes, folders.LabelOf(0)), Is.EqualTo((new[] { "one", "zero" }, 0)));
    }

    [Test]
    public void What_is_converted_is_counted()
    {
        Write("stereo.wav", Wav.Of(8000, [Wav.Sine(200, 8000, 0.1), Wav.Sine(200, 8000, 0.1)]));
        Write("fast.wav", Wav.Of(44100, [Wav.Sine(200, 44100, 0.1)]));
        Write("long.wav", Wav.Of(8000, [Wav.Sine(200, 8000, 3)]));
        SoundFile.Save(new(Wav.Sine(200, 8000, 1.024), 1, 1, 8192, 8000), 0, _folder["whole.wav"], new Provenance());
        using var source = ImageSources.Open(_folder.Path);

        Assert.That(((IDescribed)source).Remark, Is.EqualTo("1 other than mono, 1 at other rates than 8,000 Hz, 1 longer than 1.02 s"));
        Assert.That(((IDescribed)source).Fitted(64), Is.EqualTo(
            "recordings, brought to mono, 8,000 Hz and 1.02 s, the loudest part of longer ones, and one loudness"));
    }

    [Test]
    public void An_archive_is_read_and_pictures_come_first()
    {
        Write("sounds.zip", Zip(("a_1.wav", Wav.Of(8000, [Wav.Sine(200, 8000, 0.1)])), ("b_1.wav", Wav.Of(8000, [Wav.Sine(300, 8000, 0.1)]))));
        using (var source = ImageSources.Open(_folder["sounds.zip"]))
        {
            Assert.That((source.Count, source is IRecordings), Is.EqualTo((2, true)));
            Assert.That(((IRecordings)source).ReadSound(1).Max(), Is.EqualTo(0.9f).Within(1e-6));
        }
        File.Delete(_folder["sounds.zip"]);
        Write("a.wav", Wav.Of(8000, [Wav.Sine(200, 8000, 0.1)]));
        using (var picture = new SixLabors.ImageSharp.Image<SixLabors.ImageSharp.PixelFormats.L8>(8, 8))
            ImageFile.Save(picture, _folder["a.png"]);
        using var both = ImageSources.Open(_folder.Path);
        Assert.That((both.Count, both is IRecordings, $"{((IDescribed)both).LeftOut.Reasons[0]}"), Is.EqualTo((1, false, "1 WAV sound: a.wav")));
    }

    [Test]
    public void One_recording_is_no_data()
    {
        Write("a.wav", Wav.Of(8000, [Wav.Sine(200, 8000, 0.1)]));
        Assert.That(() => ImageSources.Open(_folder["a.wav"]),
            Throws.TypeOf<DataException>().With.Message.EqualTo($"'{_folder["a.wav"]}' is one recording. Give the folder of all."));
    }

    [Test]
    public void A_recording_that_was_cut_short_is_told()
    {
        var whole = Wav.Of(8000, [Wav.Sine(440, 8000, 0.5)]);
        Write("cut.wav", whole[..(whole.Length / 2)]);
        Assert.That(() => Read("cut.wav"), Throws.TypeOf<SoundException>().With.Message.EqualTo(
            $"'cut.wav' is cut short: it has {whole.Length / 2:N0} of {whole.Length:N0} bytes."));

        // As programs write into a pipe.
        foreach (var unknown in new[] { 0u, uint.MaxValue })
        {
            BitConverter.TryWriteBytes(whole.AsSpan(4), unknown);
            BitConverter.TryWriteBytes(whole.AsSpan(40), uint.MaxValue); // of the values
            Write("piped.wav", whole);
            Assert.That(Read("piped.wav"), Has.Length.EqualTo(8192));
        }
    }

    // Lengths that lie, bits that flip: nothing but the one exception comes out.
    [Test]
    public void Damaged_files_end_in_one_exception()
    {
        var file = Wav.Of(44100, [Wav.Sine(440, 44100, 0.05), Wav.Sine(440, 44100, 0.05)]);
        var random = new Random(7);
        for (var i = 0; i < 400; i++)
        {
            var damaged = file.ToArray();
            for (var n = 0; n < 3; n++)
                damaged[random.Next(i % 2 == 0 ? 44 : damaged.Length)] = (byte)random.Next(256);
            if (i % 5 == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            try
            {
                var sound = SoundFile.Read(new MemoryStream(damaged), "damaged", _form);
                Assert.That(sound, Has.Length.EqualTo(8192));
            }
            catch (SoundException)
            {
            }
        }
    }

    private void Write(string name, byte[] file) => File.WriteAllBytes(_folder[name], file);

    private float[] Read(string name)
    {
        using var file = File.OpenRead(_folder[name]);
        return SoundFile.Read(file, name, _form);
    }

    private static byte[] Zip(params (string Name, byte[] File)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, file) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(file);
            }
        return stream.ToArray();
    }
}
