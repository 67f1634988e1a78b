using System.Buffers.Binary;
using System.Diagnostics;
using GanOnnx.Inference;
using GanOnnx.Video;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>Clips as files, looked at with ExifTool and FFmpeg, independent programs.</summary>
public sealed class VideoFileTests
{
    private const string Uuid = "BE7ACFCB97A942E89C71999491E3AFAC";

    private static readonly Provenance _origin = new() { Model = "digits", Seeds = "7", ModelSha256 = new('a', 64) };

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_gif_has_all_frames_at_the_clips_rate_and_says_where_it_is_from()
    {
        VideoFile.Save(Clips(), 1, _folder["one.gif"], _origin);

        var tags = ExifTool.Read(_folder["one.gif"]);
        Assert.That((tags["GIF:FrameCount"], double.Parse(tags["GIF:Duration"])), Is.EqualTo(("4", 0.8)));
        Assert.That(tags["XMP-iptcExt:DigitalSourceType"], Does.EndWith("trainedAlgorithmicMedia"));
        Assert.That(Provenance.Read(_folder["one.gif"]), Is.EqualTo(_origin));
        using var file = File.OpenRead(_folder["one.gif"]);
        var frames = ImageReader.ReadFrames(file, 64, 1, ImageFit.Crop, "one.gif", 4);
        Assert.That(frames.Select(frame => (int)frame[0]), Is.EqualTo([100, 110, 120, 130]).Within(1));
    }

    [Test]
    public void A_grid_moves_all_clips_at_the_same_time()
    {
        VideoFile.SaveGrid(Clips(), _folder["all.gif"], null, new ImageGridOptions { Columns = 2, Scale = 1, Gap = 0 });

        using var image = Image.Load<L8>(_folder["all.gif"]);
        Assert.That((image.Width, image.Height, image.Frames.Count), Is.EqualTo((128, 64, 4)));
        Assert.That(Enumerable.Range(0, 4).Select(t => ((int)image.Frames[t][0, 0].PackedValue, (int)image.Frames[t][64, 0].PackedValue)),
            Is.EqualTo([(0, 100), (10, 110), (20, 120), (30, 130)]));
    }

    [Test]
    public void An_mp4_plays_as_ffmpeg_reads_it()
    {
        NeedsFfmpeg();
        VideoFile.Save(Clips(), 1, _folder["one.mp4"], _origin);

        var facts = Tool.Run("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=width,height,r_frame_rate,nb_read_frames,pix_fmt",
            "-of", "default=nw=1", _folder["one.mp4"]);
        Assert.That(facts.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo(
            ["width=64", "height=64", "pix_fmt=yuv420p", "r_frame_rate=5/1", "nb_read_frames=4"]));
        Tool.Run("ffmpeg", "-v", "error", "-y", "-i", _folder["one.mp4"], "-pix_fmt", "gray", "-f", "rawvideo", _folder["raw"]);
        var raw = File.ReadAllBytes(_folder["raw"]);
        Assert.That(Enumerable.Range(0, 4).Select(t => (int)raw[t * 64 * 64 + 32 * 65]), Is.EqualTo([100, 110, 120, 130]).Within(6), "H.264 loses a little");
        Assert.That(ExifTool.Read(_folder["one.mp4"])["XMP-iptcExt:DigitalSourceType"], Does.EndWith("trainedAlgorithmicMedia"));
        Assert.That(VideoFile.ReadMp4Provenance(_folder["one.mp4"]), Is.EqualTo(_origin));
    }

    [Test]
    public void An_odd_size_gets_a_row_and_a_column()
    {
        NeedsFfmpeg();
        VideoFile.Save(Enumerable.Range(0, 3).Select(_ => (Image)new Image<Rgb24>(33, 21)), _folder["odd.mp4"], 25, null);
        Assert.That(Tool.Run("ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", _folder["odd.mp4"]).Trim(), Is.EqualTo("34,22"));
        Assert.That(VideoFile.ReadMp4Provenance(_folder["odd.mp4"]), Is.Null);
    }

    [Test]
    public void A_clip_that_isnt_made_to_its_end_isnt_written()
    {
        NeedsFfmpeg();
        using var stop = new CancellationTokenSource();
        foreach (var failure in new Exception[] { new OperationCanceledException(), new ImageException("It is damaged.") })
            Assert.That(() => VideoFile.Save(Failing(failure), _folder["failed.mp4"], 25, _origin), failure is ImageException
                ? Throws.TypeOf<VideoException>().With.Message.EqualTo("It is damaged.") : Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => VideoFile.Save(Frames((8, 8), (8, 9)), _folder["failed.mp4"], 25, null), Throws.ArgumentException.With.Message.StartsWith(
            "Frames of 8 × 8 and of 8 × 9 pixels don't make a clip."));
        Assert.That(() => VideoFile.Save([], _folder["failed.mp4"], 25, null), Throws.ArgumentException.With.Message.StartsWith("There is no frame."));
        stop.CancelAfter(500);
        var endless = Enumerable.Range(0, int.MaxValue).Select(_ => (Image)new Image<Rgb24>(64, 64));
        Assert.That(() => VideoFile.Save(endless, _folder["failed.mp4"], 25, null, cancellation: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(_folder["failed.mp4"]), Is.False);

        static IEnumerable<Image> Failing(Exception failure)
        {
            for (var i = 0; i < 5; i++)
                yield return new Image<Rgb24>(64, 64);
            throw failure;
        }

        static IEnumerable<Image> Frames(params (int Width, int Height)[] sizes) =>
            sizes.Select(size => (Image)new Image<Rgb24>(size.Width, size.Height));
    }

    // Programs and settings of a folder that somebody handed on aren't ours.
    [Test]
    public void The_current_folder_isnt_looked_into()
    {
        NeedsFfmpeg();
        var before = Environment.CurrentDirectory;
        Directory.CreateDirectory(_folder["theirs/x64"]);
        File.WriteAllText(_folder["theirs/x64/ffmpeg"], $"#!/bin/sh\ntouch {_folder["theirs/was-run"]}\n");
        File.WriteAllText(_folder["theirs/ffmpeg.config.json"], "{ no json");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["theirs/x64/ffmpeg"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            Environment.CurrentDirectory = _folder["theirs"];
            VideoFile.Save(Clips(), 0, _folder["safe.mp4"], null);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
        Assert.That((File.Exists(_folder["safe.mp4"]), File.Exists(_folder["theirs/was-run"])), Is.EqualTo((true, false)));
    }

    [Test]
    public void Without_ffmpeg_there_is_a_sentence_and_no_file()
    {
        if (VideoFile.CanWriteMp4)
            Assert.Ignore("The program ffmpeg is here.");
        Assert.That(() => VideoFile.Save(Clips(), 0, _folder["none.mp4"], null), Throws.TypeOf<VideoException>().With.Message.EqualTo(
            "MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or take .gif."));
        Assert.That(File.Exists(_folder["none.mp4"]), Is.False);
    }

    [Test]
    public void A_box_of_xmp_is_found_behind_others_of_any_length()
    {
        VideoFile.Save(Clips(), 0, _folder["marked.gif"], _origin);
        byte[] xmp = [.. "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>"u8, .. Packet()];
        byte[] file =
        [
            .. Box("ftyp", 8), .. Box("moov", 4), .. Box("free", 0), .. LargeBox("mdat", 100), .. Named(16, "uuid", new byte[16]), .. Named(16 + xmp.Length, "uuid", [.. Convert.FromHexString(Uuid), .. xmp]),
        ];
        File.WriteAllBytes(_folder["boxes.mp4"], file);
        Assert.That(VideoFile.ReadMp4Provenance(_folder["boxes.mp4"]), Is.EqualTo(_origin));

        byte[] Packet()
        {
            var gif = File.ReadAllBytes(_folder["marked.gif"]);
            var start = gif.AsSpan().IndexOf("<x:xmpmeta"u8);
            var end = gif.AsSpan().IndexOf("</x:xmpmeta>"u8) + "</x:xmpmeta>".Length;
            return gif[start..end];
        }
    }

    [Test]
    public void Damaged_files_are_told_or_say_nothing_but_never_hang()
    {
        File.WriteAllText(_folder["text.mp4"], "This is no clip.");
        Assert.That(() => VideoFile.ReadMp4Provenance(_folder["text.mp4"]), Throws.TypeOf<VideoException>().With.Message.EqualTo(
            $"'{_folder["text.mp4"]}' is no MP4 file."));
        Assert.That(() => VideoFile.ReadMp4Provenance(_folder["absent.mp4"]), Throws.TypeOf<VideoException>());
        var random = new Random(3);
        byte[] whole = [.. Box("ftyp", 8), .. Box("moov", 4), .. LargeBox("mdat", 60), .. Named(116, "uuid", [.. Convert.FromHexString(Uuid), .. new byte[100]])];
        for (var i = 0; i < 300; i++)
        {
            byte[] damaged = [.. whole];
            for (var j = 0; j < 3; j++)
                damaged[8 + random.Next(damaged.Length - 8)] = (byte)random.Next(256);
            File.WriteAllBytes(_folder["damaged.mp4"], damaged[..random.Next(20, damaged.Length)]);
            var time = Stopwatch.StartNew();
            try
            {
                Assert.That(VideoFile.ReadMp4Provenance(_folder["damaged.mp4"]), Is.Null);
            }
            catch (VideoException e)
            {
                Assert.That(e.Message, Is.EqualTo($"'{_folder["damaged.mp4"]}' is cut short."));
            }
            Assert.That(time.Elapsed.TotalSeconds, Is.LessThan(5));
        }
    }

    [Test]
    public void A_file_that_was_cut_anywhere_is_told()
    {
        byte[] whole = [.. Box("ftyp", 8), .. Box("moov", 4), .. LargeBox("mdat", 60), .. Named(116, "uuid", [.. Convert.FromHexString(Uuid), .. new byte[100]])];
        File.WriteAllBytes(_folder["whole.mp4"], whole);
        Assert.That(VideoFile.ReadMp4Provenance(_folder["whole.mp4"]), Is.Null);
        // Where boxes end it can't be told, once the clip's description is there.
        int[] ends = [16 + 12, 16 + 12 + 16 + 60];
        for (var length = 16; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut.mp4"], whole[..length]);
            if (!ends.Contains(length))
                Assert.That(() => VideoFile.ReadMp4Provenance(_folder["cut.mp4"]), Throws.TypeOf<VideoException>().With.Message.EqualTo(
                    $"'{_folder["cut.mp4"]}' is cut short."), $"{length} of {whole.Length}");
        }
    }

    [Test]
    public void Names_and_rates_that_cant_be_are_refused()
    {
        Assert.That(() => VideoFile.Save(Clips(), 0, _folder["a.avi"], null), Throws.TypeOf<VideoException>().With.Message.EqualTo(
            $"'{_folder["a.avi"]}' isn't a name for a clip; use .gif or .mp4."));
        Assert.That(() => VideoFile.Encode(Clips(), 0, ".webm", null), Throws.TypeOf<VideoException>());
        Assert.That(() => VideoFile.Save([], _folder["a.gif"], 0, null), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => VideoFile.Save([], _folder["a.gif"], 8, null), Throws.ArgumentException);
    }

    // Two clips of 4 frames of 64 × 64 pixels, all grey: 0, 10, 20, 30 and 100, 110, 120, 130.
    private static VideoBatch Clips()
    {
        var values = new float[2 * 4 * 64 * 64];
        for (var i = 0; i < values.Length; i++)
            values[i] = (100 * (i / (4 * 4096)) + 10 * (i / 4096 % 4)) / 127.5f - 1;
        return new(values, 2, 4, 1, 64, 64, 5);
    }

    private static void NeedsFfmpeg()
    {
        if (!VideoFile.CanWriteMp4)
            Assert.Ignore("The program ffmpeg is absent. Install it (Debian: ffmpeg).");
    }

    private static byte[] Box(string type, int length) => Named(length, type, new byte[length]);

    private static byte[] Named(int length, string type, byte[] content)
    {
        var box = new byte[8 + length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        System.Text.Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        content.CopyTo(box, 8);
        return box;
    }

    private static byte[] LargeBox(string type, int length)
    {
        var box = new byte[16 + length];
        box[3] = 1;
        System.Text.Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        BinaryPrimitives.WriteInt64BigEndian(box.AsSpan(8), box.Length);
        return box;
    }
}
