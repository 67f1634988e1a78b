using System.Runtime.InteropServices;
using static TorchSharp.Operator;

namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => new();

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => Native.gx_grad_mode(-1) != 0;

    public static int get_num_threads() => (int)Native.gx_get_num_threads();

    public static void set_num_threads(int num) => Native.gx_set_num_threads(num);

    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Call("empty", "memory_format", size, dtype ?? ScalarType.Float32, Argument.None, device ?? CPU).with_requires_grad(requires_grad);

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Call("zeros", size, dtype ?? ScalarType.Float32, Argument.None, device ?? CPU).with_requires_grad(requires_grad);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Call("ones", size, dtype ?? ScalarType.Float32, Argument.None, device ?? CPU).with_requires_grad(requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Call("zeros_like", input, dtype, Argument.None, device).with_requires_grad(requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray<float>(rawArray, ScalarType.Float32, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray<byte>(rawArray, ScalarType.Byte, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray<long>(dataArray, ScalarType.Int64, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        FromArray<float>([scalar], ScalarType.Float32, [], null, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromArray<long>([scalar], ScalarType.Int64, [], dtype, device, requires_grad);

    private static Tensor FromArray<T>(T[] values, ScalarType type, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        var result = empty(shape.ToArray(), type);
        result.bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (dtype is { } target && target != type)
            result = result.to(target, disposeAfter: true);
        if (device is { type: not DeviceType.CPU })
            result = result.to(device, disposeAfter: true);
        return result.with_requires_grad(requires_grad);
    }

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Call("cat", tensors.ToArray(), dim);

    public static class random
    {
        public static Generator manual_seed(long seed)
        {
            Native.gx_manual_seed(seed);
            return new Generator();
        }
    }

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public class Generator
    {
        internal Generator() { }
    }

    public static partial class autograd
    {
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] o = [.. outputs.Select(t => t.Handle)], i = [.. inputs.Select(t => t.Handle)], g = [.. (grad_outputs ?? []).Select(t => t.Handle)];
            var results = new nint[i.Length];
            fixed (nint* po = o, pi = i, pg = g, pr = results)
                Native.Check(Native.gx_autograd(po, o.Length, pi, i.Length, pg, g.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, pr));
            return Array.ConvertAll(results, handle => handle != 0 ? new Tensor(handle) : null!);
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly long _before;

        internal GradMode(bool on) => _before = Native.gx_grad_mode(on ? 1 : 0);

        public void Dispose() => Native.gx_grad_mode(_before);
    }
}
