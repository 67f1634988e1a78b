using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The entries of native/dispatch.cpp and native/modules.cpp.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libganonnx-torch.so";

    // libtorch 1.13.1's OpenMP and OpenBLAS threads fight over the cores unless OpenBLAS keeps to one and OpenMP
    // pins its own; both read the environment when they are loaded, and .NET's own variables don't reach native code.
    static Native()
    {
        setenv("OPENBLAS_NUM_THREADS", "1", 0);
        setenv("OMP_PROC_BIND", "true", 0);
        // Waiting threads stay awake for a moment, which is longer than the gaps between a step's operators, then give
        // their core away: OpenMP's own ten times of it takes other processes' time on a busy machine.
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            setenv("GOMP_SPINCOUNT", "30000", 0);
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);
        // Pinned to one core, libtorch would count one; the published one counts them all.
        gx_set_num_threads(Environment.ProcessorCount);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return 0;
        try
        {
            return NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, Library));
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                "libtorch 1.13 was not found: install Debian's package libtorch-dev, or run ./gan setup. " + e.Message, e);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)] private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)] private static partial nint gx_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint gx_operator(string name, string overload);
    [LibraryImport(Library)] internal static partial long gx_call(nint op, Value* arguments, long count, nint* results, long capacity);
    [LibraryImport(Library)] internal static partial void gx_release(nint handle);
    [LibraryImport(Library)] internal static partial long gx_dim(nint t);
    [LibraryImport(Library)] internal static partial void gx_sizes(nint t, long* sizes);
    [LibraryImport(Library)] internal static partial long gx_numel(nint t);
    [LibraryImport(Library)] internal static partial long gx_dtype(nint t);
    [LibraryImport(Library)] internal static partial long gx_element_size(nint t);
    [LibraryImport(Library)] internal static partial long gx_device_type(nint t);
    [LibraryImport(Library)] internal static partial long gx_device_index(nint t);
    [LibraryImport(Library)] internal static partial long gx_is_contiguous(nint t);
    [LibraryImport(Library)] internal static partial long gx_is_leaf(nint t);
    [LibraryImport(Library)] internal static partial long gx_requires_grad(nint t);
    [LibraryImport(Library)] internal static partial nint gx_data(nint t);
    [LibraryImport(Library)] internal static partial long gx_set_requires_grad(nint t, long on);
    [LibraryImport(Library)] internal static partial nint gx_grad(nint t);
    [LibraryImport(Library)] internal static partial long gx_set_grad(nint t, nint grad);
    [LibraryImport(Library)] internal static partial long gx_backward(nint t, long retainGraph, long createGraph);
    [LibraryImport(Library)] internal static partial long gx_autograd(nint* outputs, long outputCount, nint* inputs, long inputCount, nint* gradOutputs, long gradCount, long retain, long create, long allowUnused, nint* results);
    [LibraryImport(Library)] internal static partial long gx_grad_mode(long on);
    [LibraryImport(Library)] internal static partial void gx_manual_seed(long seed);
    [LibraryImport(Library)] internal static partial long gx_get_num_threads();
    [LibraryImport(Library)] internal static partial void gx_set_num_threads(long n);

    [LibraryImport(Library)] internal static partial long gx_set_data(nint t, nint data);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint gx_module(string type, Value* arguments);
    [LibraryImport(Library)] internal static partial void gx_module_release(nint module);
    [LibraryImport(Library)] internal static partial long gx_module_call(nint module, Value* arguments, nint* results);
    [LibraryImport(Library)] internal static partial void gx_module_parameters(nint module, delegate* unmanaged<nint, nint, void> add);
    [LibraryImport(Library)] internal static partial nint gx_module_weight(nint module);
    [LibraryImport(Library)] internal static partial nint gx_module_name(nint module);
    [LibraryImport(Library)] internal static partial long gx_module_training(nint module, long on);
    [LibraryImport(Library)] internal static partial nint gx_interpolate(nint input, long* size, long sizes, double* scale, long scales, long mode, long align, long recompute, long antialias);

    internal static nint Check(nint result) => result != 0 ? result : throw Error();

    internal static long Check(long result) => result >= 0 ? result : throw Error();

    private static ExternalException Error() => new(Marshal.PtrToStringUTF8(gx_error()));

    internal enum Kind : long { None, Tensor, Int, Double, Bool, IntList, TensorList, Device, String }

    /// <summary>One argument of an operator, as dispatch.cpp reads it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Value
    {
        internal Kind Kind;
        internal long Integer;
        internal double Number;
        internal nint Pointer;
    }
}
