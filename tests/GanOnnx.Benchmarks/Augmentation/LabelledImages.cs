using GanOnnx.Evaluation;

namespace GanOnnx.Benchmarks.Augmentation;

/// <summary>Images, their features and their classes, in one order.</summary>
/// <param name="Pixels">Bytes <c>[N, H, W, C]</c>.</param>
/// <param name="Features">ResNet-18's.</param>
/// <param name="Labels">The classes.</param>
internal sealed record LabelledImages(byte[] Pixels, float[][] Features, int[] Labels)
{
    public int Count => Labels.Length;

    /// <summary>Reads a set.</summary>
    /// <param name="network">ResNet-18.</param>
    /// <param name="images">The set.</param>
    /// <param name="key">All that decides it, to know its features again; null for a set that is seen once.</param>
    public static LabelledImages Of(FeatureNetwork network, ImageSet images, string? key)
    {
        var pixels = new byte[images.Count * images.Length];
        if (images.Read(0, images.Count, pixels, default).Contains(false))
            throw new InvalidOperationException("An image can't be decoded.");
        var (features, _) = FeatureCache.Get(key is null ? null : $"augment benchmark|{key}|{network.Identity}", network.FeatureCount,
            () => FeatureExtraction.Of(network, images, _ => { }, default));
        return new(pixels, [.. Enumerable.Range(0, images.Count).Select(i => features[i].ToArray())],
            [.. Enumerable.Range(0, images.Count).Select(images.LabelOf)]);
    }

    /// <summary>These, and others behind them.</summary>
    public LabelledImages With(LabelledImages others) =>
        new([.. Pixels, .. others.Pixels], [.. Features, .. others.Features], [.. Labels, .. others.Labels]);
}
