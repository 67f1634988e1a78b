using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Running;

/// <summary>How far two tensors of one shape are apart.</summary>
/// <param name="Absolute">The largest absolute difference; NaN where one of the two has values that aren't finite numbers.</param>
/// <param name="Magnitude">The first one's largest absolute value.</param>
internal readonly record struct Difference(double Absolute, double Magnitude)
{
    public double Relative => Magnitude > 0 ? Absolute / Magnitude : Absolute;

    public static Difference Between(Tensor expected, Tensor actual) =>
        Between(Numbers(expected), Numbers(actual));

    public static Difference Between(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double absolute = 0, magnitude = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (!double.IsFinite(expected[i]) || !double.IsFinite(actual[i]))
                return new Difference(double.NaN, magnitude);
            absolute = Math.Max(absolute, Math.Abs(expected[i] - actual[i]));
            magnitude = Math.Max(magnitude, Math.Abs(expected[i]));
        }
        return new Difference(absolute, magnitude);
    }

    public static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(float64).contiguous().data<double>().ToArray();
    }
}
