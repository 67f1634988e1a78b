using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GanOnnx.Training.Augmentation;

/// <summary>What appears at the border that a shifted image leaves.</summary>
internal enum ShiftBorder
{
    /// <summary>0, the middle grey.</summary>
    Zeros,

    /// <summary>The image's own pixels, mirrored at its outermost row or column, which is not repeated.</summary>
    Mirrored,
}

/// <summary>Shifts by whole pixels, each image by its own.</summary>
internal static class Shift
{
    private static readonly Scalar _nothing = 0.0, _one = 1.0;

    /// <summary>Shifts each of the images <c>[N, C, H, W]</c>, in both directions up to a part of the size (rounded).</summary>
    public static Tensor Randomly(Tensor images, double largest, ShiftBorder border)
    {
        var (rows, columns) = Offsets(images, largest);
        return By(images, rows, columns, border);
    }

    /// <summary>Random whole offsets <c>[N, 1]</c> of rows and of columns, uniform up to a part of the size (rounded) either way.</summary>
    public static (Tensor Rows, Tensor Columns) Offsets(Tensor images, double largest)
    {
        Tensor Draw(long size)
        {
            var most = (long)Math.Round(size * largest);
            return randint(-most, most + 1, [images.shape[0], 1], dtype: float32, device: images.device);
        }
        return (Draw(images.shape[2]), Draw(images.shape[3]));
    }

    /// <summary>
    /// Pixel (i, j) of the n-th result is (i − rows[n], j − columns[n]) of the n-th image; the offsets, float32
    /// <c>[N, 1]</c>, are whole and below the size.
    /// </summary>
    public static Tensor By(Tensor images, Tensor rows, Tensor columns, ShiftBorder border)
    {
        var shape = images.shape;
        var source = border == ShiftBorder.Zeros ? pad(images, (1, 1, 1, 1)) : images;
        var paddedShape = source.shape;
        var fromRows = Sources(shape[2], rows, border).unsqueeze(1).unsqueeze(3).expand(shape[0], shape[1], shape[2], paddedShape[3]);
        var fromColumns = Sources(shape[3], columns, border).unsqueeze(1).unsqueeze(2).expand(shape);
        return source.gather(2, fromRows).gather(3, fromColumns);
    }

    // [N, size]: which row (or column) of the source each one comes from.
    private static Tensor Sources(long size, Tensor offsets, ShiftBorder border)
    {
        using Scalar last = (double)(size - 1), end = size + 1.0;
        var source = linspace(0, size - 1, size, device: offsets.device) - offsets;
        source = border == ShiftBorder.Zeros
            ? source.add(_one).clamp(_nothing, end)
            : source.abs().sub(last).abs().neg().add(last);
        return source.to(int64);
    }
}
