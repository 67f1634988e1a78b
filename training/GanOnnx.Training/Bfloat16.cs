using System.Runtime.Intrinsics.X86;
using GanOnnx.Export.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training;

/// <summary>What bfloat16 is worth on this CPU.</summary>
/// <remarks>
/// The CPU's word isn't enough: one that says AVX512-BF16 may compute half as many products a second in bfloat16 as in float32, as Intel's
/// Xeons of 2023 do in virtual machines that hide AMX. So it is measured.
/// </remarks>
internal static class Bfloat16
{
    private const int Rounds = 5;

    // Slower than this it needn't be measured any closer, which takes long where libtorch has no fast kernel at all.
    private const double Hopeless = 0.1;

    private static readonly Lazy<double> _speedUp = new(Measure);

    /// <summary>Whether the CPU says that it computes in bfloat16: AVX512-BF16 or AMX-BF16.</summary>
    public static bool IsOfTheCpu { get; } = X86Base.IsSupported
        && ((X86Base.CpuId(7, 1).Eax & 1 << 5) != 0 || (X86Base.CpuId(7, 0).Edx & 1 << 22) != 0);

    /// <summary>How many times as fast a convolution with its gradients is as in float32, casts included; measured once, in less than a
    /// second.</summary>
    public static double SpeedUp => _speedUp.Value;

    // The best of some in turns, in the CPU's time, which neighbours on a busy machine change less than the clock's.
    private static double Measure()
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (ones(8, 64, 16, 16).requires_grad_(), ones(128, 64, 4, 4).requires_grad_()); // as a DCGAN's second layer
        var (full, reduced) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round <= Rounds && full >= Hopeless * reduced; round++)
        {
            var (now, nowReduced) = (Time(input, weight, null), Time(input, weight, bfloat16));
            if (round > 0) // the first has oneDNN generate its code
                (full, reduced) = (Math.Min(full, now), Math.Min(reduced, nowReduced));
        }
        return full / reduced;
    }

    private static double Time(Tensor input, Tensor weight, ScalarType? type)
    {
        using var scope = NewDisposeScope();
        using var precision = ComputePrecision.Use(type);
        var start = Environment.CpuUsage.TotalTime;
        ComputePrecision.conv2d(input, weight, null, [2, 2], [1, 1], [1, 1]).sum().backward();
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }
}
