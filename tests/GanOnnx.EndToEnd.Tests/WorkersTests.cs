using System.Diagnostics;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Several processes that mpirun starts train one run.</summary>
public sealed class WorkersTests
{
    // 1 kimg in batches of 52 are 20 steps.
    private static readonly string[] _tiny = ["train", "--data", "synthetic:digits", "--config", "dcgan", "--tick", "1", "--width", "2",
        "--latent", "8", "--batch", "52", "--seed", "3", "--device", "cpu"];

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    [SetUp]
    public void NeedMpi()
    {
        if (Program("mpirun") is null)
            Assert.Ignore("mpirun isn't installed: Debian has it in openmpi-bin.");
    }

    [TestCase("--loss non-saturating")]
    [TestCase("--loss hinge --reg spectral-norm --augment ada --d-steps 2 --condition projection")]
    [TestCase("--arch stylegan2 --reg r1:10/2,path-length:2/2")]
    public void Two_processes_write_the_checkpoint_of_one_to_the_bit(string options)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [.. _tiny, .. options.Split(' '), "--kimg", "1", "--shards", "2"];

        var one = Run(1, [.. arguments, "--out", folder["one"]]);
        var two = Run(2, [.. arguments, "--out", folder["two"]]);

        Assert.That((one.ExitCode, two.ExitCode), Is.EqualTo((0, 0)), one.Error + two.Error);
        Assert.That(Checkpoint(folder["two"]), Is.EqualTo(Checkpoint(folder["one"])));
        Assert.That(one.Error, Does.Not.Contain("workers"));
        Assert.That(two.Error,
            Does.Match(@"2 workers on \S+ \(2\): \d+\.\d of \d+\.\d s went to exchanging gradients and waiting for each other"));
        Assert.That(Files(folder["two"]), Is.EquivalentTo(Files(folder["one"])));
        Assert.That(File.ReadLines(folder["two/metrics.jsonl"]).Single(), Is.Not.Empty, "one of them writes it");
    }

    [Test]
    public void A_killed_worker_ends_the_run_and_another_number_of_them_goes_on()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [.. _tiny, "--kimg", "4", "--shards", "4"];
        Assert.That(Run(1, [.. arguments, "--out", folder["unbroken"]]).ExitCode, Is.Zero);
        using var mpirun = Start([.. Counted(4), .. Process([.. arguments, "--out", folder["run"]])]);
        _ = mpirun.StandardError.ReadToEndAsync();
        _ = mpirun.StandardOutput.ReadToEndAsync();
        while (!File.Exists(folder["run/metrics.jsonl"]) || new FileInfo(folder["run/metrics.jsonl"]).Length == 0)
        {
            Assert.That(mpirun.HasExited, Is.False);
            Thread.Sleep(20);
        }
        var time = Stopwatch.StartNew();
        Worker(mpirun, rank: 2).Kill();
        mpirun.WaitForExit();

        Assert.That(time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
        Assert.That(mpirun.ExitCode, Is.Not.Zero);
        var resumed = Run(2, ["train", "--data", "synthetic:digits", "--device", "cpu", "--out", folder["run"], "--resume"]);
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(Checkpoint(folder["run"]), Is.EqualTo(Checkpoint(folder["unbroken"])));
    }

    [TestCase(2, 1, "gan: 2 workers can't share 1 shard evenly: each takes as many as the others. Give --shards 2 or a multiple, or start "
        + "fewer workers.")]
    [TestCase(4, 2, "gan: 4 workers can't share 2 shards evenly: each takes as many as the others. Give --shards 4 or a multiple, or start "
        + "fewer workers.")]
    [TestCase(3, 4, "gan: The workers are a power of two, so that their sums don't depend on how many they are, not 3.")]
    public void Workers_that_cannot_share_the_shards_are_told_so(int workers, int shards, string sentence)
    {
        using var folder = new TemporaryFolder();
        var result = Run(workers, [.. _tiny, "--shards", $"{shards}", "--out", folder["run"]]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(Sentences(result), Is.EqualTo(new[] { sentence }));
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    [Test]
    public void Workers_with_other_options_are_named()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [.. _tiny, "--shards", "2", "--out", folder["run"]];
        var result = Result(Start([.. Counted(1), .. Process(arguments), ":", "-n", "1", .. Process([.. arguments, "--lr", "0.1"])]));
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(Sentences(result).Single(), Does.Match(
            @"gan: The workers of a run need the same options, data and versions, but "
            + @"worker 1 on \S+ has learningRate 0\.1, not 0\.0002 as worker 0 on \S+\.$"));
        Assert.That(Directory.Exists(folder["run"]), Is.False);
    }

    private static GanResult Run(int workers, string[] arguments) => Result(Start([.. Counted(workers), .. Process(arguments)]));

    private static string[] Counted(int workers) => ["--oversubscribe", "-n", $"{workers}"];

    private static string[] Process(string[] arguments) => ["dotnet", Gan.TrainingProgram, .. arguments];

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Program("mpirun")!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_GCgen0size"] = "0x4000000";
        start.Environment["GANONNX_MODELS"] = Path.Combine(Repository.Root, "models");
        return System.Diagnostics.Process.Start(start)!;
    }

    private static GanResult Result(Process process)
    {
        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(_patience))
            {
                process.Kill();
                Assert.Fail($"mpirun didn't end within {_patience}.");
            }
            return new GanResult(process.ExitCode, output.Result, error.Result);
        }
    }

    // mpirun tells the rank by the environment.
    private static Process Worker(Process mpirun, int rank) => System.Diagnostics.Process.GetProcessById(
        File.ReadAllText($"/proc/{mpirun.Id}/task/{mpirun.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)
            .Single(child => File.ReadAllText($"/proc/{child}/environ").Split('\0').Contains($"OMPI_COMM_WORLD_RANK={rank}")));

    // mpirun adds lines of its own.
    private static string[] Sentences(GanResult result) => [.. from line in result.Error.Split('\n')
                                                               let start = line.IndexOf("gan: ", StringComparison.Ordinal)
                                                               where start >= 0
                                                               select line[start..].TrimEnd()];

    private static byte[] Checkpoint(string run) => File.ReadAllBytes(Path.Combine(run, "checkpoint.safetensors"));

    // TensorBoard's have a time in their names.
    private static IEnumerable<string> Files(string run) => Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(run, file)).Where(file => !file.StartsWith("tensorboard", StringComparison.Ordinal));

    private static string? Program(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
