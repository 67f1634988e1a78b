using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Tests.Data;

/// <summary>A run that goes on compares its data with what it began with.</summary>
public sealed class ChangedDataTests
{
    private const int Pictures = 10;

    private static readonly TrainingOptions _options = new() { Size = 32, BatchSize = 5 };

    private static readonly string[][] _changes =
    [
        ["added", "has changed since the run began: it has 11 images now, and the run began with 10."],
        ["removed", "has changed since the run began: it has 9 images now, and the run began with 10."],
        ["altered", "has changed since the run began: it has 10 images now, as before, but others."],
        ["moved to another class", "has changed since the run began: it has 10 images now, as before, but with other labels."],
    ];

    [TestCaseSource(nameof(_changes))]
    public void Data_that_changed_is_refused(string change, string sentence)
    {
        using var folder = Began();
        Change(folder, change);
        var kept = File.ReadAllBytes(folder["run/images.ganonnx"]);

        var error = Assert.Throws<TrainingException>(() => Resume(folder));

        Assert.That(error.Message, Is.EqualTo(
            $"'{folder["d"]}' {sentence} The run can go on with those it keeps; to train on what is there now, begin a new one."));
        Assert.That(error.Option, Is.EqualTo("data-changed"));
        Assert.That(File.ReadAllBytes(folder["run/images.ganonnx"]), Is.EqualTo(kept));
    }

    [TestCaseSource(nameof(_changes))]
    public void Data_that_changed_can_be_gone_on_without(string change, string sentence)
    {
        using var folder = Began();
        Change(folder, change);

        var found = Resume(folder, DataChanged.Keep);

        Assert.That(found.Changed, Does.Contain(sentence));
        Assert.That((found.Images, found.Classes()), Is.EqualTo((Pictures, "a 9, b 1")));
    }

    [Test]
    public void Data_that_is_gone_is_refused_or_gone_on_without()
    {
        using var folder = Began();
        Directory.Delete(folder["d"], recursive: true);

        Assert.That(() => Resume(folder), Throws.TypeOf<TrainingException>().With.Message.Contains("is neither a file nor a folder"));
        Assert.That(Resume(folder, DataChanged.Keep).Images, Is.EqualTo(Pictures));
    }

    [Test]
    public void Data_that_was_only_touched_or_moved_is_the_same([Values] bool moved)
    {
        using var folder = Began();
        File.SetLastWriteTimeUtc(folder["d/a/1.png"], DateTime.UtcNow.AddHours(1));
        folder.AddText("d/notes.txt", "no data");
        if (moved)
            Directory.Move(folder["d"], folder["e"]);

        var found = Resume(folder, data: moved ? "e" : "d");

        Assert.That((found.Changed, found.Images), Is.EqualTo(((string?)null, Pictures)));
    }

    [Test]
    public void Pictures_added_to_an_archive_are_noticed()
    {
        using var folder = Began(".zip");
        Images.Save(folder["d/a/new.png"], 7, 7, 7);
        File.Delete(folder["d.zip"]);
        DataFolder.Pack(folder["d"], folder["d.zip"]);

        Assert.That(() => Resume(folder, data: "d.zip"), Throws.TypeOf<TrainingException>().With.Message.Contains("11 images now"));
    }

    private static void Change(TemporaryFolder folder, string how)
    {
        switch (how)
        {
            case "added": Images.Save(folder["d/a/new.png"], 7, 7, 7); break;
            case "removed": File.Delete(folder["d/a/3.png"]); break;
            case "altered": Images.Save(folder["d/a/3.png"], 200, 7, 7); break;
            default: File.Move(folder["d/a/9.png"], folder["d/b/00.png"]); break;
        }
    }

    private static TemporaryFolder Began(string archive = "")
    {
        var folder = new TemporaryFolder();
        // The last by name is alone in its class, so that moving the one before it leaves the order.
        for (var i = 0; i < Pictures - 1; i++)
            Images.Save(folder[$"d/a/{i + (i == Pictures - 2 ? 1 : 0)}.png"], (byte)(20 * i), 0, 0);
        Images.Save(folder["d/b/x.png"], 0, 255, 0);
        if (archive.Length > 0)
            DataFolder.Pack(folder["d"], folder["d" + archive]);
        var run = Run(folder, "d" + archive);
        Directory.CreateDirectory(run.Folder); // as the run's beginning does
        using var source = RunData.Open(run, new RecordingMonitor(), default);
        using var data = RunData.Decode(run, source, (_, _) => { }, default);
        File.WriteAllText(folder["fingerprint"], data.Fingerprint);
        return folder;
    }

    private static TrainingRun Run(TemporaryFolder folder, string data, DataChanged changed = DataChanged.Refuse) =>
        new() { Data = folder[data], Folder = folder["run"], Options = _options, DataChanged = changed };

    private static DataSummary Resume(TemporaryFolder folder, DataChanged changed = DataChanged.Refuse, string data = "d")
    {
        var monitor = new RecordingMonitor();
        var info = new CheckpointInfo
        {
            Step = 1,
            Options = _options,
            Channels = 3,
            Data = "d",
            DataFingerprint = File.ReadAllText(folder["fingerprint"]),
            Tool = "t",
        };
        using var reopened = RunData.Reopen(Run(folder, data, changed), info, monitor, default);
        Assert.That(reopened.Count, Is.EqualTo(Pictures));
        return monitor.Data!;
    }
}
