namespace GanOnnx.Tests.Shared.Kills;

/// <summary>A small run that is killed again and again, gone on with, and compared with one that never was.</summary>
internal sealed class KilledTraining : IKilled
{
    // What somebody keeps in a run's folder, some of it called as what a run might have left.
    private static readonly string[] _mine = ["notes.txt", ".mine.tmp", "checkpoint.safetensors.tmp", "metrics.jsonl.new"];

    private const int MostKills = 4;

    private readonly string _home;
    private readonly string[] _arguments;
    private readonly TimeSpan _time;
    private readonly Dictionary<string, byte[]> _unbroken;
    private int _runs;

    public KilledTraining(string home, string architecture, params string[] options)
    {
        (Name, _home) = ($"train {architecture}", home);
        _arguments =
            ["train", "--data", "synthetic:digits", "--arch", architecture, "--kimg", "3", "--tick", "1", "--batch", "20", .. options];
        _time = Victim.Run([.. _arguments, "--out", Folder("unbroken")]);
        _unbroken = Wholeness.Contents(Folder("unbroken"));
    }

    public string Name { get; }

    public int KillOnce(Random random)
    {
        var folder = Folder($"{_runs++}");
        Directory.CreateDirectory(folder);
        foreach (var name in _mine)
            File.WriteAllText(Path.Combine(folder, name), "mine");
        var kills = 0;
        for (var ended = false; !ended;)
        {
            var resume = File.Exists(Path.Combine(folder, "checkpoint.safetensors"));
            using var victim = Victim.Start([.. _arguments, "--out", folder, .. resume ? ["--resume"] : Array.Empty<string>()]);
            if (kills == MostKills)
                victim.Succeed();
            ended = kills == MostKills || !victim.Kill(_time * 1.1 * random.NextDouble());
            kills += ended ? 0 : 1;
            Check(folder);
        }
        CheckEnd(folder);
        Directory.Delete(folder, recursive: true);
        return kills;
    }

    private void Check(string folder)
    {
        if (Path.Combine(folder, "checkpoint.safetensors") is var checkpoint && File.Exists(checkpoint))
            Wholeness.CheckCheckpoint(checkpoint);
        foreach (var (name, bytes) in _unbroken.Where(file => IsSample(file.Key) || file.Key == "images.ganonnx"))
            Wholeness.CheckOneOf(Path.Combine(folder, name), bytes);
        if (Path.Combine(folder, "report.html") is var report && File.Exists(report)
            && !File.ReadAllText(report).EndsWith("</html>\n", StringComparison.Ordinal))
            throw new InvalidOperationException($"'{report}' is half written.");
        foreach (var name in _mine)
            if (File.ReadAllText(Path.Combine(folder, name)) != "mine")
                throw new InvalidOperationException($"'{name}' was changed.");
    }

    private void CheckEnd(string folder)
    {
        foreach (var name in (string[])["checkpoint.safetensors", "images.ganonnx", .. _unbroken.Keys.Where(IsSample)])
            if (!File.ReadAllBytes(Path.Combine(folder, name)).AsSpan().SequenceEqual(_unbroken[name]))
                throw new InvalidOperationException($"'{name}' in '{folder}' is another one than of the run that never was killed.");
        var ticks = Steps(System.Text.Encoding.UTF8.GetString(_unbroken["metrics.jsonl"]));
        if (Steps(File.ReadAllText(Path.Combine(folder, "metrics.jsonl"))) != ticks)
            throw new InvalidOperationException($"'{folder}' has other ticks than the run that never was killed.");
        static bool IsEvents(string name) => name.StartsWith("tensorboard/", StringComparison.Ordinal);
        Wholeness.CheckNames(folder, [.. _unbroken.Keys.Where(k => !IsEvents(k)), .. _mine, "samples", "tensorboard"], IsEvents);
    }

    private static bool IsSample(string name) => name.StartsWith("samples", StringComparison.Ordinal);

    private static string Steps(string log) => string.Join(' ', log.Split('\n').Select(line => line.Split(',')[0]));

    private string Folder(string name) => Path.Combine(_home, $"{Name} {name}");
}
