using GanOnnx.Imaging.Resampling;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>Images made smaller or larger as MATLAB's <c>imresize</c> does it, which super-resolution is measured by, see
/// <see cref="Resampler.Matlab"/>.</summary>
internal static class Bicubic
{
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

    // What a row of each pixel alone becomes.
    private static Tensor Weights(int there, int made, Device device)
    {
        var resampler = Resampler.Matlab((there, there), (made, there));
        var (each, work, result) = (new float[there * there], new float[resampler.WorkLength], new float[there * made]);
        for (var i = 0; i < there; i++)
            each[i * there + i] = 1;
        resampler.Resize(each, work, result);
        return torch.tensor(result, [there, made], device: device).t();
    }
}
