using System.IO.Compression;
using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Data.Tests.Clips;

/// <summary>Clips as training data: animations and folders of frames, brought to one form or left out by name.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClipFilesTests : IDisposable
{
    private static readonly DataOptions _options = new() { Frames = 4 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Animations_are_clips_and_what_else_there_is_is_left_out_by_name()
    {
        Gif("walk/a.gif", 4, 10);
        Gif("walk/long.gif", 8, 10);
        Gif("run/b.gif", 5, 60, width: 30, height: 20);
        Gif("run/still.gif", 1, 0);
        Gif("run/short.gif", 3, 0);
        Write("run/cut.gif", [.. File.ReadAllBytes(_folder["walk/a.gif"]).SkipLast(30)]);
        Write("run/text.gif", "This is no picture."u8.ToArray());
        Png("run/picture.png", 5, 8, 8);
        Write("notes.txt", "hello"u8.ToArray());

        using var source = ImageSources.Open(_folder.Path, _options);
        var summary = DataSummary.Of(source, 8);
        Assert.That(summary.LeftOut.Select(files => $"{files}"), Is.EquivalentTo(
            ["1 no picture: notes.txt", "3 picture that doesn't move: run/picture.png, …"]));
        using var data = ImageDataset.Decode(_folder.Path, source, _folder["images.ganonnx"], 8, 1, null, default);
        Assert.That((data.Count, data.Frames, data.Channels, data.ImageLength), Is.EqualTo((3, 4, 1, 4 * 64)));
        Assert.That(data.ShapeOf(2), Is.EqualTo([2, 4, 8, 8]));
        Assert.That(data.Skipped.Select(text => text.Split(':')[0]), Is.EquivalentTo(["run/short.gif", "run/cut.gif"]));
        Assert.That(data.Skipped, Has.One.EqualTo($"run/short.gif: '{_folder["run/short.gif"]}' has 3 frames, and 4 are needed."));
        Assert.That(data.Classes, Is.EqualTo(["run", "walk"]));
        Assert.That(data.Labels, Is.EqualTo([0, 1, 1]));
        Assert.That(Greys(data, 1), Is.EqualTo([10, 11, 12, 13]));
        Assert.That(Greys(data, 2), Is.EqualTo([12, 13, 14, 15]), "the middle of a longer one");
        Assert.That(Greys(data, 0), Is.EqualTo([60, 61, 62, 63]), "five frames: the first four");

        // One frame stands for each clip.
        var picture = new byte[64];
        int[] shown = [.. Enumerable.Range(0, 3).Select(i =>
        {
            data.ReadPicture(i, picture);
            return (int)picture[0];
        })];
        Assert.That(shown, Is.EqualTo([60 + ClipFrames.Shown(0, 4), 10 + ClipFrames.Shown(1, 4), 12 + ClipFrames.Shown(2, 4)]));
    }

    [Test]
    public void Folders_of_frames_are_clips_in_the_order_of_their_numbers()
    {
        for (var i = 1; i <= 12; i++)
        {
            Png($"walk/left/{i}.png", i, 8, 8);
            Png($"walk/right/frame{i:000}.png", 100 + i, 8, 8);
        }
        for (var i = 0; i < 4; i++)
        {
            Png($"run/left/{i}.png", 200 + i, 8, 8);
            Png($"run/mixed/{i}.png", 50, i == 2 ? 9 : 8, 8);
        }
        Png("run/short/1.png", 1, 8, 8);
        ZipFile.CreateFromDirectory(_folder.Path, _folder.Path + ".zip");
        try
        {
            foreach (var path in new[] { _folder.Path, _folder.Path + ".zip" })
            {
                using var source = ImageSources.Open(path, _options);
                Assert.That(DataSummary.Of(source, 8).LeftOut.Select(files => $"{files}"), Is.EqualTo(["1 folder of fewer than 4 frames: run/short"]), path);
                using var data = ImageDataset.Decode(path, source, _folder["images.ganonnx"], 8, 1, null, default);
                Assert.That((data.Count, string.Join(' ', data.Classes)), Is.EqualTo((3, "run walk")), path);
                Assert.That(data.Skipped.Single(), Is.EqualTo("run/mixed: 'run/mixed' has frames of 8 × 8 and of 9 × 8. Give all frames of a clip one size."));
                Assert.That(Enumerable.Range(0, 3).Select(i => Greys(data, i)), Is.EqualTo(
                    (int[][])[[200, 201, 202, 203], [5, 6, 7, 8], [105, 106, 107, 108]]), "2 comes before 10");
                data.Dispose();
                File.Delete(_folder["images.ganonnx"]);
            }
        }
        finally
        {
            File.Delete(_folder.Path + ".zip");
        }
    }

    [Test]
    public void A_still_gif_among_frames_is_one_of_them()
    {
        for (var i = 0; i < 4; i++)
        {
            Gif($"walk/{i}.gif", 1, 10 + i);
            Png($"run/{i}.png", 20 + i, 8, 8);
        }
        Gif("preview.gif", 1, 0);
        using var source = ImageSources.Open(_folder.Path, _options);
        using var data = ImageDataset.Decode(_folder.Path, source, _folder["images.ganonnx"], 8, 1, null, default);
        Assert.That(Enumerable.Range(0, 2).Select(i => Greys(data, i)), Is.EqualTo((int[][])[[20, 21, 22, 23], [10, 11, 12, 13]]));
        Assert.That(DataSummary.Of(source, 8).LeftOut.Single().ToString(), Is.EqualTo("1 picture that lies in no clip's folder: preview.gif"));
    }

    // Evaluation looks at some clips, as far apart as can be.
    [TestCase(8)]
    [TestCase(16)]
    [TestCase(32)]
    public void Of_any_choice_of_clips_all_frames_are_seen(int frames)
    {
        foreach (var stride in new[] { 1, 2, 4, 5, 8, 10, 16, 32, 50 })
        {
            var shown = new int[frames];
            for (var i = 0; i < 1000; i++)
                shown[ClipFrames.Shown(i * stride, frames)]++;
            Assert.That(shown, Is.All.InRange(0.5 * 1000 / frames, 2.0 * 1000 / frames), $"every {stride}th");
        }
    }

    [Test]
    public void A_source_of_views_is_found_from_anywhere()
    {
        foreach (var view in new[] { "front", "back" })
            Png($"things/{view}/1.png", 10, 8, 8);
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = _folder.Path;
            Assert.That(ImageSources.FullName("turning:front,back:things"), Is.EqualTo($"turning:front,back:{_folder["things"]}"));
            using var source = ImageSources.Open("turning:front,back:things", _options);
            Assert.That(ImageSources.Stamp("turning:front,back:things"), Is.Not.Null.And.EqualTo(((IDescribed)source).Stamp));
            Assert.That(ImageSources.Stamp("turning:back,front:things"), Is.Not.EqualTo(((IDescribed)source).Stamp));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
        Assert.That((ImageSources.IsThere($"turning:front,back:{_folder["things"]}"), ImageSources.IsThere("turning:front,back:/nowhere")), Is.EqualTo((true, false)));
    }

    [Test]
    public void Data_without_clips_is_refused_in_a_sentence()
    {
        Png("a.png", 1, 8, 8);
        Png("b.png", 2, 8, 8);
        Assert.That(() => ImageSources.Open(_folder.Path, _options), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{_folder.Path}' has no clips of 4 frames. Give GIF animations, or a folder for each clip with 4 frames or more as pictures that are "
            + "numbered; of a video ffmpeg makes them: ffmpeg -i walk.mp4 walk/%04d.png."));
        Assert.That(() => ImageSources.Open("synthetic:none", _options), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "There is no synthetic data 'synthetic:none'; there are: synthetic:digits and synthetic:moving-digits."));
        Gif("one.gif", 5, 0);
        Assert.That(() => ImageSources.Open(_folder["one.gif"], _options), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"'{_folder["one.gif"]}' is one clip. Give the folder of all."));
        using var pictures = ImageSources.Open(_folder.Path);
        Assert.That((pictures is IClips, pictures.Count), Is.EqualTo((false, 3)), "where nobody asks for clips an animation is a picture");
    }

    [Test]
    public void Moving_digits_stay_what_they_are_and_within_the_frame()
    {
        using var source = ImageSources.Open("synthetic:moving-digits", _options with { Frames = 16 });
        var clips = (IClips)source;
        Assert.That((source.Count, source.Classes.Count, clips.Frames, source.LabelOf(37)), Is.EqualTo((10_000, 10, 16, 7)));
        for (var clip = 0; clip < 40; clip++)
        {
            var frames = clips.ReadClip(clip, 32, 1);
            Assert.That(frames, Has.Length.EqualTo(16));
            int[] sums = [.. frames.Select(frame => frame.Sum(value => value))];
            Assert.That(sums, Is.All.EqualTo(sums[0]), "nothing is cut off at a border, and nothing added");
            Assert.That(frames.Zip(frames.Skip(1)).Count(pair => !pair.First.SequenceEqual(pair.Second)), Is.GreaterThan(10), "it moves");
            Assert.That(source.Read(clip, 32, 1), Is.EqualTo(frames[ClipFrames.Shown(clip, 16)]));
        }
        Assert.That(clips.ReadClip(3, 32, 3)[2].Where((_, i) => i % 3 == 1), Is.EqualTo(clips.ReadClip(3, 32, 1)[2]));
        Assert.That(clips.ReadClip(3, 32, 1)[5], Is.EqualTo(((IClips)ImageSources.Open("synthetic:moving-digits")).ReadClip(3, 32, 1)[5]));
    }

    [Test]
    public void Things_turn_through_views_of_one_name()
    {
        for (var i = 0; i < 3; i++)
            foreach (var (view, grey) in new[] { ("front", 10), ("left", 20), ("back", 30), ("right", 40) })
                if (i < 2 || view != "back")
                    Png($"all/{view}/{i:000}.png", grey + i, 8, 8);
        Png("all/front/more/000.png", 5, 8, 8);
        Png("all/above/000.png", 5, 8, 8);
        using var source = ImageSources.Open($"turning:front,left,back,right:{_folder["all"]}", _options with { Frames = 8 });
        var clips = (IClips)source;
        Assert.That(((IDescribed)source).LeftOut.Reasons.Select(reason => reason.ToString()), Is.EqualTo([
            "1 in no view's folder: above/000.png", "1 of the same name as another one of its view: front/more/000.png",
            "3 without its other views: front/002.png, …"]));
        Assert.That((source.Count, clips.Frames, source.Classes.Count), Is.EqualTo((16, 8, 0)), "2 things have all views; 4 beginnings, 2 ways");
        int[] Turn(int clip) => [.. clips.ReadClip(clip, 8, 1).Select(frame => (int)frame[0])];
        Assert.That(Turn(0), Is.EqualTo([10, 10, 20, 20, 30, 30, 40, 40]));
        Assert.That(Turn(1), Is.EqualTo([10, 10, 40, 40, 30, 30, 20, 20]));
        Assert.That(Turn(8 + 4), Is.EqualTo([31, 31, 41, 41, 11, 11, 21, 21]));
        Assert.That(source.Read(9, 8, 1)[0], Is.EqualTo(Turn(9)[ClipFrames.Shown(9, 8)]));

        foreach (var (name, message) in new[]
        {
            ("turning:front", "Views that turn are given as turning:VIEW,VIEW,…:SOURCE, as turning:down,left,up,right:characters.zip, each a folder in the source "
                + "with pictures of the same names."),
            ($"turning:front,left,back:{_folder["all"]}", "3 views don't divide 8 frames. Give as many views as divide them, or other frames."),
            ($"turning:front,below:{_folder["all"]}", $"'{_folder["all"]}' has no folder 'below' with pictures."),
        })
            Assert.That(() => ImageSources.Open(name, _options with { Frames = 8 }),
                Throws.TypeOf<DataException>().With.Message.EqualTo(message));
    }

    private static int[] Greys(ImageDataset data, int clip)
    {
        var bytes = new byte[data.ImageLength];
        data.Read(clip, bytes);
        return [.. Enumerable.Range(0, data.Frames!.Value).Select(frame => (int)bytes[frame * data.Size * data.Size])];
    }

    // Frame i is grey of first + i.
    private void Gif(string name, int frames, int first, int width = 8, int height = 8)
    {
        using var image = Grey(0);
        for (var i = 1; i < frames; i++)
        {
            using var next = Grey(i);
            image.Frames.AddFrame(next.Frames.RootFrame);
        }
        using var file = new MemoryStream();
        image.Save(file, new GifEncoder { ColorTableMode = GifColorTableMode.Local });
        Write(name, file.ToArray());

        Image<Rgba32> Grey(int i) => new(width, height, new Rgba32((byte)(first + i), (byte)(first + i), (byte)(first + i)));
    }

    private void Png(string name, int grey, int width, int height)
    {
        using var image = new Image<L8>(width, height, new L8((byte)grey));
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        image.SaveAsPng(_folder[name]);
    }

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], content);
    }
}
