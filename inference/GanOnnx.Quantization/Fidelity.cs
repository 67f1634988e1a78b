using GanOnnx.Inference;

namespace GanOnnx.Quantization;

/// <summary>How near images are to others: 10 · log₁₀(2² / mean squared difference), for values of −1 … 1.</summary>
internal static class Fidelity
{
    /// <summary>What equal images have.</summary>
    public const double Equal = 200;

    private const double Peak = 2;

    /// <summary>The peak signal-to-noise ratio in dB; at most <see cref="Equal"/>.</summary>
    public static double Psnr(IEnumerable<ImageBatch> images, IEnumerable<ImageBatch> others, Action<int>? progress = null)
    {
        var (sum, count, done) = (0.0, 0L, 0);
        foreach (var (image, other) in images.Zip(others))
        {
            for (var i = 0; i < image.Count; i++)
            {
                sum += SquaredDistance(image[i], other[i]);
                count += image[i].Length;
            }
            progress?.Invoke(done += image.Count);
        }
        return Math.Min(Equal, 10 * Math.Log10(Peak * Peak * count / sum));
    }

    // What lies outside −1 … 1 is cut off in every picture.
    private static double SquaredDistance(ReadOnlySpan<float> image, ReadOnlySpan<float> other)
    {
        var sum = 0.0;
        for (var i = 0; i < image.Length; i++)
        {
            var difference = Math.Clamp(image[i], -1, 1) - Math.Clamp(other[i], -1, 1);
            sum += difference * difference;
        }
        return sum;
    }
}
