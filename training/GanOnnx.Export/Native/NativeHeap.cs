using System.Runtime.InteropServices;

namespace GanOnnx.Export.Native;

/// <summary>
/// glibc's heap, which libtorch takes its tensors from. It gives every large block back to the system when it is freed and takes it anew, a
/// page at a time, when the next operator wants one; in a virtual machine that takes several times as long as the operator.
/// </summary>
internal static unsafe class NativeHeap
{
    // Of malloc.h.
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4, ArenaMax = -8;
    private const int GrowBy = 64 << 20;

    private static readonly string[] _variables =
        ["GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "MALLOC_MMAP_MAX_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TOP_PAD_", "MALLOC_TRIM_THRESHOLD_"];

    /// <summary>Makes it keep what is freed for the next that is asked for. Not where the environment says how it is to be.</summary>
    public static void Keep()
    {
        if (_variables.Any(name => Environment.GetEnvironmentVariable(name) is not null)
            || !NativeLibrary.TryLoad("libc.so.6", out var library) || !NativeLibrary.TryGetExport(library, "mallopt", out var address))
            return;
        var set = (delegate* unmanaged[Cdecl]<int, int, int>)address;
        set(MmapMax, 0);
        set(TrimThreshold, int.MaxValue);
        set(TopPad, GrowBy);
        set(ArenaMax, 1); // threads' own arenas give back what is freed, whatever is set
    }
}
