using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace GanOnnx.Export.Native;

/// <summary>oneDNN, which libtorch has for convolutions and LSTMs, and which some virtual machines lead astray.</summary>
/// <remarks>
/// oneDNN 3.7 asks an AMD processor for its caches' sizes (CPUID leaf 8000001D). Where a hypervisor answers with zeros it takes them for
/// one byte and splits its work so that weights and images of fewer than 8 or 16 channels come out wrong, or as whatever was in memory.
/// </remarks>
internal static unsafe class OneDnn
{
    private const int Caches = unchecked((int)0x8000001D);

    // Where libtorch 2.10.0 for Linux has at::globalContext(), which it exports, and dnnl::impl::cpu::x64::cpu(), which it doesn't.
    private const nint GlobalContext = 0x1c784f0, CpuFunction = 0xf89b1a0;

    // Where a Cpu has its caches' sizes in bytes, the first level's first, and how many levels there are.
    private const int Sizes = 0x1c, LevelCount = 0x6c;

    // The function's beginning; the distances in it to its variables are those of this one build.
    private static readonly byte[] _cpuFunctionBegins =
    [
        0xf3, 0x0f, 0x1e, 0xfa, 0x0f, 0xb6, 0x05, 0xc5, 0xff, 0xfb, 0x05, 0x84, 0xc0, 0x74, 0x11, 0x48, 0x8d, 0x05, 0xca, 0xff, 0xfb, 0x05,
        0xc3,
    ];

    // What oneDNN takes for the caches' sizes where a processor can't be asked.
    private static readonly int[] _cacheSizes = [32 << 10, 512 << 10, 1 << 20];

    /// <summary>Whether this machine is one on which it computes wrong numbers.</summary>
    public static bool IsMisled { get; } = HidesCaches();

    /// <summary>Tells it the caches' sizes, before it computes anything; switches it off where that can't be done, so that libtorch
    /// computes with slower kernels of its own.</summary>
    /// <param name="libtorch">The path of libtorch_cpu.so.</param>
    public static void Correct(string libtorch)
    {
        if (!NativeLibrary.TryLoad(libtorch, out var library))
            return;
        var globalContext = FindGlobalContext(library);
        if (globalContext == 0)
            return;
        // at::globalContext().setUserEnabledNNPACK(false), what torch.backends.nnpack.set_flags is in Python. Without caches it doesn't
        // know the hardware, tries anew for each convolution that oneDNN doesn't take, and says so each time.
        SetFalse("_ZN2at7Context20setUserEnabledNNPACKEb");
        if (!IsKnown(globalContext) || !TellCaches(globalContext))
            SetFalse("_ZN2at7Context20setUserEnabledMkldnnEb");

        void SetFalse(string name)
        {
            if (NativeLibrary.TryGetExport(library, name, out var set))
                ((delegate* unmanaged[Cdecl]<nint, byte, void>)set)(((delegate* unmanaged[Cdecl]<nint>)globalContext)(), 0);
        }
    }

    /// <summary>Whether a libtorch has what is needed to tell it the caches' sizes: it is the build that is known here.</summary>
    /// <param name="libtorch">The path of libtorch_cpu.so.</param>
    public static bool IsKnown(string libtorch) => IsKnown(FindGlobalContext(NativeLibrary.Load(libtorch)));

    private static bool IsKnown(nint globalContext)
    {
        var begin = globalContext - GlobalContext + CpuFunction;
        return IsCode(begin) && new ReadOnlySpan<byte>((void*)begin, _cpuFunctionBegins.Length).SequenceEqual(_cpuFunctionBegins);
    }

    private static nint FindGlobalContext(nint library) =>
        NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var address) ? address : 0;

    // The sizes that it has asked for are in a variable that it reads whenever it splits work.
    private static bool TellCaches(nint globalContext)
    {
        var cpu = ((delegate* unmanaged[Cdecl]<byte*>)(globalContext - GlobalContext + CpuFunction))();
        var sizes = new Span<int>(cpu + Sizes, _cacheSizes.Length);
        if (*(int*)(cpu + LevelCount) != _cacheSizes.Length || sizes.ContainsAnyExcept(1))
            return false;
        _cacheSizes.CopyTo(sizes);
        return true;
    }

    // Another build may be shorter, and not every system shows a process its own memory.
    private static bool IsCode(nint address)
    {
        if (!File.Exists("/proc/self/maps"))
            return false;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var parts = line.Split(' ', 3);
            var range = parts[0].Split('-');
            if (address >= nint.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                && address + _cpuFunctionBegins.Length <= nint.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                return parts[1].StartsWith("r-x", StringComparison.Ordinal);
        }
        return false;
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
