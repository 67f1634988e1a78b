using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>Images made smaller or larger as MATLAB's <c>imresize</c> does it, which papers on super-resolution measure against: bicubic
/// with a = −0.5, antialiased, the border mirrored (R. Keys, 1981).</summary>
internal static class Bicubic
{
    private const double A = -0.5, Support = 2;

    // Values −1 … 1 in steps of bytes.
    private static readonly Scalar _halfRange = 127.5, _least = -1.0, _most = 1.0;

    /// <summary>Resizes square images <c>[N, C, S, S]</c> to <c>[N, C, T, T]</c>.</summary>
    public static Tensor Resize(Tensor images, int size)
    {
        var weights = Weights((int)images.shape[3], size, images.device);                       // [T, S]
        return weights.matmul(images).matmul(weights.t());
    }

    /// <summary>The values −1 … 1 that bytes can have, nearest to these.</summary>
    public static Tensor ToBytes(Tensor images) =>
        images.clamp(_least, _most).add(_most).mul(_halfRange).round().div(_halfRange).sub(_most);

    private static Tensor Weights(int there, int made, Device device)
    {
        var values = new float[made * there];
        var step = (double)there / made;
        var stretch = Math.Max(step, 1);
        for (var place = 0; place < made; place++)
        {
            var center = (place + 0.5) * step - 0.5;
            var (first, last) = ((int)Math.Floor(center - Support * stretch), (int)Math.Ceiling(center + Support * stretch));
            var taps = Enumerable.Range(first, last - first + 1).Select(i => (At: i, Weight: Kernel((i - center) / stretch))).ToArray();
            var sum = taps.Sum(tap => tap.Weight);
            foreach (var (at, weight) in taps)
                values[place * there + Mirrored(at, there)] += (float)(weight / sum);
        }
        return torch.tensor(values, [made, there], device: device);
    }

    private static int Mirrored(int at, int length)
    {
        while (at < 0 || at >= length)
            at = at < 0 ? -1 - at : 2 * length - 1 - at;
        return at;
    }

    private static double Kernel(double x) => Math.Abs(x) switch
    {
        <= 1 and var d => ((A + 2) * d - (A + 3)) * d * d + 1,
        < 2 and var d => ((A * d - 5 * A) * d + 8 * A) * d - 4 * A,
        _ => 0,
    };
}
