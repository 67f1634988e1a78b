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

    /// <summary>What it learns of. The default is pictures.</summary>
    TrainingMedium Medium => TrainingMedium.Pictures;

    /// <summary>Whether its batches can be computed in shards, see <see cref="TrainingOptions.Shards"/>. The default is not.</summary>
    bool CanShard => false;

    /// <summary>The ways that it learns to go, each a file of its own, where there is more than one; the first is exported if nothing is
    /// said. The default is none.</summary>
    IReadOnlyList<string> Directions => [];

    /// <summary>The keys of options of every run that would change nothing in it. The default is none.</summary>
    IReadOnlyList<string> Unused => [];

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
    /// <param name="direction">One of <see cref="Directions"/>. The default is null: the first of them.</param>
    TaskExport CreateExport(TrainingOptions options, int channels, int classes, string? direction = null);
}

/// <summary>What a task learns of, and what its networks make.</summary>
internal enum TrainingMedium
{
    /// <summary>Pictures.</summary>
    Pictures,

    /// <summary>Recordings.</summary>
    Sounds,

    /// <summary>Moving pictures.</summary>
    Clips,
}

/// <summary>What is exported of a task.</summary>
/// <param name="Network">The name of the <see cref="TaskNetwork"/> that the weights are of.</param>
/// <param name="Module">The network, from <paramref name="Inputs"/> to images <c>[N, C, H, W]</c> from −1 to 1.</param>
/// <param name="Inputs">What goes in, with the names of the model file and an example each.</param>
/// <param name="Metadata">What the model file says of it, the run apart.</param>
internal sealed record TaskExport(
    string Network, nn.Module<Tensor[], Tensor[]> Module, IReadOnlyList<(string Name, Tensor Example)> Inputs, ModelMetadata Metadata)
{
    /// <summary>What has the weights, by the names that checkpoints have for them. The default is <see cref="Module"/>.</summary>
    public nn.Module Weights { get; init; } = Module;

    /// <summary>What comes out, by the name of the model file. The default is <c>image</c>.</summary>
    public string Output { get; init; } = "image";

    /// <summary>The axes whose size the file leaves open. The default is the batch's.</summary>
    public IReadOnlyList<DynamicAxis> OpenAxes { get; init; } = [DynamicAxis.Batch];

    /// <summary>What is exported of a task from image to image, whose images have any height and width that the network takes.</summary>
    /// <param name="network">The name of the <see cref="TaskNetwork"/> that the weights are of.</param>
    /// <param name="generator">The network, from images to images of the same shape.</param>
    /// <param name="channels">The images' channels.</param>
    /// <param name="size">Height and width in training.</param>
    /// <param name="other">Another height and width, at which the file is verified too.</param>
    public static TaskExport OfTranslator(string network, TracedModule generator, int channels, int size, int other) =>
        new(network, new Translator(generator), [("image", zeros(2, channels, size, size))],
            new ModelMetadata { Task = ModelTask.Translate })
        {
            Weights = generator,
            Output = "image_out", // in a graph every name is there once
            OpenAxes = [DynamicAxis.Batch, new("H", 2) { VerifiedSizes = [size, other] }, new("W", 3) { VerifiedSizes = [size, other] }],
        };

    // A generator with the inputs and outputs of an exported network.
    private sealed class Translator : TracedModuleMany
    {
        private readonly TracedModule generator;

        public Translator(TracedModule generator) : base(nameof(Translator))
        {
            this.generator = generator;
            RegisterComponents();
        }

        public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs) => [generator.forward(inputs[0])];
    }
}
