using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Tests;

/// <summary>Whatever a run is told to read and where to write: what it didn't write itself stays as it is.</summary>
public sealed class RunFolderTests
{
    private const int Pictures = 30;

    private static readonly TrainingOptions _options = new() { Width = 2, LatentSize = 8, BatchSize = Pictures, Kimg = 1, TickKimg = 1 };

    private static IEnumerable<TestCaseData> Places()
    {
        string[] datas = ["data", "data/", ".", "linked", "data.zip"];
        string[] outs = [".", "data", "run", "data/inner", "linked"];
        return from data in datas from folder in outs select new TestCaseData(data, folder).SetArgDisplayNames(data, folder);
    }

    [TestCaseSource(nameof(Places))]
    public void A_run_and_its_resuming_leave_every_file_that_they_did_not_write(string data, string folder)
    {
        using var home = Home();
        var before = Contents(home.Path);

        TryTrain(home[data], home[folder], resume: false);
        AssertUnchanged(home.Path, before);
        // Spelled differently, so that the images kept by the run aren't known to be the same.
        TryTrain(Path.Combine(home.Path, ".", data) + (data.EndsWith(".zip", StringComparison.Ordinal) ? "" : "/"), home[folder],
            resume: true);
        AssertUnchanged(home.Path, before);
    }

    [Test]
    public void A_run_beside_its_data_resumes_with_the_data_spelled_differently()
    {
        using var home = Home();
        Train(home["data"], home["."], resume: false);
        Directory.CreateSymbolicLink(home["other"], home["data"]);

        Train(home["other"], home["."], resume: true);

        Assert.That(Checkpoint.Open(home.Path).Info.Step, Is.EqualTo(34), "1 kimg in batches of 30");
    }

    [TestCase("data")]
    [TestCase("data/run")]
    public void A_run_within_its_data_does_not_train_on_what_it_draws(string folder)
    {
        using var home = Home();
        Train(home["data"], home[folder], resume: false);
        File.Delete(Path.Combine(home[folder], ImageDataset.FileName));

        Train(home["data"], home[folder], resume: true);

        using var kept = ImageDataset.TryOpen(Path.Combine(home[folder], ImageDataset.FileName))!;
        Assert.That(kept.Count, Is.EqualTo(Pictures));
        Assert.That(kept.Classes, Is.EqualTo(["cats", "inner"]));
    }

    [TestCase("run.json")]
    [TestCase("metrics.jsonl")]
    [TestCase("report.html")]
    [TestCase("images.ganonnx")]
    [TestCase("checkpoint.safetensors")]
    public void A_name_that_is_taken_is_told_before_anything_is_written(string name)
    {
        using var home = Home();
        File.WriteAllText(home[name], """{ "step": 1, "tool": "another" }""");
        var before = Contents(home.Path);

        Assert.That(() => Train(home["data"], home.Path, resume: false), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{home[name]}' isn't known to be of this program, so it isn't replaced. Move it away, or choose another place."));
        Assert.That(Contents(home.Path), Is.EquivalentTo(before), "nothing is changed, nothing is added");
    }

    [TestCase("run.json")]
    [TestCase("metrics.jsonl")]
    [TestCase("report.html")]
    [TestCase("images.ganonnx")]
    [TestCase("samples/kimg-000001.png")]
    public void A_file_that_took_the_place_of_a_runs_is_left_when_the_run_goes_on(string name)
    {
        using var home = Home();
        Train(home["data"], home["run"], resume: false);
        File.Copy(home["data/cats/0.png"], home["run/" + name], overwrite: true);
        var before = Contents(home.Path);

        Assert.That(() => Train(home["data"], home["run"], resume: true),
            Throws.TypeOf<TrainingException>().With.Message.Contains("isn't known to be of this program"));
        Assert.That(Contents(home.Path), Is.EquivalentTo(before));
    }

    [Test]
    public void A_link_with_a_runs_name_is_left()
    {
        using var home = Home();
        File.WriteAllText(home["mine.html"], "<p>mine</p>");
        File.CreateSymbolicLink(home["report.html"], home["mine.html"]);

        Assert.That(() => Train(home["data"], home.Path, resume: false),
            Throws.TypeOf<TrainingException>().With.Message.Contains("report.html"));
        Assert.That(new FileInfo(home["report.html"]).LinkTarget, Is.EqualTo(home["mine.html"]));
    }

    [Test]
    public void Pictures_in_a_folder_named_samples_are_left()
    {
        using var home = Home();
        Images.Save(home["samples/mine.png"], 1, 2, 3);
        var before = Contents(home.Path);

        Assert.That(() => Train(home["data"], home.Path, resume: false), Throws.TypeOf<TrainingException>().With.Message.EqualTo(
            $"'{home["samples"]}' isn't known to be of this program, and a run would write there. Move it away or choose another folder "
                + "for the run."));
        Assert.That(Contents(home.Path), Is.EquivalentTo(before));
    }

    [Test]
    public void A_run_that_was_killed_before_its_first_checkpoint_is_begun_again()
    {
        using var home = Home();
        Train(home["data"], home["run"], resume: false);
        File.Delete(home["run/checkpoint.safetensors"]);

        Assert.That(() => Train(home["data"], home["run"], resume: false), Throws.Nothing);
    }

    // What people have: pictures in two folders of data/ and in an archive, notes, a link, and a file with each name that a run of 0.1
    // deleted or wrote.
    private static TemporaryFolder Home()
    {
        var home = new TemporaryFolder();
        for (var i = 0; i < Pictures; i++)
            Images.Save(home[$"data/{(i % 2 == 0 ? "cats" : "inner")}/{i}.png"], (byte)(i * 8), 100, (byte)(255 - i), 32, 32);
        System.IO.Compression.ZipFile.CreateFromDirectory(home["data"], home["data.zip"]);
        File.WriteAllText(home["data/index.json"], "{}");
        File.WriteAllText(home["data/images.u8"], "mine");
        File.WriteAllText(home["notes.txt"], "mine");
        Directory.CreateDirectory(home["data.new"]);
        File.WriteAllText(home["data.new/notes.txt"], "mine");
        Directory.CreateSymbolicLink(home["linked"], home["data"]);
        return home;
    }

    private static void TryTrain(string data, string folder, bool resume)
    {
        try
        {
            Train(data, folder, resume);
        }
        catch (TrainingException)
        {
            // Refusing is fine; the files are what this is about.
        }
    }

    private static void Train(string data, string folder, bool resume) =>
        Trainer.Run(new TrainingRun { Data = data, Folder = folder, Options = _options, Resume = resume }, new RecordingMonitor());

    private static Dictionary<string, byte[]> Contents(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);

    private static void AssertUnchanged(string folder, Dictionary<string, byte[]> before)
    {
        var after = Contents(folder);
        Assert.Multiple(() =>
        {
            foreach (var (path, contents) in before)
                Assert.That(after.GetValueOrDefault(path), Is.EqualTo(contents), path);
        });
    }
}
