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
        Arithmetic("Add", left.Value + right.Value, left, right);

    /// <summary>Adds a number.</summary>
    public static TracedTensor operator +(TracedTensor left, Scalar right) => left.WithNumber("Add", left.Value + right, right);

    /// <summary>Adds a number.</summary>
    public static TracedTensor operator +(Scalar left, TracedTensor right) => right + left;

    /// <summary>Subtracts, with broadcasting.</summary>
    public static TracedTensor operator -(TracedTensor left, TracedTensor right) =>
        Arithmetic("Sub", left.Value - right.Value, left, right);

    /// <summary>Subtracts a number.</summary>
    public static TracedTensor operator -(TracedTensor left, Scalar right) => left.WithNumber("Sub", left.Value - right, right);

    /// <summary>Subtracts from a number.</summary>
    public static TracedTensor operator -(Scalar left, TracedTensor right) =>
        right.WithNumber("Sub", left - right.Value, left, numberFirst: true);

    /// <summary>The negative.</summary>
    public static TracedTensor operator -(TracedTensor value) => Traced("Neg", -value.Value, [value]);

    /// <summary>Multiplies, with broadcasting.</summary>
    public static TracedTensor operator *(TracedTensor left, TracedTensor right) =>
        Arithmetic("Mul", left.Value * right.Value, left, right);

    /// <summary>Multiplies by a number.</summary>
    public static TracedTensor operator *(TracedTensor left, Scalar right) => left.WithNumber("Mul", left.Value * right, right);

    /// <summary>Multiplies by a number.</summary>
    public static TracedTensor operator *(Scalar left, TracedTensor right) => right * left;

    /// <summary>Divides, with broadcasting.</summary>
    public static TracedTensor operator /(TracedTensor left, TracedTensor right) =>
        Arithmetic("Div", left.Value / right.Value, left, right);

    /// <summary>Divides by a number.</summary>
    public static TracedTensor operator /(TracedTensor left, Scalar right) => left.WithNumber("Div", left.Value / right, right);

    /// <summary>Divides a number.</summary>
    public static TracedTensor operator /(Scalar left, TracedTensor right) =>
        right.WithNumber("Div", left / right.Value, left, numberFirst: true);

    /// <summary>Where one is larger than the other, as truth values.</summary>
    public static TracedTensor operator >(TracedTensor left, TracedTensor right) =>
        Compared("Greater", left.Value.gt(right.Value), left, right);

    /// <summary>Where it is larger than a number, as truth values.</summary>
    public static TracedTensor operator >(TracedTensor left, Scalar right) => left.Compared("Greater", left.Value.gt(right), right);

    /// <summary>Where a number is larger, as truth values.</summary>
    public static TracedTensor operator >(Scalar left, TracedTensor right) => right < left;

    /// <summary>Where one is smaller than the other, as truth values.</summary>
    public static TracedTensor operator <(TracedTensor left, TracedTensor right) =>
        Compared("Less", left.Value.lt(right.Value), left, right);

    /// <summary>Where it is smaller than a number, as truth values.</summary>
    public static TracedTensor operator <(TracedTensor left, Scalar right) => left.Compared("Less", left.Value.lt(right), right);

    /// <summary>Where a number is smaller, as truth values.</summary>
    public static TracedTensor operator <(Scalar left, TracedTensor right) => right > left;

    /// <summary>Where one is at least the other, as truth values.</summary>
    public static TracedTensor operator >=(TracedTensor left, TracedTensor right) =>
        Compared("GreaterOrEqual", left.Value.ge(right.Value), left, right);

    /// <summary>Where it is at least a number, as truth values.</summary>
    public static TracedTensor operator >=(TracedTensor left, Scalar right) => left.Compared("GreaterOrEqual", left.Value.ge(right), right);

    /// <summary>Where a number is at least it, as truth values.</summary>
    public static TracedTensor operator >=(Scalar left, TracedTensor right) => right <= left;

    /// <summary>Where one is at most the other, as truth values.</summary>
    public static TracedTensor operator <=(TracedTensor left, TracedTensor right) =>
        Compared("LessOrEqual", left.Value.le(right.Value), left, right);

    /// <summary>Where it is at most a number, as truth values.</summary>
    public static TracedTensor operator <=(TracedTensor left, Scalar right) => left.Compared("LessOrEqual", left.Value.le(right), right);

    /// <summary>Where a number is at most it, as truth values.</summary>
    public static TracedTensor operator <=(Scalar left, TracedTensor right) => right >= left;

    /// <summary>Where both are equal, as truth values.</summary>
    public static TracedTensor operator ==(TracedTensor left, TracedTensor right) =>
        Compared("Equal", left.Value.eq(right.Value), left, right);

    /// <summary>Where it is a number, as truth values.</summary>
    public static TracedTensor operator ==(TracedTensor left, Scalar right) => left.Compared("Equal", left.Value.eq(right), right);

    /// <summary>Where it is a number, as truth values.</summary>
    public static TracedTensor operator ==(Scalar left, TracedTensor right) => right == left;

    /// <summary>Where both differ, as truth values.</summary>
    public static TracedTensor operator !=(TracedTensor left, TracedTensor right) => (left == right).logical_not();

    /// <summary>Where it isn't a number, as truth values.</summary>
    public static TracedTensor operator !=(TracedTensor left, Scalar right) => (left == right).logical_not();

    /// <summary>Where it isn't a number, as truth values.</summary>
    public static TracedTensor operator !=(Scalar left, TracedTensor right) => (right == left).logical_not();

    /// <summary>The opposite of truth values.</summary>
    public TracedTensor logical_not() => Traced("Not", Value.logical_not(), [this]);

    /// <summary>This where the condition holds, the other where it doesn't, with broadcasting.</summary>
    public TracedTensor where(TracedTensor condition, TracedTensor y)
    {
        var result = Value.where(condition.Value, y.Value);
        if (GraphOf(this, condition, y) is not { } graph)
            return new TracedTensor(result);
        var name = ScopedName(graph, "Where");
        return Record(graph, "Where", result,
            graph.Add("Where", name, [condition.NameIn(graph), NameIn(graph, result.dtype), y.NameIn(graph, result.dtype)]));
    }

    /// <summary>The matrix product, batched over the leading axes.</summary>
    public TracedTensor matmul(TracedTensor target) => Traced("MatMul", Value.matmul(target.Value), [this, target]);

    /// <summary>The larger of two, with broadcasting.</summary>
    public TracedTensor maximum(TracedTensor other) => Arithmetic("Max", Value.maximum(other.Value), this, other);

    /// <summary>The smaller of two, with broadcasting.</summary>
    public TracedTensor minimum(TracedTensor other) => Arithmetic("Min", Value.minimum(other.Value), this, other);

    /// <summary>To a power.</summary>
    public TracedTensor pow(double exponent) => WithNumber("Pow", Value.pow(exponent), exponent);

    /// <summary>The square.</summary>
    public TracedTensor square() => this * this;

    /// <summary>The absolute value.</summary>
    public TracedTensor abs() => Traced("Abs", Value.abs(), [this]);

    /// <summary>e to this.</summary>
    public TracedTensor exp() => Traced("Exp", Value.exp(), [this]);

    /// <summary>The natural logarithm.</summary>
    public TracedTensor log() => Traced("Log", Value.log(), [this]);

    /// <summary>The square root.</summary>
    public TracedTensor sqrt() => Traced("Sqrt", Value.sqrt(), [this]);

    /// <summary>One over the square root.</summary>
    public TracedTensor rsqrt() => Traced("Reciprocal", Value.rsqrt(), (graph, name, input) =>
        graph.Add("Reciprocal", name, [graph.Add("Sqrt", $"{name}.sqrt", [input])]));

    /// <summary>Limits the values; a bound that is null is open.</summary>
    public TracedTensor clamp(double? min = null, double? max = null) => Traced("Clip", Value.clamp(min, max), (graph, name, input) =>
        graph.Clip(name, input, (float?)min, (float?)max));

    /// <summary>max(x, 0).</summary>
    public TracedTensor relu() => Traced("Relu", Value.relu(), [this]);

    /// <summary>x where positive, a small part of it elsewhere.</summary>
    public TracedTensor leaky_relu(double negative_slope = 0.01)
    {
        using Scalar slope = negative_slope; // a temporary one can be freed while native code reads it
        return Traced("LeakyRelu", Value.leaky_relu(slope), [this], Attribute("alpha", (float)negative_slope));
    }

    /// <summary>The hyperbolic tangent.</summary>
    public TracedTensor tanh() => Traced("Tanh", Value.tanh(), [this]);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public TracedTensor sigmoid() => Traced("Sigmoid", Value.sigmoid(), [this]);

    /// <summary>x · sigmoid(x).</summary>
    public TracedTensor silu() => this * sigmoid();

    /// <summary>Exponentials that sum to 1 along an axis.</summary>
    public TracedTensor softmax(long dim) => Traced("Softmax", Value.softmax(dim), [this], Attribute("axis", Axis(dim)));

    /// <summary>The logarithm of <see cref="softmax"/>.</summary>
    public TracedTensor log_softmax(long dim) => Traced("LogSoftmax", Value.log_softmax(dim), [this], Attribute("axis", Axis(dim)));

    /// <summary>The mean over the given axes.</summary>
    public TracedTensor mean(long[] dimensions, bool keepdim = false) =>
        Traced("ReduceMean", Value.mean(dimensions, keepdim),
            (graph, name, input) => graph.Reduce("ReduceMean", name, input, Axes(dimensions), keepdim));

    /// <summary>The sum over the given axes.</summary>
    public TracedTensor sum(long[] dim, bool keepdim = false) =>
        Traced("ReduceSum", Value.sum(dim, keepdim), (graph, name, input) => graph.Reduce("ReduceSum", name, input, Axes(dim), keepdim));

    /// <summary>The largest value over the given axes.</summary>
    public TracedTensor amax(long[] dims, bool keepdim = false) =>
        Traced("ReduceMax", Value.amax(dims, keepdim),
            (graph, name, input) => graph.Reduce("ReduceMax", name, input, Axes(dims), keepdim));

    /// <summary>
    /// The same values in another shape. A size of −1 is what remains; a size equal to the input's at the same place
    /// keeps that axis open, as long as the ones before it do.
    /// </summary>
    public TracedTensor reshape(params long[] shape) =>
        Traced("Reshape", Value.reshape(shape), (graph, name, input) => graph.Reshape(name, input, Kept(shape)));

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
        Traced("Transpose", Value.permute(permutation), [this], Attribute("perm", Axes(permutation)));

    /// <summary>Exchanges two axes.</summary>
    public TracedTensor transpose(long dim0, long dim1)
    {
        var order = Enumerable.Range(0, (int)ndim).Select(i => (long)i).ToArray();
        (order[Axis(dim0)], order[Axis(dim1)]) = (order[Axis(dim1)], order[Axis(dim0)]);
        return permute(order);
    }

    /// <summary>Adds an axis of size 1.</summary>
    public TracedTensor unsqueeze(long dim) => Traced("Unsqueeze", Value.unsqueeze(dim), (graph, name, input) =>
        graph.Unsqueeze(name, input, dim < 0 ? dim + ndim + 1 : dim));

    /// <summary>Takes an axis of size 1 away.</summary>
    public TracedTensor squeeze(long dim) => Traced("Squeeze", Value.squeeze(dim), (graph, name, input) =>
        graph.Squeeze(name, input, Axis(dim)));

    /// <summary>Repeats axes of size 1 up to the given sizes; −1 leaves an axis as it is.</summary>
    public TracedTensor expand(params long[] sizes) => Traced("Expand", Value.expand(sizes), (graph, name, input) =>
        // In ONNX both shapes broadcast, so 1 leaves an axis as it is.
        graph.Add("Expand", name, [input, graph.Initializer($"{name}.shape", [.. Expanded(sizes)])]));

    /// <summary>A part of an axis. A negative start counts from the end, also of an open axis.</summary>
    public TracedTensor narrow(long dim, long start, long length) =>
        Traced("Slice", Value.narrow(dim, start < 0 ? start + shape[Axis(dim)] : start, length), (graph, name, input) =>
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
        Traced("Concat", torch.cat([.. tensors.Select(t => t.Value)], dim), [.. tensors], Attribute("axis", tensors[0].Axis(dim)));

    // ONNX wants both sides of one type; TorchSharp has brought them to the result's.
    private static TracedTensor Arithmetic(string operatorType, Tensor result, TracedTensor left, TracedTensor right) =>
        OfType(result.dtype, operatorType, result, left, right);

    // Of a comparison's sides only a sum tells the type that both are brought to.
    private static TracedTensor Compared(string operatorType, Tensor result, TracedTensor left, TracedTensor right) =>
        GraphOf(left, right) is null ? new TracedTensor(result)
            : OfType((left.Value + right.Value).dtype, operatorType, result, left, right);

    private static TracedTensor OfType(ScalarType type, string operatorType, Tensor result, TracedTensor left, TracedTensor right)
    {
        if (GraphOf(left, right) is not { } graph)
            return new TracedTensor(result);
        var names = new[] { left.NameIn(graph, type), right.NameIn(graph, type) };
        return Record(graph, operatorType, result, graph.Add(operatorType, ScopedName(graph, operatorType), names));
    }

    private TracedTensor WithNumber(string operatorType, Tensor result, Scalar number, bool numberFirst = false) =>
        WithNumber(result.dtype, operatorType, result, number, numberFirst);

    private TracedTensor Compared(string operatorType, Tensor result, Scalar number) =>
        _graph is null ? new TracedTensor(result) : WithNumber((Value + number).dtype, operatorType, result, number, numberFirst: false);

    private TracedTensor WithNumber(ScalarType type, string operatorType, Tensor result, Scalar number, bool numberFirst)
    {
        if (_graph is not { } graph)
            return new TracedTensor(result);
        var name = ScopedName(graph, operatorType);
        var (value, by) = (NameIn(graph, type), graph.Initializer($"{name}.by", full([], number, type)));
        return Record(graph, operatorType, result, graph.Add(operatorType, name, numberFirst ? [by, value] : [value, by]));
    }

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
