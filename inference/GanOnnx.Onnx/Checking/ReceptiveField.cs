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
    /// <param name="input">The input with the images, and whether they are <c>[N, H, W, C]</c>.</param>
    /// <param name="output">The same of the output.</param>
    /// <returns>Null where it isn't known.</returns>
    public static ReceptiveField? Of(ModelProto model, (string Name, bool ChannelsLast) input, (string Name, bool ChannelsLast) output) =>
        new Walk(model).Run(input, output);

    /// <summary>Goes through a graph, from the image on. An operator that isn't named here may do anything.</summary>
    private sealed class Walk(ModelProto model)
    {
        private const int Axes = 4, NoEnd = int.MaxValue;

        // Since this version it is over one axis; before, over all from it on.
        private const int OpsetOfSoftmax = 13;

        private static readonly HashSet<string> _combining = new(StringComparer.Ordinal)
        {
            "Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Where", "Pow", "PRelu", "Concat",
        };

        // Value by value, whatever the axes are.
        private static readonly HashSet<string> _single = new(StringComparer.Ordinal)
        {
            "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Clip", "Abs", "Neg", "Exp", "Log", "Sqrt", "Elu", "Selu", "Celu", "Softplus", "Softsign",
            "HardSigmoid", "HardSwish", "Gelu", "Mish", "Identity", "Cast", "Erf", "Round", "Floor", "Ceil", "Sign", "Reciprocal",
            "ThresholdedRelu",
        };

        // Where rows and columns are among four axes. A point is computed from a whole image, and has no place in it.
        private readonly record struct Value(AxisField Y, AxisField X, int Rows, int Columns, bool IsBounded = true, bool IsPoint = false)
        {
            public bool IsChannelsFirst => (Rows, Columns) == (2, 3);

            // The first axis is the images', which have nothing to do with one another.
            public int Channels => 1 + 2 + 3 - Rows - Columns;
        }

        // What each value is: absent are those that don't come from the image; null what isn't known.
        private readonly Dictionary<string, Value?> _values = new(StringComparer.Ordinal);

        private readonly Dictionary<string, TensorProto> _constants = model.Graph.Initializer
            .GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);

        // What is computed from constants alone.
        private readonly HashSet<string> _derived = new(StringComparer.Ordinal);

        private readonly long _opset = model.OpsetImport.Where(import => import.Domain is "" or "ai.onnx").Select(import => import.Version)
            .DefaultIfEmpty().Max();

        public ReceptiveField? Run((string Name, bool ChannelsLast) input, (string Name, bool ChannelsLast) output)
        {
            _values[input.Name] = new Value(AxisField.Input, AxisField.Input, input.ChannelsLast ? 1 : 2, input.ChannelsLast ? 2 : 3);
            foreach (var node in model.Graph.Node)
                if (node.OpType == "Constant" && ConstantOf(node) is { } constant)
                    _constants[node.Output[0]] = constant;
                else if (node.Input.Any(_values.ContainsKey))
                    for (var i = 0; i < node.Output.Count; i++)
                        // Beside the image there may be places, statistics and the like.
                        _values[node.Output[i]] = i == 0 && Of(node) is { } value && value.Y.IsSane && value.X.IsSane ? value : null;
                else if (node.Input.Count > 0 && node.Input.All(IsFixed) && !node.Graphs().Any()
                    && !node.OpType.StartsWith("Random", StringComparison.Ordinal))
                    _derived.UnionWith(node.Output);
            return _values.GetValueOrDefault(output.Name) is { IsPoint: false } image
                && (image.Rows, image.Columns) == (output.ChannelsLast ? (1, 2) : (2, 3)) ? new(image.Y, image.X, image.IsBounded) : null;
        }

        private Value? Of(NodeProto node)
        {
            if (node.Domain is not ("" or "ai.onnx") || !node.Input.All(name => IsFixed(name) || _values.ContainsKey(name)))
                return null;
            var from = node.Input.Where(_values.ContainsKey).Select(name => _values[name]).ToList();
            if (from.Contains(null))
                return null;
            if (_combining.Contains(node.OpType))
                return node.OpType != "Concat" || IsChannels(node.Integer("axis", 1), from[0]!.Value) ? Combined(node, from) : null;
            if (from.Count > 1 || !_values.ContainsKey(node.Input[0]))
                return null;
            var image = from[0]!.Value;
            if (_single.Contains(node.OpType))
                return image;
            return node.OpType switch
            {
                "Softmax" or "LogSoftmax" or "Hardmax" => _opset >= OpsetOfSoftmax && IsChannels(node.Integer("axis", -1), image) ? image : null,
                "LayerNormalization" => IsChannels(node.Integer("axis", -1), image) && image.Channels == Axes - 1 ? image : null,
                "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceSum" or "ReduceL2" or "ReduceSumSquare" => Reduced(node, image),
                "Resize" => node.Text("coordinate_transformation_mode", "half_pixel") is "half_pixel" or "pytorch_half_pixel" or "asymmetric"
                    or "half_pixel_symmetric" && node.Input.Count > 2 && node.Find("axes") is null
                    ? Resized(node, image, Floats(node.Input[2])) : null,
                "Upsample" => node.Input.Count > 1 ? Resized(node, image, Floats(node.Input[1])) : null,
                "Transpose" => Transposed(node, image),
                "Slice" => Cut(node, image),
                "Pad" => Padded(node, image),
                _ => image.IsChannelsFirst ? OfChannelsFirst(node, image) : null,
            };
        }

        // These take the second axis for the channels.
        private Value? OfChannelsFirst(NodeProto node, Value image)
        {
            var block = Math.Max(1, node.Integer("blocksize", 1));
            return node.OpType switch
            {
                "BatchNormalization" => node.Integer("training_mode", 0) == 0 ? image : null,
                "QuantizeLinear" or "DequantizeLinear" => node.Integer("axis", 1) == 1 ? image : null,
                "LRN" => image,
                "InstanceNormalization" or "GroupNormalization" => image with { IsBounded = false },
                "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool" => image with { IsBounded = false, IsPoint = true },
                "Conv" or "QLinearConv" or "ConvInteger" => image.IsPoint ? null : Windows(node, image, Kernel(node)),
                "MaxPool" or "AveragePool" or "LpPool" => image.IsPoint ? null : Windows(node, image, node.Integers("kernel_shape")),
                "ConvTranspose" => image.IsPoint ? null : SpreadOut(node, image),
                "DepthToSpace" => Along(image, axis => axis.Split(block)),
                "SpaceToDepth" => Along(image, axis => axis.Join(block)),
                _ => null,
            };
        }

        private bool IsFixed(string name) => name.Length == 0 || _constants.ContainsKey(name) || _derived.Contains(name);

        private static Value? Along(Value image, Func<AxisField, AxisField?> axis) =>
            !image.IsPoint && axis(image.Y) is { } y && axis(image.X) is { } x ? image with { Y = y, X = x } : null;

        private static bool IsChannels(long axis, Value image) => (axis < 0 ? axis + Axes : axis) == image.Channels;

        // Over the channels, or over rows and columns, but not over images.
        private Value? Reduced(NodeProto node, Value image)
        {
            var axes = (node.Integers("axes") ?? Integers(node, 1))?.Select(axis => axis < 0 ? axis + Axes : axis).ToHashSet();
            if (node.Integer("keepdims", 1) != 1 || axes is not { Count: > 0 } || axes.Contains(0)
                || axes.Contains(image.Rows) != axes.Contains(image.Columns))
                return null;
            return axes.Contains(image.Rows) ? image with { IsBounded = false, IsPoint = true } : image;
        }

        private Value? Combined(NodeProto node, List<Value?> from)
        {
            if (from.Exists(value => (value!.Value.Rows, value.Value.Columns) != (from[0]!.Value.Rows, from[0]!.Value.Columns)))
                return null;
            // Beside images there may be numbers for each channel, but none for each place.
            foreach (var name in node.Input.Where(name => name.Length > 0 && !_values.ContainsKey(name)))
                if (!_constants.TryGetValue(name, out var constant) || !IsAlikeEverywhere(constant, from[0]!.Value))
                    return null;
            var bounded = from.TrueForAll(value => value!.Value.IsBounded);
            if (from.TrueForAll(value => value!.Value.IsPoint))
                return from[0]!.Value with { IsBounded = bounded };
            from.RemoveAll(value => value!.Value.IsPoint);
            Value? all = from[0];
            foreach (var other in from.Skip(1))
                all = all is { } one && one.Y.With(other!.Value.Y) is { } y && one.X.With(other.Value.X) is { } x
                    ? one with { Y = y, X = x } : null;
            return all is { } together ? together with { IsBounded = bounded } : null;
        }

        private static bool IsAlikeEverywhere(TensorProto constant, Value image)
        {
            long Length(int axis) => constant.Dims.Count - Axes + axis is >= 0 and var place ? constant.Dims[place] : 1;
            return constant.Dims.Count <= Axes && Length(image.Rows) == 1 && Length(image.Columns) == 1;
        }

        private static Value? Windows(NodeProto node, Value image, long[]? kernel)
        {
            if (kernel is not [var height, var width] || node.Integer("ceil_mode", 0) != 0 || Shape(node) is not var (strides, dilations, pads))
                return null;
            var same = node.Text("auto_pad", "NOTSET");
            if (same is "SAME_UPPER" or "SAME_LOWER")
            {
                // How much is added depends on the length, unless that is a multiple of the stride.
                if ((image.Y.More, image.X.More) != (0, 0))
                    return null;
                var (y, x) = (Same(height, 0), Same(width, 1));
                pads = same == "SAME_UPPER" ? [y / 2, x / 2, (y + 1) / 2, (x + 1) / 2] : [(y + 1) / 2, (x + 1) / 2, y / 2, x / 2];
            }
            else if (same is not ("NOTSET" or "VALID"))
                return null;
            else if (same == "VALID")
                pads = [0, 0, 0, 0];
            return image with
            {
                Y = image.Y.Window(height, strides[0], dilations[0], pads[0], pads[2]),
                X = image.X.Window(width, strides[1], dilations[1], pads[1], pads[3]),
            };

            long Same(long size, int axis) => Math.Max(0, dilations[axis] * (size - 1) + 1 - strides[axis]);
        }

        private Value? SpreadOut(NodeProto node, Value image)
        {
            if (Kernel(node) is not [var height, var width] || node.Text("auto_pad", "NOTSET") != "NOTSET"
                || node.Find("output_shape") is not null || Shape(node) is not var (strides, dilations, pads)
                || (node.Integers("output_padding") ?? [0, 0]) is not [var moreY, var moreX])
                return null;
            return image with
            {
                Y = image.Y.Spread(height, strides[0], dilations[0], pads[0], pads[2] - moreY),
                X = image.X.Spread(width, strides[1], dilations[1], pads[1], pads[3] - moreX),
            };
        }

        private static (long[] Strides, long[] Dilations, long[] Pads)? Shape(NodeProto node)
        {
            var (strides, dilations) = (node.Integers("strides") ?? [1, 1], node.Integers("dilations") ?? [1, 1]);
            var pads = node.Integers("pads") ?? [0, 0, 0, 0];
            return strides.Length == 2 && dilations.Length == 2 && pads.Length == 4 && Array.TrueForAll(strides, stride => stride > 0)
                ? (strides, dilations, pads) : null;
        }

        // A node may leave it to its weights.
        private long[]? Kernel(NodeProto node) => node.Integers("kernel_shape")
            ?? (node.Input.Count > 1 && _constants.TryGetValue(node.Input[node.OpType == "QLinearConv" ? 3 : 1], out var weights)
                ? [.. weights.Dims.Skip(2)] : null);

        private static Value? Resized(NodeProto node, Value image, float[]? scales)
        {
            if (scales is not { Length: Axes } || scales[0] != 1 || scales[image.Channels] != 1 || image.IsPoint
                || Factor(scales[image.Rows]) is not var (upY, downY) || Factor(scales[image.Columns]) is not var (upX, downX))
                return null;
            var reach = node.Text("mode", "nearest") switch { "nearest" => 1, "linear" => 2, "cubic" => 3, _ => (int?)null };
            return reach is { } far && image.Y.Resize(upY, downY, far) is { } y && image.X.Resize(upX, downX, far) is { } x
                ? image with { Y = y, X = x } : null;

            // A whole number, or what is nearest to a part: another one drifts.
            static (long Up, long Down)? Factor(float scale) => scale is >= 1 and < 64 && float.IsInteger(scale) ? ((long)scale, 1)
                : scale is > 1f / 64 and < 1 && MathF.Round(1 / scale) is var down && scale == 1 / down ? (1, (long)down) : null;
        }

        private static Value? Transposed(NodeProto node, Value image)
        {
            if (node.Integers("perm") is not { Length: Axes } order || order[0] != 0)
                return null;
            var (rows, columns) = (Array.IndexOf(order, image.Rows), Array.IndexOf(order, image.Columns));
            return rows < 1 || columns < 1 ? null : image with { Rows = rows, Columns = columns };
        }

        private Value? Cut(NodeProto node, Value image)
        {
            if (image.IsPoint || node.Input.Count < 3 || Integers(node, 1) is not { } starts || Integers(node, 2) is not { } ends
                || Integers(node, 3, [0, 1, 2, 3]) is not { } axes || Integers(node, 4, [1, 1, 1, 1]) is not { } steps
                || ends.Length != starts.Length || axes.Length < starts.Length || steps.Length < starts.Length)
                return null;
            for (var i = 0; i < starts.Length; i++)
            {
                var axis = axes[i] < 0 ? axes[i] + Axes : axes[i];
                if (axis == image.Channels)
                    continue;
                // Up to some place from the start is as long whatever the picture is.
                if (axis == 0 || steps[i] != 1 || starts[i] < 0 || (ends[i] >= 0 && ends[i] < NoEnd))
                    return null;
                var last = ends[i] < 0 ? ends[i] : 0;
                image = axis == image.Rows ? image with { Y = image.Y.Pad(-starts[i], last) }
                    : image with { X = image.X.Pad(-starts[i], last) };
            }
            return image;
        }

        private Value? Padded(NodeProto node, Value image)
        {
            var pads = node.Integers("pads") ?? Integers(node, Ops.Pad.Pads);
            if (image.IsPoint || pads is not { Length: 2 * Axes } || node.Text("mode", "constant") is not ("constant" or "reflect" or "edge")
                || (node.Input.Count > Ops.Pad.Axes && node.Input[Ops.Pad.Axes].Length > 0) || (pads[0], pads[Axes]) != (0, 0))
                return null;
            return image with
            {
                Y = image.Y.Pad(pads[image.Rows], pads[Axes + image.Rows]),
                X = image.X.Pad(pads[image.Columns], pads[Axes + image.Columns]),
            };
        }

        private long[]? Integers(NodeProto node, int input, long[]? otherwise = null) =>
            node.Input.Count <= input || node.Input[input].Length == 0 ? otherwise
            : _constants.TryGetValue(node.Input[input], out var tensor) ? ConstantValues.Integers(tensor) : null;

        private float[]? Floats(string name)
        {
            if (!_constants.TryGetValue(name, out var tensor) || tensor.DataType != (int)DataType.Float
                || TensorSize.Count(tensor.Dims) != Axes)
                return null;
            var raw = tensor.RawData.Span;
            if (raw.Length == Axes * sizeof(float))
            {
                var values = new float[Axes];
                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(raw[(i * sizeof(float))..]);
                return values;
            }
            return tensor.FloatData.Count == Axes ? [.. tensor.FloatData] : null;
        }

        private static TensorProto? ConstantOf(NodeProto node) => ConstantValues.Of(node)
            ?? (node.Find("value_floats") is { } floats
                ? new() { DataType = (int)DataType.Float, Dims = { floats.Floats.Count }, FloatData = { floats.Floats } }
                : node.Find("value_float") is { } number ? new() { DataType = (int)DataType.Float, FloatData = { number.F } } : null);
    }
}
