using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tasks;

/// <summary>
/// What a run trains: networks, their optimizers, and what a step does with them. The loop, checkpoints and monitoring know
/// a task by this alone.
/// </summary>
internal interface ITrainingTask : IDisposable
{
    /// <summary>All networks whose weights a checkpoint keeps.</summary>
    IReadOnlyList<TaskNetwork> Networks { get; }

    /// <summary>What trains them.</summary>
    IReadOnlyList<TaskOptimizer> Optimizers { get; }

    /// <summary>What else is remembered from step to step, to be saved and copied back into.</summary>
    IEnumerable<(string Name, Tensor Value)> State { get; }

    /// <summary>What the steps measure.</summary>
    Measurements Measurements { get; }

    /// <summary>Takes a step.</summary>
    /// <param name="step">Its number from 0, which decides all that is random in it.</param>
    /// <param name="batches">Real images; as many batches as <see cref="TrainingOptions.DiscriminatorSteps"/>.</param>
    void Step(long step, IReadOnlyList<TrainingBatch> batches);

    /// <summary>Gives a task that goes from image to image what its samples are made of; called once, before the first of them, on
    /// images from everywhere in the data. The default is not to look.</summary>
    void ShowSamplesOf(TrainingBatch batch)
    {
    }

    /// <summary>Gives a task whose labels are captions their vectors; called once, when the networks have their
    /// first weights. The default is not to look.</summary>
    void Read(Captions captions)
    {
    }

    /// <summary>Makes images of latents, as the exported file makes them of the run's seed and the same labels; null for a task that makes
    /// none of latents, which is the default.</summary>
    /// <param name="first">The first one's number.</param>
    /// <param name="labels">A class or caption for each, −1 for any; looked at only where the network takes them.</param>
    ImageBatch? Generate(int first, IReadOnlyList<int> labels) => null;

    /// <summary>Asks the discriminator about real images, as it sees images in training. What is trained stays as it is, to the bit:
    /// weights, what layers remember, and all that later steps draw. Null for a task that has no such discriminator, which is the
    /// default.</summary>
    /// <param name="step">Steps done, which decide all that is random in it.</param>
    /// <param name="trained">Images that it is trained on.</param>
    /// <param name="heldOut">As many that it isn't trained on.</param>
    Verdict? Judge(long step, TrainingBatch trained, TrainingBatch heldOut) => null;

    /// <summary>Makes images to look at, the same ones whenever it is asked, as far as the networks make the same of them.</summary>
    ImageBatch DrawSamples();

    /// <summary>Makes the same to be heard, a few of them. The default is null: there is nothing to hear.</summary>
    SoundBatch? DrawSounds() => null;

    /// <summary>Makes the same as they move, a few of them. The default is null: nothing moves.</summary>
    VideoBatch? DrawClips() => null;
}

/// <summary>A network of a task.</summary>
/// <param name="Name">What checkpoints and histograms call it.</param>
/// <param name="Module">The network.</param>
internal sealed record TaskNetwork(string Name, nn.Module Module)
{
    /// <summary>Lists its layers for people and says that its weights are worth a histogram. The default is null: neither, as for a
    /// copy.</summary>
    public Func<IReadOnlyList<LayerSummary>>? Layers { get; init; }

    /// <summary>The network that this one is an average of, in the same task: it can stand for it. The default is null: of none.</summary>
    public string? AverageOf { get; init; }
}

/// <summary>An optimizer of a task.</summary>
/// <param name="Name">What checkpoints call it.</param>
/// <param name="Optimizer">The optimizer with its network.</param>
internal sealed record TaskOptimizer(string Name, NetworkOptimizer Optimizer);

/// <summary>A discriminator's scores: of images that it is trained on, of real ones that it isn't, and of as many generated ones.</summary>
internal sealed record Verdict(float[] Trained, float[] HeldOut, float[] Generated);
