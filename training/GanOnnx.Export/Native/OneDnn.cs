using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace GanOnnx.Export.Native;

/// <summary>oneDNN, which libtorch has for convolutions and LSTMs, and which some virtual machines lead astray.</summary>
/// <remarks>
/// oneDNN 3.7 asks an AMD processor for its caches' sizes (CPUID leaf 8000001D). Where a hypervisor answers with zeros it takes them for
/// one
/// byte and splits its work so that weights and images of fewer than 8 or 16 channels come out wrong, or as whatever was in memory.
/// </remarks>
internal static unsafe class OneDnn
{
    private const int Caches = unchecked((int)0x8000001D);

    /// <summary>Whether this machine is one on which it computes wrong numbers.</summary>
    public static bool IsMisled { get; } = HidesCaches();

    /// <summary>Switches it off: libtorch then computes with kernels of its own.</summary>
    /// <param name="libtorch">The path of libtorch_cpu.so.</param>
    public static void SwitchOff(string libtorch)
    {
        if (!NativeLibrary.TryLoad(libtorch, out var library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var globalContext))
            return;
        var context = ((delegate* unmanaged[Cdecl]<nint>)globalContext)();
        // at::globalContext().setUserEnabledMkldnn(false), what torch.backends.mkldnn.set_flags is in Python. NNPACK would be tried in its
        // place, for each convolution, and say each time that it doesn't know the hardware.
        SetFalse("_ZN2at7Context20setUserEnabledMkldnnEb");
        SetFalse("_ZN2at7Context20setUserEnabledNNPACKEb");

        void SetFalse(string name)
        {
            if (NativeLibrary.TryGetExport(library, name, out var set))
                ((delegate* unmanaged[Cdecl]<nint, byte, void>)set)(context, 0);
        }
    }

    private static bool HidesCaches()
    {
        if (!X86Base.IsSupported)
            return false;
        var (_, b, c, d) = X86Base.CpuId(0, 0);
        var isAmd = (b, d, c) == (0x68747541, 0x69746e65, 0x444d4163); // "AuthenticAMD"
        return isAmd && X86Base.CpuId(Caches, 0) is { Eax: 0, Ebx: 0, Ecx: 0 };
    }
}
