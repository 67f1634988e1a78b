using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.TensorBoard;
using GanOnnx.Training.Tasks.NoiseToImage;

namespace GanOnnx.Training.Tests;

/// <summary>A run's folder is one process's, as long as that trains, and is what it was.</summary>
public sealed class RunLockTests
{
    private static readonly TrainingOptions _tiny = new() { Width = 2, LatentSize = 8, BatchSize = 50, Kimg = 2, TickKimg = 1 };

    [TestCase(true)]
    [TestCase(false)]
    public void A_second_run_in_the_folder_of_one_that_trains_is_refused_and_told_by_whom(bool resume)
    {
        using var folder = new TemporaryFolder();
        Exception? second = null;
        Train(folder, resume: false, afterStep: step =>
        {
            if (step == 25 && resume)
                second = Assert.Catch(() => Train(folder, resume: true));
            if (step == 1 && !resume)
            {
                File.Delete(folder[Checkpoint.FileName]); // as if the first were still decoding
                second = Assert.Catch(() => Train(folder, resume: false));
            }
        });

        Assert.That(second, Is.TypeOf<TrainingException>());
        Assert.That(second!.Message, Does.StartWith($"'{folder.Path}' is trained in by process {Environment.ProcessId} on ")
            .And.EndsWith(" UTC. Wait until that ends, or stop it; or choose another folder."));
        Assert.That(File.Exists(folder[RunLock.FileName]), Is.False, "the lock goes with its run");
    }

    [Test]
    public void A_lock_that_a_killed_run_left_is_nobodys()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[RunLock.FileName], "GanOnnx trains here: process 1 on here since 2026-01-01 00:00:00 UTC\nx\n");

        Assert.That(() => Train(folder, resume: false), Throws.Nothing);
        Assert.That(File.Exists(folder[RunLock.FileName]), Is.False);
    }

    [Test]
    public void A_file_with_the_locks_name_is_left()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[RunLock.FileName], "mine");

        Assert.That(() => Train(folder, resume: false), Throws.TypeOf<TrainingException>().With.Message.StartsWith(
            $"'{folder[RunLock.FileName]}' isn't known to be of this program"));
        Assert.That(File.ReadAllText(folder[RunLock.FileName]), Is.EqualTo("mine"));
    }

    [TestCase(5, Description = "before the first tick")]
    [TestCase(25, Description = "before the last")]
    public void A_folder_that_is_removed_while_it_is_trained_in_is_told_at_the_next_tick(long step)
    {
        using var folder = new TemporaryFolder();

        Assert.That(() => Train(folder, resume: false, name: "run", afterStep: done =>
            {
                if (done == step)
                    Directory.Delete(folder["run"], recursive: true);
            }),
            Throws.TypeOf<RunFolderLostException>().With.Message.EqualTo($"The run's folder '{folder["run"]}' was removed or replaced "
                + "while it was trained in, so nothing can be saved there. Start the run again."));
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    [Test]
    public void A_folder_that_is_removed_while_a_tick_is_written_is_not_made_anew()
    {
        using var folder = new TemporaryFolder();
        Task remover = Task.CompletedTask;

        Assert.That(() => Train(folder, resume: false, name: "run", afterStep: done =>
            {
                if (done == 1)
                    // As soon as there is the first file of the tick: the others follow at once.
                    remover = Task.Factory.StartNew(() =>
                    {
                        SpinWait.SpinUntil(() => Directory.Exists(Path.Combine(folder["run"], SampleGrid.FolderName)));
                        Remove(folder["run"]);
                    }, TaskCreationOptions.LongRunning);
            }),
            Throws.TypeOf<RunFolderLostException>());
        remover.Wait();
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    // A file may be made between looking for it and removing the folder.
    private static void Remove(string folder)
    {
        while (Directory.Exists(folder))
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
            }
    }

    private static IEnumerable<TestCaseData> Writers()
    {
        yield return Writer("run.json, report.html, images", run => OwnFile.Write(Path.Combine(run, "x"), _ => true, s => s.WriteByte(1)));
        yield return Writer("metrics.jsonl", run => new MetricsLog(Path.Combine(run, MetricsLog.FileName)).Append(
            new Tick(1, 1, new Dictionary<Figure, double>(), [])));
        yield return Writer("samples", run => new SampleGrid([], 1).Save(Path.Combine(run, SampleGrid.FolderName), 1000));
        yield return Writer("tensorboard", run => new TensorBoardLog(Path.Combine(run, "tensorboard")).Dispose());
        yield return Writer("checkpoint", run =>
        {
            using var task = new NoiseToImageTask(_tiny with { Architecture = "mlp" }, 1, 0, TorchSharp.torch.CPU);
            Checkpoint.Save(Path.Combine(run, Checkpoint.FileName), task, DamageTests.Info());
        });

        static TestCaseData Writer(string name, Action<string> write) => new TestCaseData(write).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Writers))]
    public void What_a_run_writes_fails_where_its_folder_is_gone_and_does_not_make_it_anew(Action<string> write)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => write(folder["run"]), Throws.InstanceOf<IOException>());
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    [Test]
    public void A_folder_that_is_replaced_while_it_is_trained_in_is_left_to_the_other_run()
    {
        using var folder = new TemporaryFolder();

        Assert.That(() => Train(folder, resume: false, name: "run", afterStep: done =>
            {
                if (done != 5)
                    return;
                Directory.Move(folder["run"], folder["elsewhere"]);
                Train(folder, resume: false, name: "run");
            }),
            Throws.TypeOf<RunFolderLostException>());
        using var other = Checkpoint.Open(folder["run"]);
        Assert.That(other.Info.Step, Is.EqualTo(40));
        Assert.That(new MetricsLog(Path.Combine(folder["run"], MetricsLog.FileName)).Read().Select(t => t.Step), Is.EqualTo([20, 40]));
    }

    [Test]
    public void Stopping_a_run_whose_folder_is_gone_is_no_success()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.That(() => Train(folder, resume: false, name: "run", stop: stop.Token, afterStep: done =>
            {
                if (done != 5)
                    return;
                Directory.Delete(folder["run"], recursive: true);
                stop.Cancel();
            }),
            Throws.TypeOf<RunFolderLostException>());
    }

    private static bool Train(TemporaryFolder folder, bool resume, string name = "", Action<long>? afterStep = null,
        CancellationToken stop = default) => Trainer.Run(
        new TrainingRun
        {
            Data = "synthetic:digits",
            Folder = name.Length > 0 ? folder[name] : folder.Path,
            Options = _tiny,
            Resume = resume,
        },
        new RecordingMonitor(afterStep), stop);
}
