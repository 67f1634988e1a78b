using System.Buffers.Binary;
using GanOnnx.Onnx.Editing;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Checking;

/// <summary>Which pixels of the image that goes in a pixel of the one that comes out depends on, down and across.</summary>
/// <param name="Y">Down.</param>
/// <param name="X">Across.</param>
/// <param name="IsBounded">False where a pixel depends on the whole image, as where it is normalized: then the axes say only what their
/// lengths have to be multiples of, and how they grow.</param>
internal sealed record ReceptiveField(AxisField Y, AxisField X, bool IsBounded)
{
    /// <summary>Of a model from image to image.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The input with the images.</param>
    /// <param name="output">The output with the images.</param>
    /// <param name="channelsLast">Whether the images that go in are <c>[N, H, W, C]</c>.</param>
    /// <returns>Null where it isn't known.</returns>
    public static ReceptiveField? Of(ModelProto model, string input, string output, bool channelsLast) =>
        new Walk(model.Graph).Run(input, output, channelsLast);

    /// <summary>Goes through a graph, from the image on.</summary>
    private sealed class Walk(GraphProto graph)
    {
        private static readonly HashSet<string> _combining = new(StringComparer.Ordinal)
        {
            "Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Where", "Pow", "PRelu", "Concat",
        };

        // Where rows and columns are among four axes. A point is computed from a whole image, and has no place in it.
        private readonly record struct Value(AxisField Y, AxisField X, int Rows, int Columns, bool IsBounded = true, bool IsPoint = false);

        // What each value is: absent are those that don't come from the image; null what isn't known.
        private readonly Dictionary<string, Value?> _values = new(StringComparer.Ordinal);

        private readonly Dictionary<string, TensorProto> _constants = graph.Initializer
            .GroupBy(tensor => tensor.Name, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First(),
                StringComparer.Ordinal);

        // What is computed from constants alone.
        private readonly HashSet<string> _derived = new(StringComparer.Ordinal);

        public ReceptiveField? Run(string input, string output, bool channelsLast)
        {
            _values[input] = new Value(AxisField.Input, AxisField.Input, channelsLast ? 1 : 2, channelsLast ? 2 : 3);
            foreach (var node in graph.Node)
                if (node.OpType == "Constant" && ConstantOf(node) is { } constant)
                    _constants[node.Output[0]] = constant;
                else if (node.Input.Any(_values.ContainsKey))
                    foreach (var made in node.Output)
                        _values[made] = Of(node) is { } value && value.Y.IsSane && value.X.IsSane ? value : null;
                else if (node.Input.Count > 0 && node.Input.All(IsFixed) && !node.Graphs().Any()
                    && !node.OpType.StartsWith("Random", StringComparison.Ordinal))
                    _derived.UnionWith(node.Output);
            return _values.GetValueOrDefault(output) is { IsPoint: false } image ? new(image.Y, image.X, image.IsBounded) : null;
        }

        private Value? Of(NodeProto node)
        {
            if (node.Domain is not ("" or "ai.onnx"))
                return null;
            if (node.OpType is "Shape" or "Size")
                return null; // what is computed from it may be anything
            var from = node.Input.Where(_values.ContainsKey).Select(name => _values[name]).ToList();
            if (from.Contains(null) || !node.Input.All(name => IsFixed(name) || _values.ContainsKey(name))
                || (from.Count > 1 && !_combining.Contains(node.OpType))
                || (!_values.ContainsKey(node.Input[0]) && !_combining.Contains(node.OpType)))
                return null;
            var image = from[0]!.Value;
            if (from.TrueForAll(value => value!.Value.IsPoint))
                return image;
            if (_combining.Contains(node.OpType))
                return node.OpType != "Concat" || InChannels(node.Integer("axis", 1), image) ? Combined(node, from) : null;
            return node.OpType switch
            {
                "Relu" or "LeakyRelu" or "Sigmoid" or "Tanh" or "Clip" or "Abs" or "Neg" or "Exp" or "Log" or "Sqrt" or "Elu" or "Selu" or "Celu"
                    or "Softplus" or "Softsign" or "HardSigmoid" or "HardSwish" or "Gelu" or "Mish" or "Identity" or "Cast" or "Dropout"
                    or "Erf" or "Round" or "Floor" or "Ceil" or "Sign" or "Reciprocal" or "ThresholdedRelu" or "BatchNormalization"
                    or "QuantizeLinear" or "DequantizeLinear" or "LRN" => image,
                "InstanceNormalization" or "GroupNormalization" or "MeanVarianceNormalization" => image with { IsBounded = false },
                "LayerNormalization" => InChannels(node.Integer("axis", -1), image) && image.Columns < 3 ? image : image with { IsBounded = false },
                "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool" => image with { IsBounded = false, IsPoint = true },
                "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceSum" or "ReduceL2" or "ReduceSumSquare" => Reduced(node, image),
                "Conv" or "QLinearConv" or "ConvInteger" => Windows(node, image, Kernel(node)),
                "MaxPool" or "AveragePool" or "LpPool" => Windows(node, image, node.Integers("kernel_shape")),
                "ConvTranspose" => SpreadOut(node, image),
                "DepthToSpace" => Each(image, axis => axis.Split(Math.Max(1, node.Integer("blocksize", 1)))),
                "SpaceToDepth" => Each(image, axis => axis.Join(Math.Max(1, node.Integer("blocksize", 1)))),
                "Resize" => node.Text("coordinate_transformation_mode", "half_pixel") is "half_pixel" or "pytorch_half_pixel" or "asymmetric"
                    or "half_pixel_symmetric" && node.Input.Count > 2 ? Resized(node, image, Floats(node.Input[2])) : null,
                "Upsample" => node.Input.Count > 1 ? Resized(node, image, Floats(node.Input[1])) : null,
                "Transpose" => Transposed(node, image),
                "Slice" => Cut(node, image),
                "Pad" => Padded(node, image),
                "Softmax" or "LogSoftmax" or "Hardmax" => InChannels(node.Integer("axis", -1), image) ? image : null,
                _ => null,
            };
        }

        private bool IsFixed(string name) => name.Length == 0 || _constants.ContainsKey(name) || _derived.Contains(name);

        private static Value Each(Value image, Func<AxisField, AxisField> axis) => image with { Y = axis(image.Y), X = axis(image.X) };

        private static bool InChannels(long axis, Value image) =>
            (axis < 0 ? axis + 4 : axis) is var place && place != image.Rows && place != image.Columns;

        // Over rows and columns both, or over neither.
        private Value? Reduced(NodeProto node, Value image)
        {
            if (node.Integer("keepdims", 1) != 1)
                return null;
            var axes = (node.Integers("axes") ?? Integers(node, 1, [0, 1, 2, 3]))?.Select(axis => axis < 0 ? axis + 4 : axis).ToHashSet();
            return axes is null || axes.Contains(image.Rows) != axes.Contains(image.Columns) ? null
                : axes.Contains(image.Rows) ? image with { IsBounded = false, IsPoint = true } : image;
        }

        private Value? Combined(NodeProto node, List<Value?> from)
        {
            var bounded = from.TrueForAll(value => value!.Value.IsBounded);
            var points = from.RemoveAll(value => value!.Value.IsPoint);
            // Beside images there may be numbers for each channel, but none for each place.
            foreach (var name in node.Input.Where(name => name.Length > 0 && !_values.ContainsKey(name)))
                if (!_constants.TryGetValue(name, out var constant) || !IsAlikeEverywhere(constant, from[0]!.Value))
                    return null;
            Value? all = from[0];
            foreach (var other in from.Skip(1))
                all = all is { } one && (one.Rows, one.Columns) == (other!.Value.Rows, other.Value.Columns)
                    && one.Y.With(other.Value.Y) is { } y && one.X.With(other.Value.X) is { } x ? one with { Y = y, X = x } : null;
            return all is null ? null : all.Value with { IsBounded = bounded && points == 0 };
        }

        private static bool IsAlikeEverywhere(TensorProto constant, Value image)
        {
            long Length(int axis) => constant.Dims.Count - 4 + axis is >= 0 and var place ? constant.Dims[place] : 1;
            return constant.Dims.Count <= 4 && Length(image.Rows) == 1 && Length(image.Columns) == 1;
        }

        private static bool IsFirst(Value image) => (image.Rows, image.Columns) == (2, 3);

        private Value? Windows(NodeProto node, Value image, long[]? kernel)
        {
            if (!IsFirst(image) || kernel is not [var height, var width] || node.Integer("ceil_mode", 0) != 0)
                return null;
            var (strides, dilations) = (node.Integers("strides") ?? [1, 1], node.Integers("dilations") ?? [1, 1]);
            var pads = node.Integers("pads") ?? [0, 0, 0, 0];
            if (strides.Length != 2 || dilations.Length != 2 || pads.Length != 4)
                return null;
            return node.Text("auto_pad", "NOTSET") switch
            {
                "NOTSET" or "VALID" => With(pads[0], pads[1]),
                "SAME_UPPER" => With(Same(height, 0) / 2, Same(width, 1) / 2),
                "SAME_LOWER" => With((Same(height, 0) + 1) / 2, (Same(width, 1) + 1) / 2),
                _ => null,
            };

            // Of sides that are multiples of the stride.
            long Same(long size, int axis) => Math.Max(0, dilations[axis] * (size - 1) + 1 - strides[axis]);

            Value With(long top, long left) => image with
            {
                Y = image.Y.Window(height, strides[0], dilations[0], top),
                X = image.X.Window(width, strides[1], dilations[1], left),
            };
        }

        private Value? SpreadOut(NodeProto node, Value image)
        {
            if (!IsFirst(image) || Kernel(node) is not [var height, var width] || node.Text("auto_pad", "NOTSET") != "NOTSET"
                || node.Find("output_shape") is not null)
                return null;
            var (strides, dilations) = (node.Integers("strides") ?? [1, 1], node.Integers("dilations") ?? [1, 1]);
            var pads = node.Integers("pads") ?? [0, 0, 0, 0];
            return strides.Length != 2 || dilations.Length != 2 || pads.Length != 4 ? null : image with
            {
                Y = image.Y.Spread(height, strides[0], dilations[0], pads[0]),
                X = image.X.Spread(width, strides[1], dilations[1], pads[1]),
            };
        }

        // A node may leave it to its weights.
        private long[]? Kernel(NodeProto node) => node.Integers("kernel_shape")
            ?? (node.Input.Count > 1 && _constants.TryGetValue(node.Input[node.OpType == "QLinearConv" ? 3 : 1], out var weights)
                ? [.. weights.Dims.Skip(2)] : null);

        private static Value? Resized(NodeProto node, Value image, float[]? scales)
        {
            if (scales is not { Length: 4 } || Factor(scales[image.Rows]) is not var (upY, downY) || Factor(scales[image.Columns]) is not var (upX, downX))
                return null;
            var reach = node.Text("mode", "nearest") switch { "nearest" => 1, "linear" => 2, _ => 3 };
            return image with { Y = image.Y.Resize(upY, downY, reach), X = image.X.Resize(upX, downX, reach) };

            static (long Up, long Down)? Factor(float scale) =>
                scale >= 1 && float.IsInteger(scale) && scale < 64 ? ((long)scale, 1)
                : scale is > 0 and < 1 && Math.Abs(1 / scale - Math.Round(1 / scale)) < 1e-4 && scale > 1f / 64
                    ? (1, (long)Math.Round(1 / scale)) : null;
        }

        private static Value? Transposed(NodeProto node, Value image)
        {
            if (node.Integers("perm") is not { Length: 4 } order)
                return null;
            var (rows, columns) = (Array.IndexOf(order, image.Rows), Array.IndexOf(order, image.Columns));
            return rows < 0 || columns < 0 ? null : image with { Rows = rows, Columns = columns };
        }

        private Value? Cut(NodeProto node, Value image)
        {
            if (node.Input.Count < 3 || Integers(node, 1) is not { } starts || Integers(node, 3, [0, 1, 2, 3]) is not { } axes
                || Integers(node, 4, [1, 1, 1, 1]) is not { } steps || axes.Length < starts.Length || steps.Length < starts.Length)
                return null;
            for (var i = 0; i < starts.Length; i++)
            {
                var axis = axes[i] < 0 ? axes[i] + 4 : axes[i];
                if (axis != image.Rows && axis != image.Columns)
                    continue;
                if (steps[i] != 1 || starts[i] < 0)
                    return null;
                image = axis == image.Rows ? image with { Y = image.Y.Shift(-starts[i]) } : image with { X = image.X.Shift(-starts[i]) };
            }
            return image;
        }

        private Value? Padded(NodeProto node, Value image)
        {
            var pads = node.Integers("pads") ?? Integers(node, Ops.Pad.Pads);
            if (pads is not { Length: 8 } || (node.Input.Count > Ops.Pad.Axes && node.Input[Ops.Pad.Axes].Length > 0))
                return null;
            return image with { Y = image.Y.Shift(pads[image.Rows]), X = image.X.Shift(pads[image.Columns]) };
        }

        private long[]? Integers(NodeProto node, int input, long[]? otherwise = null) =>
            node.Input.Count <= input || node.Input[input].Length == 0 ? otherwise
            : _constants.TryGetValue(node.Input[input], out var tensor) ? ConstantValues.Integers(tensor) : null;

        private float[]? Floats(string name)
        {
            if (!_constants.TryGetValue(name, out var tensor) || tensor.DataType != (int)DataType.Float || TensorSize.Count(tensor.Dims) != 4)
                return null;
            var raw = tensor.RawData.Span;
            if (raw.Length == 4 * sizeof(float))
            {
                var values = new float[4];
                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(raw[(i * sizeof(float))..]);
                return values;
            }
            return tensor.FloatData.Count == 4 ? [.. tensor.FloatData] : null;
        }

        private static TensorProto? ConstantOf(NodeProto node) => ConstantValues.Of(node)
            ?? (node.Find("value_floats") is { } floats
                ? new() { DataType = (int)DataType.Float, Dims = { floats.Floats.Count }, FloatData = { floats.Floats } }
                : node.Find("value_float") is { } number ? new() { DataType = (int)DataType.Float, FloatData = { number.F } } : null);
    }
}
