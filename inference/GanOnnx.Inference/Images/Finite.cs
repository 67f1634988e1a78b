using System.Numerics.Tensors;

namespace GanOnnx.Inference.Images;

/// <summary>Tells numbers from what is none.</summary>
internal static class Finite
{
    /// <summary>Whether all are finite. A sum is not if one of its terms is not, and pixels and latents don't overflow it.</summary>
    public static bool Are(ReadOnlySpan<float> values) => float.IsFinite(TensorPrimitives.Sum(values));

    public static bool Are(ReadOnlySpan<Half> values)
    {
        foreach (var value in values)
            if (!Half.IsFinite(value))
                return false;
        return true;
    }
}
