using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>
/// Differentiable augmentation, to every image, always: colour (brightness ± ½, saturation × 0 … 2, contrast × ½ … 1½),
/// translation (up to an eighth of the size, the border grey) and cutout (a grey square of half the size, its centre
/// anywhere).
/// </summary>
/// <remarks>
/// S. Zhao et al.: "Differentiable Augmentation for Data-Efficient GAN Training", 2020, https://arxiv.org/abs/2006.10738,
/// section 4 and appendix.
/// </remarks>
internal sealed class DifferentiableAugmentation : IAugmentation
{
    private const double LargestShift = 0.125, CutoutSize = 0.5;

    private static readonly long[] _pixels = [1, 2, 3];
    private static readonly Scalar _half = 0.5, _two = 2.0;

    private static readonly Dictionary<string, Func<Tensor, Tensor>> _policies = new()
    {
        ["color"] = Colour,
        ["translation"] = images => Shift.Randomly(images, LargestShift, ShiftBorder.Zeros),
        ["cutout"] = Cutout,
    };

    private readonly Func<Tensor, Tensor>[] _chosen;

    private DifferentiableAugmentation(IEnumerable<string> policies) => _chosen = [.. policies.Select(policy => _policies[policy])];

    /// <summary>Reads the policies, separated by commas; all without an argument.</summary>
    public static Func<Device, IAugmentation> Read(string? argument)
    {
        var policies = argument?.Split('+') ?? [.. _policies.Keys];
        var unknown = policies.FirstOrDefault(policy => !_policies.ContainsKey(policy));
        if (unknown is not null)
            throw new FormatException($"diff has no policy '{unknown}'; there are: {string.Join(", ", _policies.Keys)}");
        // In the paper's order, each once, however they are written.
        return _ => new DifferentiableAugmentation(_policies.Keys.Intersect(policies));
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor images, double progress) => _chosen.Aggregate(images, (current, policy) => policy(current));

    private static Tensor Colour(Tensor images)
    {
        images += PerImage(images).sub(_half);
        images = Saturation.Times(images, PerImage(images).mul(_two));
        var mean = images.mean(_pixels, keepdim: true);
        return mean + (images - mean) * PerImage(images).add(_half);
    }

    private static Tensor Cutout(Tensor images)
    {
        var (count, height, width) = (images.shape[0], images.shape[2], images.shape[3]);
        var inside = Span(height, [count, 1, height, 1], images).logical_and(Span(width, [count, 1, 1, width], images));
        return images * inside.logical_not().to(images.dtype);
    }

    // Which of the rows (or columns) are in the square: those from half its size before its centre on.
    private static Tensor Span(long size, long[] shape, Tensor images)
    {
        var length = (long)Math.Round(size * CutoutSize);
        var first = randint(-(length / 2), size + 1 - length % 2 - length / 2, [shape[0], 1], dtype: float32, device: images.device);
        var distance = linspace(0, size - 1, size, device: images.device) - first;                  // [N, size]
        using Scalar end = (double)length, start = 0.0;
        return distance.ge(start).logical_and(distance.lt(end)).reshape(shape);
    }

    private static Tensor PerImage(Tensor images) => rand([images.shape[0], 1, 1, 1], device: images.device);
}
