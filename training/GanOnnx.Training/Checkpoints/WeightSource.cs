using GanOnnx.Training.Tasks;
using static TorchSharp.torch;

namespace GanOnnx.Training.Checkpoints;

/// <summary>Any .safetensors file as a source of weights.</summary>
internal static class WeightSource
{
    private const int Shown = 5;

    /// <summary>Opens a file, or a run's checkpoint.</summary>
    /// <param name="path">The file, or a run's folder.</param>
    /// <exception cref="TrainingException">There is none, or it can't be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, Checkpoint.FileName) : path;
        if (!File.Exists(file))
            throw new TrainingException($"There are no weights '{file}'. Give a run's folder, or the .safetensors file of a checkpoint, of "
                + "a snapshot or of weights.");
        return SafetensorsFile.Open(file);
    }

    /// <summary>Copies what fits into a task's networks. A network and its average stand for each other.</summary>
    /// <param name="from">What messages call the file.</param>
    /// <param name="file">The file.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="names">Names here by the names there, all of which have to fit; null: the same names.</param>
    /// <exception cref="TrainingException">Nothing fits, or not all of <paramref name="names"/> do.</exception>
    public static WeightTransfer Copy(string from, SafetensorsFile file, IReadOnlyList<TaskNetwork> networks,
        IReadOnlyDictionary<string, string>? names)
    {
        var weights = from network in networks
                      let others = networks.Where(n => n.AverageOf == network.Name).Select(n => n.Name).Append(network.AverageOf)
                      from entry in network.Module.state_dict()
                      select (Target: $"{network.Name}.{entry.Key}", Tensor: entry.Value,
                          Names: others.OfType<string>().Prepend(network.Name).Select(name => $"{name}.{entry.Key}").ToArray());
        return Copy(from, file, [.. weights], names);
    }

    /// <summary>Copies what fits into a network.</summary>
    /// <inheritdoc cref="Copy(string, SafetensorsFile, IReadOnlyList{TaskNetwork}, IReadOnlyDictionary{string, string}?)"/>
    public static WeightTransfer Copy(string from, SafetensorsFile file, nn.Module network, IReadOnlyDictionary<string, string>? names) =>
        Copy(from, file, [.. network.state_dict().Select(entry => (entry.Key, entry.Value, (string[])[entry.Key]))], names);

    private static WeightTransfer Copy(string from, SafetensorsFile file, (string Target, Tensor Tensor, string[] Names)[] weights,
        IReadOnlyDictionary<string, string>? names)
    {
        var theirs = names is null ? file.Names.ToDictionary(name => name) : Turned(from, names);
        List<string> taken = [];
        List<LeftWeight> own = [];
        List<(string Source, Tensor Target)> copies = [];
        foreach (var (target, tensor, candidates) in weights)
        {
            var there = candidates.Select(theirs.GetValueOrDefault).OfType<string>().ToArray();
            var fits = there.FirstOrDefault(name => file.ShapeOf(name) is { } shape && shape.SequenceEqual(tensor.shape));
            if (fits is null)
                own.Add(new(target, Reason(file, there.FirstOrDefault(), tensor.shape)));
            else
            {
                taken.Add(target);
                copies.Add((fits, tensor));
            }
        }
        if (names is not null)
            CheckAll(from, file, names, weights.SelectMany(w => w.Names).ToHashSet(), own);
        if (copies.Count == 0)
            throw new TrainingException($"None of the {file.Names.Count():#,0} tensors of '{from}' fits by name and shape: {Some(own)}. "
                + "Give weights of such networks, or say which name is which.")
            {
                Option = "init-names",
            };
        foreach (var (source, target) in copies)
            file.CopyTo(source, target, convert: true);
        var used = copies.Select(copy => copy.Source).ToHashSet();
        return new(from, taken, own,
            [.. file.Names.Where(name => !used.Contains(name) && !name.StartsWith("optimizer.", StringComparison.Ordinal))]);
    }

    private static Dictionary<string, string> Turned(string from, IReadOnlyDictionary<string, string> names)
    {
        Dictionary<string, string> turned = [];
        foreach (var (theirs, ours) in names)
            if (!turned.TryAdd(ours, theirs))
                throw new TrainingException($"Two tensors of '{from}' are to become '{ours}': '{turned[ours]}' and '{theirs}'. Name one.");
        return turned;
    }

    // Whoever names a weight means it.
    private static void CheckAll(string from, SafetensorsFile file, IReadOnlyDictionary<string, string> names, HashSet<string> known,
        List<LeftWeight> own)
    {
        var left = own.ToDictionary(weight => weight.Name);
        LeftWeight[] wrong =
        [
            .. from pair in names
               let reason = file.ShapeOf(pair.Key) is null ? "not in the file"
                   : !known.Contains(pair.Value) ? $"there is no {pair.Value} here"
                   : left.GetValueOrDefault(pair.Value)?.Reason
               where reason is not null
               select new LeftWeight(pair.Key, reason),
        ];
        if (wrong.Length > 0)
            throw new TrainingException($"{wrong.Length:#,0} of the {names.Count:#,0} tensors that are named don't fit: {Some(wrong)}. "
                + "Mend the names, or leave these out.");
    }

    private static string Reason(SafetensorsFile file, string? name, long[] here) =>
        name is null || file.ShapeOf(name) is not { } there ? "not there"
        : $"{Shape(here)} here, {Shape(there)} there{(IsTransposed(there, here) ? ": transposed" : "")}";

    private static bool IsTransposed(IReadOnlyList<long> there, long[] here) =>
        there.Count == here.Length && here.Length > 1 && there.Order().SequenceEqual(here.Order());

    private static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    private static string Some(IReadOnlyCollection<LeftWeight> weights) =>
        string.Join(", ", weights.Take(Shown)) + (weights.Count > Shown ? $" and {weights.Count - Shown:#,0} more" : "");
}
