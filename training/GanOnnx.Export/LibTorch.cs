using System.Runtime.CompilerServices;
using GanOnnx.Export.Native;
using GanOnnx.Shared;

namespace GanOnnx.Export;

/// <summary>Makes TorchSharp load where it doesn't by itself, and sets what libtorch reads only once, as it loads.</summary>
public static class LibTorch
{
    private static readonly Lock _lock = new();
    private static bool _prepared;

    /// <summary>
    /// Prepares the process for TorchSharp. It has happened once anything of GanOnnx.Export or GanOnnx.Training was used, so only a program
    /// that uses TorchSharp before them calls it, as its first line. Further calls do nothing.
    /// </summary>
    /// <remarks>
    /// <para>On Linux the native library of TorchSharp 0.107 asks for the C++ library of GCC 13, which Debian 12 and Ubuntu 22.04 don't
    /// have,
    /// for a symbol that nothing refers to. Where loading it fails, a copy that doesn't ask is loaded instead; it is kept in the user's
    /// cache.</para>
    /// <para>Unless the environment has them: <c>MKL_CBWR=AUTO,STRICT</c>, so that sums have one order wherever the numbers lie in memory
    /// and a
    /// resumed run gives the same weights to the bit; and <c>GOMP_SPINCOUNT=30000</c>, so that idle threads stay awake for the moment
    /// between two
    /// operators and no longer (not where <c>OMP_WAIT_POLICY</c> is set).</para>
    /// <para>On Linux with glibc, its heap keeps what is freed instead of giving it back to the system, unless <c>GLIBC_TUNABLES</c> or a
    /// variable <c>MALLOC_…</c> is set: convolutions of large images are up to ten times as fast so in a virtual machine. The process keeps
    /// the most memory that it had.</para>
    /// <para>On Linux oneDNN doesn't use the matrix units (AMX) of some Intel processors, unless <c>ONEDNN_MAX_CPU_ISA</c> is set, to
    /// <c>ALL</c> for one: in a process that has used them .NET 10 dies of a NullReferenceException, wherever it is raised and caught. It
    /// costs a quarter of the speed in bfloat16 there, and nothing in float32.</para>
    /// <para>On Linux in a virtual machine that hides an AMD processor's caches, oneDNN is told their sizes, as it computes wrong numbers
    /// without; with another libtorch than TorchSharp 0.107's it is switched off there.</para>
    /// </remarks>
    public static void Prepare()
    {
        lock (_lock)
        {
            if (_prepared)
                return;
            _prepared = true;
        }
        NativeEnvironment.SetDefault("MKL_CBWR", "AUTO,STRICT");
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            NativeEnvironment.SetDefault("GOMP_SPINCOUNT", "30000");
        if (!OperatingSystem.IsLinux())
            return;
        // Once a process has used AMX, a NullReferenceException anywhere in it ends it: the kernel's frame for the signal that .NET 10
        // makes one of takes 8 KB more, and .NET's stack for signals hasn't as much.
        NativeEnvironment.SetDefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16");
        NativeHeap.Keep();
        TorchSharpLibrary.ResolveWhereMissing();
        if (OneDnn.IsMisled && TorchSharpLibrary.LibTorch is { } path)
            OneDnn.Correct(path);
    }

    // A library of ours that touches TorchSharp can't know which of its members a program calls first.
#pragma warning disable CA2255 // Use module initializers in applications only
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Initialize() => Prepare();
}
