using GanOnnx.Inference;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training.Data;

/// <summary>Which images a run trains on, and which it only asks its discriminator about: drawn by the run's seed.</summary>
internal sealed class HeldOutImages
{
    // Fewer images than that are all needed, and fewer held out tell little.
    private const int FewestImages = 160, Fewest = 16, Most = 500, Part = 50;

    /// <param name="images">How many images the data has.</param>
    /// <param name="heldOut">How many of them are held out.</param>
    /// <param name="seed">The run's seed.</param>
    public HeldOutImages(int images, int heldOut, ulong seed)
    {
        var order = Enumerable.Range(0, images).ToArray();
        if (heldOut > 0)
            new RandomStream(seed, RandomStreams.HeldOutImages).Shuffle(0, order.AsSpan());
        HeldOut = [.. order.Take(heldOut).Order()];
        Trained = [.. order.Skip(heldOut).Order()];
        Compared = [.. order.Skip(heldOut).Take(heldOut).Order()];
    }

    /// <summary>Those that are trained on, in the data's order.</summary>
    public int[] Trained { get; }

    /// <summary>Those that aren't.</summary>
    public int[] HeldOut { get; }

    /// <summary>As many of those that are trained on, or all where there are fewer: what the held-out ones are compared with.</summary>
    public int[] Compared { get; }

    /// <summary>How many a new run holds out.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="images">How many images its data has.</param>
    public static int CountOf(TrainingOptions options, int images)
    {
        if (!TrainingTasks.Of(options).CanHoldOut)
            return 0;
        if (options.HoldOut is { } asked)
            return asked;
        var count = Math.Clamp(images / Part, Fewest, Most);
        return images >= FewestImages && images - count >= options.BatchSize ? count : 0;
    }
}
