using static TorchSharp.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor alias() => Call("alias", this);
        public Tensor clone() => Call("clone", this);
        public Tensor contiguous() => Call("contiguous", this);
        public Tensor detach() => Call("detach", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => InPlace(this, "copy_", "", this, source, nonBlocking);

        public Tensor cpu() => alias();
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            DisposeIf(disposeAfter, Call("to", "dtype", this, (long)type, non_blocking, copy));
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to_type(type, copy, disposeAfter, non_blocking);
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            DisposeIf(disposeAfter, Call("to", "device", this, device, (long)dtype, non_blocking, copy));
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);
        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);

        private Tensor DisposeIf(bool dispose, Tensor result)
        {
            if (dispose)
                Dispose();
            return result;
        }

        public Tensor view(params long[] shape) => Call("view", this, shape);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor reshape(params long[] shape) => Call("reshape", this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Call("flatten", "using_ints", this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes)
        {
            var shape = this.shape;
            if (dim < 0 || dim >= shape.Length || sizes.Length == 0)
                throw new ArgumentException($"An axis from 0 to {shape.Length - 1} can be split into at least one size, not {dim} into [{string.Join(", ", sizes)}].");
            return reshape([.. shape[..(int)dim], .. sizes, .. shape[((int)dim + 1)..]]);
        }
        public Tensor permute(params long[] permutation) => Call("permute", this, permutation);
        public Tensor transpose(long dim0, long dim1) => Call("transpose", "int", this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor t() => Call("t", this);
        public Tensor movedim(long[] source, long[] destination) => Call("movedim", "intlist", this, source, destination);
        public Tensor squeeze(long? dim = null) => dim is { } d ? Call("squeeze", "dim", this, d) : Call("squeeze", this);
        public Tensor squeeze_(long? dim = null) => dim is { } d ? InPlace(this, "squeeze_", "dim", this, d) : InPlace(this, "squeeze_", "", this);
        public Tensor unsqueeze(long dim) => Call("unsqueeze", this, dim);
        public Tensor unsqueeze_(long dim) => InPlace(this, "unsqueeze_", "", this, dim);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Call("expand", this, sizes.ToArray(), isImplicit);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Call("expand", this, sizes, isImplicit);
        public Tensor expand(params long[] sizes) => Call("expand", this, sizes);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor broadcast_to(params long[] shape) => Call("broadcast_to", this, shape);
        public Tensor repeat(params long[] sizes) => Call("repeat", this, sizes);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => Call("repeat_interleave", "self_int", this, repeats, dim, output_size);
        public Tensor tile(long[] reps) => Call("tile", this, reps);

        public Tensor narrow(long dim, long start, long length) => Call("narrow", this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) => step >= 1
            ? Call("slice", "Tensor", this, dim, start, finish, step)
            : throw new ArgumentException($"step is {step}, but it should always be positive.");
        public Tensor select(long dim, long index) => Call("select", "int", this, dim, index);
        public Tensor index_select(long dim, Tensor index) => Call("index_select", this, dim, index);
        public Tensor gather(long dim, Tensor index) => Call("gather", this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Call("scatter", "src", this, dim, index, src);
        public Tensor[] split(long size, int dim = 0) => CallMany("split", "Tensor", this, size, (long)dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);
        public Tensor[] split(long[] sizes, long dim = 0) => CallMany("split_with_sizes", "", this, sizes, dim);
        public Tensor[] chunk(long chunks, long dim = 0L) => CallMany("chunk", "", this, chunks, dim);
        public Tensor[] unbind(long dimension = 0L) => CallMany("unbind", "int", this, dimension);
        public Tensor unfold(long dimension, long size, long step) => Call("unfold", this, dimension, size, step);

        public Tensor flip(params long[] dims) => Call("flip", this, dims);
        public Tensor roll(long shifts, long? dims = null) => Call("roll", this, (long[])[shifts], dims is { } d ? (long[])[d] : (long[])[]);
        public Tensor roll(long[] shifts, long[] dims) => Call("roll", this, shifts, dims);
        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);
        public Tensor tril(long diagonal = 0) => Call("tril", this, diagonal);
        public Tensor triu(long diagonal = 0) => Call("triu", this, diagonal);
        public Tensor channel_shuffle(long groups) => Call("channel_shuffle", this, groups);
        public Tensor nonzero() => Call("nonzero", this);
    }
}
