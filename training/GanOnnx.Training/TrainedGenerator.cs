using GanOnnx.Inference;
using GanOnnx.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>A checkpoint's averaged generator, ready for export.</summary>
public sealed class TrainedGenerator : IDisposable
{
    private TrainedGenerator(nn.Module<Tensor, Tensor> module, int latentSize, ModelMetadata metadata) =>
        (Module, LatentSize, Metadata) = (module, latentSize, metadata);

    /// <summary>Latents <c>[N, Z]</c> to images <c>[N, C, H, W]</c> from −1 to 1; on the CPU, in evaluation mode.</summary>
    public nn.Module<Tensor, Tensor> Module { get; }

    /// <summary>Values per latent (Z).</summary>
    public int LatentSize { get; }

    /// <summary>What a model file says about it.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Loads it.</summary>
    /// <param name="checkpoint">A run's folder or a checkpoint's file.</param>
    /// <param name="licence">The licence the weights are given under, an SPDX identifier or text; null for none stated.</param>
    /// <exception cref="TrainingException">There is no checkpoint, or it is damaged or another program's.</exception>
    public static TrainedGenerator Load(string checkpoint, string? licence = null)
    {
        var info = Checkpoint.ReadInfo(checkpoint);
        var options = info.Options;
        var metadata = new ModelMetadata
        {
            Task = ModelTask.Generate,
            Architecture = options.Architecture,
            Latent = new LatentDescription(LatentDistribution.Normal, options.LatentSize),
            Pixels = new PixelDescription { Channels = info.Channels == 1 ? "grey" : "rgb" },
            Training = new TrainingDescription
            {
                Data = info.Data,
                ImagesSeen = info.Step * options.BatchSize,
                Loss = options.Loss,
                Seed = options.Seed,
                Tool = info.Tool,
            },
            Licence = licence,
        };
        return new TrainedGenerator(Checkpoint.LoadAveragedGenerator(checkpoint, info), options.LatentSize, metadata);
    }

    /// <summary>Frees the module.</summary>
    public void Dispose() => Module.Dispose();
}
