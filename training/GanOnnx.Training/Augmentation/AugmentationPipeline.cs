using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Augmentation;

/// <summary>
/// The changes of adaptive augmentation, each made to each image with probability p: mirroring, quarter turns, shifts
/// by whole pixels up to an eighth of the size, scaling × 2^N(0, 0.2²), turns by any angle; brightness + N(0, 0.2²),
/// contrast × 2^N(0, 0.5²) and, of colour images, saturation × 2^N(0, 1²).
/// </summary>
/// <remarks>
/// T. Karras et al., 2020, https://arxiv.org/abs/2006.06676, appendix B. Left out: uneven scaling, shifts by parts of a
/// pixel, luma inversion, hue, filters, corruptions; and images are resampled bilinearly, in one pass, without a
/// low-pass filter before. At the border they are mirrored.
/// </remarks>
internal static class AugmentationPipeline
{
    private const double LargestShift = 0.125;

    private static readonly Scalar _half = 0.5, _one = 1.0, _two = 2.0, _halfTurn = Math.PI, _quarterTurn = Math.PI / 2;
    private static readonly Scalar _scale = -0.2 * Math.Log(2), _brightness = 0.2, _contrast = 0.5 * Math.Log(2), _saturation = Math.Log(2);

    /// <summary>Changes square images <c>[N, C, S, S]</c>.</summary>
    /// <param name="images">The images.</param>
    /// <param name="probability">p, a scalar tensor.</param>
    public static Tensor Apply(Tensor images, Tensor probability) => Colours(Geometry(images, probability), probability);

    /// <summary>
    /// Resamples square images: output position o, from −1 to 1 in x and y, shows the input at
    /// <c>mirror · turn(angle) · o · shrink + shift</c>.
    /// </summary>
    /// <param name="images"><c>[N, C, S, S]</c></param>
    /// <param name="mirror">−1 to mirror or 1, <c>[N]</c>.</param>
    /// <param name="angle">In radians, <c>[N]</c>.</param>
    /// <param name="shrink">1 / the scale, <c>[N]</c>.</param>
    /// <param name="shiftX">In halves of the width, <c>[N]</c>.</param>
    /// <param name="shiftY">In halves of the height, <c>[N]</c>.</param>
    public static Tensor Resample(Tensor images, Tensor mirror, Tensor angle, Tensor shrink, Tensor shiftX, Tensor shiftY)
    {
        var shape = images.shape;
        if (shape[2] != shape[3])
            throw new ArgumentException($"Turning needs square images, not {images}.", nameof(images));
        var (cos, sin) = (angle.cos() * shrink, angle.sin() * shrink);
        var rows = stack([mirror * cos, -mirror * sin, shiftX, sin, cos, shiftY], 1).reshape(shape[0], 2, 3);
        return grid_sample(images, affine_grid(rows, shape, align_corners: false), GridSampleMode.Bilinear,
            GridSamplePaddingMode.Reflection, align_corners: false);
    }

    private static Tensor Geometry(Tensor images, Tensor probability)
    {
        Tensor Gate() => AugmentationPipeline.Gate(images, probability);
        Tensor Uniform() => rand([images.shape[0]], device: images.device);

        var mirror = (Uniform().lt(_half).to(float32) * Gate()).mul(_two).neg().add(_one);
        var quarters = randint(0, 4, [images.shape[0]], dtype: float32, device: images.device).mul(_quarterTurn) * Gate();
        var angle = Uniform().mul(_two).sub(_one).mul(_halfTurn) * Gate();
        var shrink = (Normal(images).mul(_scale) * Gate()).exp();
        var (rows, columns) = Shift.Offsets(images, LargestShift);
        var shifted = Gate();
        using Scalar pixel = 2.0 / images.shape[2];
        return Resample(images, mirror, quarters + angle, shrink, columns.squeeze(1).mul(pixel) * shifted,
            rows.squeeze(1).mul(pixel) * shifted);
    }

    private static Tensor Colours(Tensor images, Tensor probability)
    {
        Tensor Amount(Scalar deviation) => (Normal(images).mul(deviation) * Gate(images, probability)).reshape(images.shape[0], 1, 1, 1);

        images = images + Amount(_brightness);
        images = images * Amount(_contrast).exp();
        return images.shape[1] == 1 ? images : Saturation.Times(images, Amount(_saturation).exp());
    }

    // 1 with probability p, otherwise 0, for each image: [N].
    private static Tensor Gate(Tensor images, Tensor probability) =>
        rand([images.shape[0]], device: images.device).lt(probability).to(float32);

    private static Tensor Normal(Tensor images) => randn([images.shape[0]], device: images.device);
}
