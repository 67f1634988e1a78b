namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => new();

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => Native.gx_grad_mode(-1) != 0;

    public static int get_num_threads() => (int)Native.gx_get_num_threads();

    public static void set_num_threads(int num) => Native.gx_set_num_threads(num);

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
