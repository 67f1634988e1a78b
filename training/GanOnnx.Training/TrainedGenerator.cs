using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>The averaged generator of a checkpoint or a snapshot, ready for export.</summary>
public sealed class TrainedGenerator : IDisposable
{
    private TrainedGenerator(TaskExport export, ModelMetadata metadata) =>
        (Module, Inputs, Output, OpenAxes, Metadata) = (export.Module, export.Inputs, export.Output, export.OpenAxes, metadata);

    /// <summary><see cref="Inputs"/> to images <c>[N, C, H, W]</c>, sounds <c>[N, 1, S]</c> or clips <c>[N, T, C, H, W]</c>, from −1 to 1; on the CPU, in evaluation mode.</summary>
    public nn.Module<Tensor[], Tensor[]> Module { get; }

    /// <summary>
    /// What goes in, with an example each: <c>z</c> float32 <c>[N, Z]</c>, or <c>z_content</c> float32 <c>[N, Z]</c> and <c>z_motion</c>
    /// float32 <c>[N, T, M]</c> of clips; <c>label</c> int64 <c>[N]</c> where it is
    /// conditional; and for StyleGAN2 <c>truncation</c>, <c>style_mix</c> and <c>style_mix_from</c>.
    /// </summary>
    public IReadOnlyList<(string Name, Tensor Example)> Inputs { get; }

    /// <summary>The name of what comes out: <c>image</c>, <c>image_out</c> where images go in, <c>audio</c> or <c>video</c>.</summary>
    public string Output { get; }

    /// <summary>The axes whose size the file leaves open.</summary>
    public IReadOnlyList<DynamicAxis> OpenAxes { get; }

    /// <summary>What a model file says about it.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Loads it.</summary>
    /// <param name="checkpoint">A run's folder, or the file of a checkpoint, of a snapshot or of <see cref="TrainedWeights"/>.</param>
    /// <param name="license">The license the weights are given under, an SPDX identifier or text; null for none stated.</param>
    /// <param name="direction">Which way it goes, <c>AtoB</c> or <c>BtoA</c>, where both were learnt. The default is null: the first of
    /// them.</param>
    /// <exception cref="TrainingException">There is no checkpoint, it is damaged or another program's, or it has no such
    /// direction.</exception>
    public static TrainedGenerator Load(string checkpoint, string? license = null, string? direction = null)
    {
        using var opened = WeightsFile.Open(checkpoint);
        var info = opened.Info;
        var options = info.Options;
        var kind = TrainingTasks.Of(options);
        if (direction is not null && !kind.Directions.Contains(direction))
            throw new TrainingException(kind.Directions.Count == 0
                ? $"'{checkpoint}' is a run of {options.Task}, which has one direction alone; leave the direction out."
                : $"'{checkpoint}' has the directions {string.Join(" and ", kind.Directions)}, not '{direction}'.");
        var text = info.Text is null ? null : Captions.Read(info.Text);
        var export = kind.CreateExport(options, info.Channels, info.LabelSize, direction);
        opened.Restore(export.Network, export.Weights);
        export.Module.eval();
        return new TrainedGenerator(export, export.Metadata with
        {
            Architecture = options.Architecture,
            Classes = info.Classes,
            Text = text,
            Pixels = export.Metadata.Audio is not null ? null : new PixelDescription { Channels = info.Channels == 1 ? "grey" : "rgb" },
            Training = new TrainingDescription
            {
                Data = info.Data,
                ImagesSeen = info.Step * options.ImagesPerStep,
                Loss = options.Loss,
                Seed = options.Seed,
                Tool = info.Tool,
                Figures = SnapshotFolder.FiguresOf(checkpoint),
            },
            License = license,
        });
    }

    /// <summary>Frees the module and the examples.</summary>
    public void Dispose()
    {
        foreach (var (_, example) in Inputs)
            example.Dispose();
        Module.Dispose();
    }
}
