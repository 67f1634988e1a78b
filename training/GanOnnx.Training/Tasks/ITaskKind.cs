using GanOnnx.Data;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Data;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks;

/// <summary>A kind of task, as <see cref="TrainingTasks"/> lists it: what can be known of it and made of it from options.</summary>
internal interface ITaskKind
{
    /// <summary>What it is, in a line.</summary>
    string Description { get; }

    /// <summary>Which second images it needs beside the data's own. The default is none.</summary>
    SecondImages SecondImages => SecondImages.None;

    /// <summary>Whether its discriminator can be asked about images that it isn't trained on, see <see cref="ITrainingTask.Judge"/>. The
    /// default is not.</summary>
    bool CanHoldOut => false;

    /// <summary>The networks it trains, which <see cref="TrainingOptions.Architecture"/> chooses from.</summary>
    IReadOnlyList<OptionChoice> Architectures { get; }

    /// <summary>The numbers that these networks have for themselves, as the task's own; those of an architecture that there isn't are
    /// none.</summary>
    IReadOnlyList<TrainingOption> OptionsOf(string architecture);

    /// <summary>What is wrong with options, a clause each, ranges apart.</summary>
    IEnumerable<string> Errors(TrainingOptions options);

    /// <summary>Builds the task with its first weights.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="classes">How many classes there are; 0 where labels aren't used.</param>
    /// <param name="device">Where to train.</param>
    ITrainingTask Create(TrainingOptions options, int channels, int classes, Device device);

    /// <summary>Builds the network that a model file holds, on the CPU; its weights are still to be copied in.</summary>
    /// <param name="options">The options it was trained with.</param>
    /// <param name="channels">The images' channels, 1 or 3.</param>
    /// <param name="classes">How many classes there are; 0 where labels aren't used.</param>
    TaskExport CreateExport(TrainingOptions options, int channels, int classes);
}

/// <summary>What is exported of a task.</summary>
/// <param name="Network">The name of the <see cref="TaskNetwork"/> that the weights are of.</param>
/// <param name="Module">The network, from <paramref name="Inputs"/> to images <c>[N, C, H, W]</c> from −1 to 1.</param>
/// <param name="Inputs">What goes in, with the names of the model file and an example each.</param>
/// <param name="Metadata">What the model file says of it, the run apart.</param>
internal sealed record TaskExport(
    string Network, nn.Module<Tensor[], Tensor[]> Module, IReadOnlyList<(string Name, Tensor Example)> Inputs, ModelMetadata Metadata)
{
    /// <summary>The axes whose size the file leaves open. The default is the batch's.</summary>
    public IReadOnlyList<DynamicAxis> OpenAxes { get; init; } = [DynamicAxis.Batch];
}
