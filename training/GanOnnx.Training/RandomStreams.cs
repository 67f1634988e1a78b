using GanOnnx.Inference;

namespace GanOnnx.Training;

/// <summary>Training's numbers of <see cref="RandomStream"/>: each kind of draw has its own, so none shifts another.</summary>
internal static class RandomStreams
{
    /// <summary>Latents; the index is the step.</summary>
    public const uint Latents = 256;

    /// <summary>The data's order; the index is the epoch.</summary>
    public const uint DataOrder = 257;

    // 258 is that of synthetic images, 259 that of what is cut out of images, 330 to 333 those of evaluation: they stand where they are
    // drawn.

    /// <summary>First weights of player 0, and with 1 added of player 1; the index is the parameter.</summary>
    public const uint FirstWeights = 260;

    /// <summary>The noise that a trained StyleGAN2 always uses; the index is the layer.</summary>
    public const uint FixedNoise = 262;

    /// <summary>Which images are mirrored; the index is the image shown, counted over all epochs.</summary>
    public const uint Flips = 263;

    /// <summary>The seed of a step's random draws in networks and augmentations; the index is the step.</summary>
    public const uint StepSeeds = 264;

    /// <summary>The order of a second set; the index is its epoch.</summary>
    public const uint SecondOrder = 265;

    /// <summary>Which images samples are compared with; the index is 0.</summary>
    public const uint Evaluated = 266;

    /// <summary>Which images a run doesn't train on; the index is 0.</summary>
    public const uint HeldOutImages = 267;

    /// <summary>The seed of what is drawn to judge held-out images; the index is the step.</summary>
    public const uint Judged = 268;

    /// <summary>Which generated images of earlier steps discriminators see; the index is the image made, counted over both
    /// directions.</summary>
    public const uint ImageHistory = 269;

    /// <summary>Where images are cropped; the index is the image shown, counted over all epochs.</summary>
    public const uint Crops = 270;

    /// <summary>Which of its captions an image is shown with; the index is the image shown, counted over all epochs.</summary>
    public const uint Captions = 272;

    /// <summary>The seed of a shard's random draws in networks and augmentations; the index counts the shards of all averages.</summary>
    public const uint ShardSeeds = 271;

    /// <summary>Which images the evaluation's classifier doesn't learn from; the index is 0.</summary>
    public const uint HeldOut = 320;

    /// <summary>First weights of the evaluation's classifier; the index is the parameter.</summary>
    public const uint ClassifierWeights = 321;

    /// <summary>The order the evaluation's classifier learns in; the index is the epoch.</summary>
    public const uint ClassifierOrder = 322;
}
