namespace GanOnnx.Tests.Shared.Kills;

/// <summary>A program that writes one of two versions of its files, each time over what is there, and is killed doing so.</summary>
internal sealed class KilledWriting : IKilled
{
    private readonly string _folder;
    private readonly Func<string, Victim>[] _versions;
    private readonly Dictionary<string, byte[]>[] _written;
    private readonly TimeSpan[] _times;

    /// <param name="home">Where to write.</param>
    /// <param name="name">What is killed.</param>
    /// <param name="versions">What starts the program that writes into a folder.</param>
    public KilledWriting(string home, string name, params Func<string, Victim>[] versions)
    {
        (Name, _versions, _folder) = (name, versions, Path.Combine(home, name));
        (_times, _written) = (new TimeSpan[versions.Length], new Dictionary<string, byte[]>[versions.Length]);
        for (var i = 0; i < versions.Length; i++)
        {
            var folder = $"{_folder} {i}";
            Directory.CreateDirectory(folder);
            using (var victim = versions[i](folder))
                _times[i] = victim.Succeed();
            _written[i] = Wholeness.Contents(folder);
        }
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Mine, "mine");
    }

    public string Name { get; }

    private string Mine => Path.Combine(_folder, ".mine.tmp");

    public int KillOnce(Random random)
    {
        var version = random.Next(_versions.Length);
        bool killed;
        using (var victim = _versions[version](_folder))
            killed = victim.Kill(_times[version] * 1.1 * random.NextDouble());
        var names = _written.SelectMany(w => w.Keys).Distinct().ToArray();
        foreach (var name in names)
            Wholeness.CheckOneOf(Path.Combine(_folder, name), [.. _written.Select(w => w.GetValueOrDefault(name)).OfType<byte[]>()]);
        foreach (var written in _written)
            CheckWeights(written);
        if (!killed)
            Wholeness.CheckNames(_folder, [.. _written[version].Keys, Path.GetFileName(Mine)]);
        if (File.ReadAllText(Mine) != "mine")
            throw new InvalidOperationException($"'{Mine}' was changed.");
        return killed ? 1 : 0;
    }

    // A model that keeps its weights in another file has them there.
    private void CheckWeights(Dictionary<string, byte[]> written)
    {
        if (written.Keys.SingleOrDefault(name => name.EndsWith(".onnx", StringComparison.Ordinal)) is not { } model)
            return;
        var path = Path.Combine(_folder, model);
        var isThere = File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(written[model]);
        foreach (var data in written.Keys.Where(name => isThere && name != model))
            if (!File.Exists(Path.Combine(_folder, data)))
                throw new InvalidOperationException($"'{model}' lacks its weights, '{data}'.");
    }
}
