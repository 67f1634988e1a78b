using GanOnnx.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Data;

/// <summary>Images' bytes as networks take them.</summary>
internal static class Pixels
{
    // TorchSharp's temporary scalars can be freed while native code reads them; these stay.
    private static readonly Scalar _halfRange = 127.5f, _one = 1f;

    /// <summary>Bytes 0 … 255 to values −1 … 1, x / 127.5 − 1, in the same shape.</summary>
    public static Tensor ToValues(Tensor bytes) => bytes.to(float32).div(_halfRange).sub(_one);
}
