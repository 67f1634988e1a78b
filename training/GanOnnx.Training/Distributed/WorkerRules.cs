using System.Numerics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Tasks;
using TorchSharp;

namespace GanOnnx.Training.Distributed;

/// <summary>What has to hold for a run in shards, and for its workers.</summary>
internal static class WorkerRules
{
    /// <summary>Checks a run before anything of it is read or written, and that all workers were asked for the same.</summary>
    /// <exception cref="TrainingException">It can't be trained so.</exception>
    public static void Check(TrainingRun run)
    {
        var (workers, shards) = (Workers.Current, run.Options.Shards);
        if (run.Cuda && shards > 1)
            throw new TrainingException("Shards are added on the CPU alone as yet. Train on the CPU (--device cpu), or leave "
                + "--shards out.");
        if (!BitOperations.IsPow2(workers.Count))
            throw new TrainingException($"The workers are a power of two, so that their sums don't depend on how many they are, not "
                + $"{workers.Count}.");
        if (shards % workers.Count != 0)
            throw new TrainingException($"{workers.Count} workers can't share {shards} {(shards == 1 ? "shard" : "shards")} evenly: each "
                + $"takes as many as the others. Give --shards {workers.Count} or a multiple, or start fewer workers.");
        workers.Compare(Asked(run));
    }

    /// <summary>Checks that all workers begin with the same images and the same numbers.</summary>
    /// <param name="data">The images' fingerprint.</param>
    /// <param name="task">What they train, ready for the first step.</param>
    public static void CheckBeginning(string data, ITrainingTask task)
    {
        if (Workers.Current.Count > 1)
            Workers.Current.Compare(new Dictionary<string, string> { ["images"] = data, ["weights"] = Hash(task) });
    }

    private static Dictionary<string, string> Asked(TrainingRun run)
    {
        Dictionary<string, string> asked = new()
        {
            ["data"] = run.Data,
            ["target"] = run.Target ?? "",
            ["init"] = run.Init ?? "",
            ["resume"] = $"{run.Resume}",
            ["on-failure"] = $"{run.OnFailure}",
            ["tool"] = RunDescription.Tool,
            ["threads (OMP_NUM_THREADS)"] = $"{torch.get_num_threads()}",
            ["vectors of the CPU"] = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "others",
        };
        foreach (var (what, version) in RunDescription.Versions)
            asked[what] = version;
        foreach (var option in TrainingOption.OfEveryRun.Concat(TrainingTasks.NetworkOptionsOf(run.Options)))
            asked[option.Key] = TrainingOption.Text(option.In(run.Options));
        return asked;
    }

    // Of all that a checkpoint keeps.
    private static string Hash(ITrainingTask task)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, tensor) in Checkpoint.Tensors(task))
            hash.AppendData(tensor.bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
