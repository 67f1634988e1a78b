namespace GanOnnx.Training.Tests;

public sealed class RunSummaryTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Find_tells_how_far_runs_are_and_passes_over_what_is_none()
    {
        Train("a/first", kimg: 1);
        Train("second", kimg: 2);
        Directory.CreateDirectory(_folder["none"]);
        File.WriteAllText(_folder["none/checkpoint.safetensors"], "a stranger's");

        var runs = RunSummary.Find(_folder.Path);

        Assert.That(runs.Select(run => run.Folder), Is.EqualTo(new[] { _folder["a/first"], _folder["second"] }));
        Assert.That(runs.Select(run => run.Images), Is.EqualTo(new[] { 1024, 2048 }), "the steps in which 1,000 and 2,000 are reached");
        Assert.That(runs.Select(run => run.LastTick!.Kimg), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(runs, Has.All.Matches<RunSummary>(run => run.IsComplete && run.Data == "synthetic:digits" && run.Size > 0));
    }

    [Test]
    public void Find_where_there_is_no_folder_says_so() =>
        Assert.That(() => RunSummary.Find(_folder["nowhere"]),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo($"There is no folder '{_folder["nowhere"]}'."));

    private void Train(string name, int kimg) => Trainer.Run(new TrainingRun
    {
        Data = "synthetic:digits",
        Folder = _folder[name],
        Options = new TrainingOptions { Architecture = "mlp", Width = 1, LatentSize = 4, Kimg = kimg, TickKimg = 1 },
    }, new RecordingMonitor());
}
