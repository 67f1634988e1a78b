namespace GanOnnx.Evaluation.Tests;

/// <summary>What stays in clips.</summary>
public sealed class ClipTests
{
    [Test]
    public void Nine_of_ten_frames_of_one_class_are_one_clip_of_it()
    {
        // Of ten frames: all, nine and eight of class 3; all of class 5, where 3 was asked for; all of class 2, where nothing was.
        int[][] clips = [[.. Of(3, 10)], [7, .. Of(3, 9)], [7, 7, .. Of(3, 8)], [.. Of(5, 10)], [.. Of(2, 10)]];
        int[] labels = [3, 3, 3, 3, -1];
        var (same, asked) = ClipMeasure.Kept(clips.SelectMany((clip, i) => clip.Select(frame => (i, frame))), i => labels[i]);
        Assert.That((same, asked), Is.EqualTo((4 / 5.0, 2 / 4.0)));
    }

    [Test]
    public void Of_sixteen_frames_one_may_be_another()
    {
        Assert.That(Kept([1, .. Of(2, 15)]), Is.EqualTo(1));
        Assert.That(Kept([1, 1, .. Of(2, 14)]), Is.Zero);
        Assert.That(Kept([]), Is.Null);
    }

    // Of one clip without a label.
    private static double? Kept(IEnumerable<int> frames)
    {
        var (same, asked) = ClipMeasure.Kept(frames.Select(frame => (0, frame)), _ => -1);
        Assert.That(asked, Is.Null);
        return same;
    }

    private static IEnumerable<int> Of(int kind, int count) => Enumerable.Repeat(kind, count);
}
