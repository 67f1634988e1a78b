using GanOnnx.Export.Graphs;
using GanOnnx.Onnx.Editing;
using TorchSharp;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;

namespace GanOnnx.Export;

// Arithmetic, shapes and reductions, under TorchSharp's names; see torch.Tensor for each.
public sealed partial class TracedTensor
{
    /// <summary>Adds, with broadcasting.</summary>
    public static TracedTensor operator +(TracedTensor left, TracedTensor right) =>
        Traced("Add", left.Tensor + right.Tensor, [left, right]);

    /// <summary>Adds a number.</summary>
    public static TracedTensor operator +(TracedTensor left, double right) => left.WithNumber("Add", left.Tensor + right, right);

    /// <summary>Subtracts, with broadcasting.</summary>
    public static TracedTensor operator -(TracedTensor left, TracedTensor right) =>
        Traced("Sub", left.Tensor - right.Tensor, [left, right]);

    /// <summary>Subtracts a number.</summary>
    public static TracedTensor operator -(TracedTensor left, double right) => left.WithNumber("Sub", left.Tensor - right, right);

    /// <summary>The negative.</summary>
    public static TracedTensor operator -(TracedTensor value) => Traced("Neg", -value.Tensor, [value]);

    /// <summary>Multiplies, with broadcasting.</summary>
    public static TracedTensor operator *(TracedTensor left, TracedTensor right) =>
        Traced("Mul", left.Tensor * right.Tensor, [left, right]);

    /// <summary>Multiplies by a number.</summary>
    public static TracedTensor operator *(TracedTensor left, double right) => left.WithNumber("Mul", left.Tensor * right, right);

    /// <summary>Multiplies by a number.</summary>
    public static TracedTensor operator *(double left, TracedTensor right) => right * left;

    /// <summary>Divides, with broadcasting.</summary>
    public static TracedTensor operator /(TracedTensor left, TracedTensor right) =>
        Traced("Div", left.Tensor / right.Tensor, [left, right]);

    /// <summary>Divides by a number.</summary>
    public static TracedTensor operator /(TracedTensor left, double right) => left.WithNumber("Div", left.Tensor / right, right);

    /// <summary>The matrix product, batched over the leading axes.</summary>
    public TracedTensor matmul(TracedTensor target) => Traced("MatMul", Tensor.matmul(target.Tensor), [this, target]);

    /// <summary>The larger of two, with broadcasting.</summary>
    public TracedTensor maximum(TracedTensor other) => Traced("Max", Tensor.maximum(other.Tensor), [this, other]);

    /// <summary>The smaller of two, with broadcasting.</summary>
    public TracedTensor minimum(TracedTensor other) => Traced("Min", Tensor.minimum(other.Tensor), [this, other]);

    /// <summary>To a power.</summary>
    public TracedTensor pow(double exponent) => WithNumber("Pow", Tensor.pow(exponent), exponent);

    /// <summary>The square.</summary>
    public TracedTensor square() => this * this;

    /// <summary>The absolute value.</summary>
    public TracedTensor abs() => Traced("Abs", Tensor.abs(), [this]);

    /// <summary>e to this.</summary>
    public TracedTensor exp() => Traced("Exp", Tensor.exp(), [this]);

    /// <summary>The natural logarithm.</summary>
    public TracedTensor log() => Traced("Log", Tensor.log(), [this]);

    /// <summary>The square root.</summary>
    public TracedTensor sqrt() => Traced("Sqrt", Tensor.sqrt(), [this]);

    /// <summary>One over the square root.</summary>
    public TracedTensor rsqrt() => Traced("Reciprocal", Tensor.rsqrt(), (graph, name, input) =>
        graph.Add("Reciprocal", name, [graph.Add("Sqrt", $"{name}.sqrt", [input])]));

    /// <summary>Limits the values; a bound that is null is open.</summary>
    public TracedTensor clamp(double? min = null, double? max = null) => Traced("Clip", Tensor.clamp(min, max), (graph, name, input) =>
        graph.Clip(name, input, (float?)min, (float?)max));

    /// <summary>max(x, 0).</summary>
    public TracedTensor relu() => Traced("Relu", Tensor.relu(), [this]);

    /// <summary>x where positive, a small part of it elsewhere.</summary>
    public TracedTensor leaky_relu(double negative_slope = 0.01) =>
        Traced("LeakyRelu", Tensor.leaky_relu(negative_slope), [this], Attribute("alpha", (float)negative_slope));

    /// <summary>The hyperbolic tangent.</summary>
    public TracedTensor tanh() => Traced("Tanh", Tensor.tanh(), [this]);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public TracedTensor sigmoid() => Traced("Sigmoid", Tensor.sigmoid(), [this]);

    /// <summary>x · sigmoid(x).</summary>
    public TracedTensor silu() => this * sigmoid();

    /// <summary>Exponentials that sum to 1 along an axis.</summary>
    public TracedTensor softmax(long dim) => Traced("Softmax", Tensor.softmax(dim), [this], Attribute("axis", Axis(dim)));

    /// <summary>The logarithm of <see cref="softmax"/>.</summary>
    public TracedTensor log_softmax(long dim) => Traced("LogSoftmax", Tensor.log_softmax(dim), [this], Attribute("axis", Axis(dim)));

    /// <summary>The mean over the given axes.</summary>
    public TracedTensor mean(long[] dimensions, bool keepdim = false) =>
        Traced("ReduceMean", Tensor.mean(dimensions, keepdim),
            (graph, name, input) => graph.Reduce("ReduceMean", name, input, Axes(dimensions), keepdim));

    /// <summary>The sum over the given axes.</summary>
    public TracedTensor sum(long[] dim, bool keepdim = false) =>
        Traced("ReduceSum", Tensor.sum(dim, keepdim), (graph, name, input) => graph.Reduce("ReduceSum", name, input, Axes(dim), keepdim));

    /// <summary>The largest value over the given axes.</summary>
    public TracedTensor amax(long[] dims, bool keepdim = false) =>
        Traced("ReduceMax", Tensor.amax(dims, keepdim),
            (graph, name, input) => graph.Reduce("ReduceMax", name, input, Axes(dims), keepdim));

    /// <summary>
    /// The same values in another shape. A size of −1 is what remains; a size equal to the input's at the same place
    /// keeps that axis open, as long as the ones before it do.
    /// </summary>
    public TracedTensor reshape(params long[] shape) =>
        Traced("Reshape", Tensor.reshape(shape), (graph, name, input) => graph.Reshape(name, input, Kept(shape)));

    /// <summary>See <see cref="reshape"/>.</summary>
    public TracedTensor view(params long[] shape) => reshape(shape);

    /// <summary>Joins the axes from <paramref name="start_dim"/> to <paramref name="end_dim"/>.</summary>
    public TracedTensor flatten(long start_dim = 0, long end_dim = -1)
    {
        var (start, end, sizes) = ((int)Axis(start_dim), (int)Axis(end_dim), shape);
        return reshape([.. sizes[..start], -1, .. sizes[(end + 1)..]]);
    }

    /// <summary>The axes in another order.</summary>
    public TracedTensor permute(params long[] permutation) =>
        Traced("Transpose", Tensor.permute(permutation), [this], Attribute("perm", Axes(permutation)));

    /// <summary>Exchanges two axes.</summary>
    public TracedTensor transpose(long dim0, long dim1)
    {
        var order = Enumerable.Range(0, (int)ndim).Select(i => (long)i).ToArray();
        (order[Axis(dim0)], order[Axis(dim1)]) = (order[Axis(dim1)], order[Axis(dim0)]);
        return permute(order);
    }

    /// <summary>Adds an axis of size 1.</summary>
    public TracedTensor unsqueeze(long dim) => Traced("Unsqueeze", Tensor.unsqueeze(dim), (graph, name, input) =>
        graph.Unsqueeze(name, input, dim < 0 ? dim + ndim + 1 : dim));

    /// <summary>Takes an axis of size 1 away.</summary>
    public TracedTensor squeeze(long dim) => Traced("Squeeze", Tensor.squeeze(dim), (graph, name, input) =>
        graph.Squeeze(name, input, Axis(dim)));

    /// <summary>Repeats axes of size 1 up to the given sizes; −1 leaves an axis as it is.</summary>
    public TracedTensor expand(params long[] sizes) => Traced("Expand", Tensor.expand(sizes), (graph, name, input) =>
        // In ONNX both shapes broadcast, so 1 leaves an axis as it is.
        graph.Add("Expand", name, [input, graph.Initializer($"{name}.shape", [.. Expanded(sizes)])]));

    /// <summary>A part of an axis. A negative start counts from the end, also of an open axis.</summary>
    public TracedTensor narrow(long dim, long start, long length) =>
        Traced("Slice", Tensor.narrow(dim, start < 0 ? start + shape[Axis(dim)] : start, length), (graph, name, input) =>
            graph.Slice(name, input, Axis(dim), start, start < 0 && start + length >= 0 ? long.MaxValue : start + length));

    /// <summary>One index of an axis, which goes away. A negative one counts from the end, also of an open axis.</summary>
    public TracedTensor select(long dim, long index) => narrow(dim, index, 1).squeeze(dim);

    /// <summary>Cuts an axis into equal parts.</summary>
    public TracedTensor[] chunk(long chunks, long dim = 0)
    {
        var size = (shape[Axis(dim)] + chunks - 1) / chunks;
        var parts = new List<TracedTensor>();
        for (long start = 0; start < shape[Axis(dim)]; start += size)
            parts.Add(narrow(dim, start, Math.Min(size, shape[Axis(dim)] - start)));
        return [.. parts];
    }

    /// <summary>Joins tensors along an axis.</summary>
    public static TracedTensor cat(IReadOnlyList<TracedTensor> tensors, long dim = 0) =>
        Traced("Concat", torch.cat([.. tensors.Select(t => t.Tensor)], dim), [.. tensors], Attribute("axis", tensors[0].Axis(dim)));

    private TracedTensor WithNumber(string operatorType, Tensor result, double number) =>
        Traced(operatorType, result, (graph, name, input) => graph.WithNumber(operatorType, name, input, number));

    private long[] Kept(long[] target)
    {
        var (sizes, kept) = (shape, target.ToArray());
        for (var i = 0; i < kept.Length && i < sizes.Length && kept[i] == sizes[i]; i++)
            kept[i] = Ops.Reshape.Keep;
        return kept;
    }

    private IEnumerable<long> Expanded(long[] sizes)
    {
        var added = sizes.Length - (int)ndim;
        return sizes.Select((size, i) => size < 0 || (i >= added && size == shape[i - added]) ? 1 : size);
    }
}
