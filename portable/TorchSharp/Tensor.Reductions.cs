using static TorchSharp.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Call("sum", this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Call("sum", "dim_IntList", this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => sum(dim.ToArray(), keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum((long[])[dim], keepdim, type);
        public Tensor mean() => Call("mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Call("mean", "dim", this, dimensions, keepdim, type);
        public Tensor prod(ScalarType? type = null) => Call("prod", this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Call("prod", "dim_int", this, dim, keepdim, type);
        public Tensor max() => Call("max", this);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => CallTwo("max", "dim", this, dim, keepdim);
        public Tensor min() => Call("min", this);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => CallTwo("min", "dim", this, dim, keepdim);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => amax((ReadOnlySpan<long>)dims, keepdim, @out);
        public Tensor amax(params long[] dims) => amax((ReadOnlySpan<long>)dims);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => @out is null
            ? Call("amax", this, dims.ToArray(), keepdim)
            : throw new NotSupportedException("The portable TorchSharp has no out tensors.");
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => amin((ReadOnlySpan<long>)dims, keepdim, @out);
        public Tensor amin(params long[] dims) => amin((ReadOnlySpan<long>)dims);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => @out is null
            ? Call("amin", this, dims.ToArray(), keepdim)
            : throw new NotSupportedException("The portable TorchSharp has no out tensors.");
        public Tensor argmax() => Call("argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => Call("argmax", this, dim, keepdim);
        public Tensor argmin() => Call("argmin", this);
        public Tensor argmin(long dim, bool keepdim = false) => Call("argmin", this, dim, keepdim);
        public Tensor all() => Call("all", this);
        public Tensor all(long dim, bool keepdim = false) => Call("all", "dim", this, dim, keepdim);
        public Tensor any() => Call("any", this);
        public Tensor any(long dim, bool keepdim = false) => Call("any", "dim", this, dim, keepdim);
        public Tensor norm(float p = 2.0f) => Call("norm", "Scalar", this, (double)p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Call("norm", "ScalarOpt_dim", this, (double)p, (long[])[dim], keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Call("logsumexp", this, (long[])[dim], keepdim);
        public Tensor cumsum(long dim, ScalarType? type = null) => Call("cumsum", this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Call("cumprod", this, dim, type);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Call("softmax", "int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Call("log_softmax", "int", this, dim, dtype);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) => CallTwo("sort", "stable", this, stable, dim, descending);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => CallTwo("topk", "", this, (long)k, (long)dim, largest, sorted);

        // As in the real one: var() of all elements divides by n − 1 whatever is asked for, and `type` is not looked at.
        public Tensor std(bool unbiased = true) => Call("std", this, unbiased);
        public Tensor var(bool unbiased = true) => Call("var", this, true);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Call("std", "dim", this, dimensions, unbiased, keepdim);
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std(dimensions.ToArray(), unbiased, keepdim);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std((long[])[dim], unbiased, keepdim);
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std((long[])[dim.Item1, dim.Item2], unbiased, keepdim);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Call("var", "dim", this, dimensions, unbiased, keepdim);
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var(dimensions.ToArray(), unbiased, keepdim);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var((long[])[dim], unbiased, keepdim);
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var((long[])[dim.Item1, dim.Item2], unbiased, keepdim);
    }
}
