using System.Numerics;
using System.Runtime.InteropServices;

namespace GanOnnx.Training;

/// <summary>
/// Adam's step over flat memory in one pass: each number is read and written once, where libtorch's operators go over them a dozen times,
/// with a temporary tensor for each. It rounds as they do, but for square roots, of which MKL rounds one in a few hundred otherwise; the
/// same on every CPU.
/// </summary>
/// <remarks>D. P. Kingma, J. Ba: "Adam", 2014, https://arxiv.org/abs/1412.6980, algorithm 1.</remarks>
internal static class FlatAdam
{
    /// <summary>What a step multiplies by.</summary>
    /// <param name="Beta1">How much of the mean of gradients stays.</param>
    /// <param name="Rest1">How much of the gradient comes to it.</param>
    /// <param name="Beta2">How much of the mean of squared gradients stays.</param>
    /// <param name="Rest2">How much of the squared gradient comes to it.</param>
    /// <param name="Correction">The root of how much of the squares' mean has come by now, 1 − β₂ᵗ.</param>
    /// <param name="Step">Minus the learning rate, divided by how much of the gradients' mean has come by now, 1 − β₁ᵗ.</param>
    /// <param name="Epsilon">What keeps a divisor above 0.</param>
    /// <param name="Decay">How much of the weight is added to its gradient.</param>
    public readonly record struct Factors(
        float Beta1, float Rest1, float Beta2, float Rest2, float Correction, float Step, float Epsilon, float Decay);

    /// <summary>Takes a step.</summary>
    /// <param name="weights">Is changed.</param>
    /// <param name="gradients">As many.</param>
    /// <param name="means">The running mean of gradients; is changed.</param>
    /// <param name="squares">The running mean of their squares; is changed.</param>
    /// <param name="factors">What to multiply by.</param>
    public static void Step(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, in Factors factors)
    {
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients)[..w.Length];
        var m = MemoryMarshal.Cast<float, Vector<float>>(means)[..w.Length];
        var v = MemoryMarshal.Cast<float, Vector<float>>(squares)[..w.Length];
        Vector<float> beta1 = new(factors.Beta1), rest1 = new(factors.Rest1), beta2 = new(factors.Beta2), rest2 = new(factors.Rest2),
            correction = new(factors.Correction), step = new(factors.Step), epsilon = new(factors.Epsilon), decay = new(factors.Decay);
        for (var i = 0; i < w.Length; i++)
        {
            var gradient = Vector.FusedMultiplyAdd(w[i], decay, g[i]);
            var mean = Vector.FusedMultiplyAdd(gradient, rest1, m[i] * beta1);
            var square = Vector.FusedMultiplyAdd(rest2 * gradient, gradient, v[i] * beta2);
            (m[i], v[i]) = (mean, square);
            w[i] += step * mean / (Vector.SquareRoot(square) / correction + epsilon);
        }
        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            var gradient = MathF.FusedMultiplyAdd(weights[i], factors.Decay, gradients[i]);
            var mean = MathF.FusedMultiplyAdd(gradient, factors.Rest1, means[i] * factors.Beta1);
            var square = MathF.FusedMultiplyAdd(factors.Rest2 * gradient, gradient, squares[i] * factors.Beta2);
            (means[i], squares[i]) = (mean, square);
            weights[i] += factors.Step * mean / (MathF.Sqrt(square) / factors.Correction + factors.Epsilon);
        }
    }
}
