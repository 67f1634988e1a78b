using GanOnnx.Inference;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Networks;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>A checkpoint's averaged generator, ready for export.</summary>
public sealed class TrainedGenerator : IDisposable
{
    private readonly GeneratorNetwork _network;

    private TrainedGenerator(GeneratorNetwork network, ModelMetadata metadata)
    {
        (_network, Metadata) = (network, metadata);
        Inputs = network.Inputs();
    }

    /// <summary><see cref="Inputs"/> to images <c>[N, C, H, W]</c> from −1 to 1; on the CPU, in evaluation mode.</summary>
    public nn.Module<Tensor[], Tensor[]> Module => _network;

    /// <summary>
    /// What goes in, with an example each: <c>z</c> float32 <c>[N, Z]</c>; <c>label</c> int64 <c>[N]</c> where it is
    /// conditional; and for StyleGAN2 <c>truncation</c>, <c>style_mix</c> and <c>style_mix_from</c>.
    /// </summary>
    public IReadOnlyList<(string Name, Tensor Example)> Inputs { get; }

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
            Classes = info.Classes,
            Pixels = new PixelDescription { Channels = info.Channels == 1 ? "grey" : "rgb" },
            Training = new TrainingDescription
            {
                Data = info.Data,
                ImagesSeen = info.Step * options.ImagesPerStep,
                Loss = options.Loss,
                Seed = options.Seed,
                Tool = info.Tool,
            },
            Licence = licence,
        };
        return new TrainedGenerator(Checkpoint.LoadAveragedGenerator(checkpoint, info), metadata);
    }

    /// <summary>Frees the module and the examples.</summary>
    public void Dispose()
    {
        foreach (var (_, example) in Inputs)
            example.Dispose();
        _network.Dispose();
    }
}
