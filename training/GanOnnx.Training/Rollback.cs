using System.Globalization;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training;

/// <summary>Takes a run that has failed back to a snapshot, with lower learning rates. What it was shown since doesn't come
/// again.</summary>
internal sealed class Rollback(ITrainingTask task, SnapshotFolder snapshots)
{
    private const int Most = 2;

    /// <summary>How often it was done.</summary>
    public int Count { get; private set; }

    /// <summary>Goes on with what was done before.</summary>
    public void Recall(int count)
    {
        Count = count;
        foreach (var optimizer in task.Optimizers)
            optimizer.Optimizer.Factor = Math.Pow(0.5, count);
    }

    /// <summary>Goes back.</summary>
    /// <param name="failure">What it failed by.</param>
    /// <param name="failedSince">Images shown before the failure began, as far as that is known; a snapshot from before it is preferred.</param>
    /// <returns>What was done, a sentence.</returns>
    /// <exception cref="TrainingFailedException">It was done often enough, or there is no snapshot to go back to.</exception>
    public string Run(string failure, long failedSince)
    {
        if (Count == Most)
            throw new TrainingFailedException($"Training has failed again after it went back {Most} times: {failure}");
        var all = snapshots.List();
        var target = all.FirstOrDefault(snapshot => snapshot.IsBest) ?? all.LastOrDefault(snapshot => snapshot.Images < failedSince)
            ?? throw new TrainingFailedException($"Training has failed, and there is no snapshot from before to go back to: {failure}");
        using (var weights = WeightSource.Open(target.Path))
            WeightSource.Copy(target.Path, weights, task.Networks, names: null);
        foreach (var optimizer in task.Optimizers)
            optimizer.Optimizer.Forget();
        Recall(Count + 1);
        return string.Create(CultureInfo.InvariantCulture,
            $"Went back: the networks are those of {target.Kimg} kimg again{(target.IsBest ? ", the best snapshot" : "")}, and the learning rates are {Math.Pow(0.5, Count):0.##} times what they were at first.");
    }
}
