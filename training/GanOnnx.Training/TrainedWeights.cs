using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Tasks;
using TorchSharp;

namespace GanOnnx.Training;

/// <summary>
/// The weights of a run's averaged generator and its discriminator in one .safetensors file, to be shipped beside a small model: another
/// run can begin with them. Numbers take 2 bytes (float16), where they fit into it.
/// </summary>
public static class TrainedWeights
{
    /// <summary>Writes them.</summary>
    /// <param name="checkpoint">A run's folder, or the file of a checkpoint or a snapshot.</param>
    /// <param name="path">The file; one of weights is replaced, any other is left alone.</param>
    /// <param name="license">The license they are given under, an SPDX identifier or text; null for none stated.</param>
    /// <exception cref="TrainingException">There is no checkpoint, it is damaged or another program's, or another file has that
    /// name.</exception>
    public static void Save(string checkpoint, string path, string? license = null)
    {
        try
        {
            OwnFile.Check(path, WeightsFile.IsOne);
        }
        catch (IOException e)
        {
            throw new TrainingException(e.Message, e);
        }
        using var opened = WeightsFile.Open(checkpoint);
        var info = opened.Info;
        using var task = TrainingTasks.Of(info.Options).Create(info.Options, info.Channels, info.LabelSize, torch.CPU);
        var averages = task.Networks.Where(network => network.AverageOf is not null).Select(network => network.AverageOf).ToHashSet();
        foreach (var network in task.Networks.Where(network => !averages.Contains(network.Name)))
            opened.Restore(network.Name, network.Module);
        try
        {
            WeightsFile.Save(path, task.Networks, info, half: true, license);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"'{path}' can't be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// The options that a run which begins with weights has best: those they were trained with, but for what belongs to their data (the
    /// classes' names, the captions' columns, the split) and to their own beginning (frozen layers). Null for another program's file.
    /// </summary>
    /// <param name="checkpoint">A run's folder, or a .safetensors file.</param>
    /// <exception cref="TrainingException">There is none, or it can't be read.</exception>
    public static TrainingOptions? OptionsOf(string checkpoint)
    {
        using (var file = WeightSource.Open(checkpoint))
            if (!WeightsFile.IsKnown(file))
                return null;
        return Trainer.OptionsOf(checkpoint) with { ClassNames = null, Captions = null, Split = null, FrozenLayers = 0 };
    }
}
