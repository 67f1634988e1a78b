using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using Google.Protobuf;
using static GanOnnx.Onnx.Editing.Attributes;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Passes.Quantization;

/// <summary>
/// Writes a graph some of whose layers compute with bytes: QLinearConv between a QuantizeLinear and a DequantizeLinear, which fall away
/// where layers follow one another. All other operators, inputs and outputs stay as they are.
/// </summary>
internal sealed class IntegerGraph
{
    private readonly GraphProto _graph;
    private readonly GraphEditor _editor;
    private readonly Func<string, ActivationScale> _scaleOf;
    private readonly Func<string, (long Height, long Width)?> _sizeOf;
    private readonly List<NodeProto> _nodes = [];
    private readonly Dictionary<string, (string Bytes, ActivationScale Scale)> _bytes = new(StringComparer.Ordinal);
    private readonly Dictionary<ActivationScale, string[]> _scales = [];

    private IntegerGraph(GraphProto graph, Func<string, ActivationScale> scaleOf, Func<string, (long Height, long Width)?> sizeOf) =>
        (_graph, _editor, _scaleOf, _sizeOf) = (graph, new(graph), scaleOf, sizeOf);

    /// <summary>Makes it.</summary>
    /// <param name="model">The model, which stays as it is.</param>
    /// <param name="layers">The names of those of its <see cref="QuantizableLayer"/>s that compute with bytes.</param>
    /// <param name="rangeOf">The range of each layer's input and output.</param>
    /// <param name="sizeOf">Height and width of each layer's input; null where the model leaves them open.</param>
    public static ModelProto Of(ModelProto model, IReadOnlySet<string> layers, Func<string, ValueInterval> rangeOf,
        Func<string, (long Height, long Width)?> sizeOf)
    {
        var made = model.Clone();
        var chosen = QuantizableLayer.Of(made.Graph).Where(layer => layers.Contains(layer.Name)).ToList();
        var moved = new MovedValues(made.Graph, chosen);
        var ranges = new Dictionary<string, ValueInterval>(StringComparer.Ordinal);
        foreach (var value in chosen.SelectMany(layer => new[] { layer.Input, layer.Output }).Distinct())
        {
            var (group, range) = (moved.Group(value), rangeOf(value));
            ranges[group] = ranges.TryGetValue(group, out var known) ? known.Union(range) : range;
        }
        new IntegerGraph(made.Graph, value => ActivationScale.Of(ranges[moved.Group(value)]), sizeOf).Rewrite(chosen);
        made.Graph.ValueInfo.Clear();
        DeadNodes.Apply(made.Graph);
        Deduplication.Apply(made.Graph);
        return made;
    }

    private void Rewrite(IReadOnlyList<QuantizableLayer> layers)
    {
        var byNode = layers.ToDictionary(layer => layer.Node, (IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);
        var absorbed = layers.Where(layer => layer.Relu is not null).Select(layer => layer.Relu!)
            .ToHashSet((IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);
        foreach (var node in _graph.Node)
            if (byNode.TryGetValue(node, out var layer))
                Add(layer);
            else if (!absorbed.Contains(node) && !TryMove(node))
                _nodes.Add(node);
        _graph.Node.Clear();
        _graph.Node.AddRange(_nodes);
    }

    private void Add(QuantizableLayer layer)
    {
        var (bytes, input) = Bytes(layer.Input);
        var output = _scaleOf(layer.Output);
        var weight = _editor.Constant(layer.Node.Input[1])!;
        var phases = layer.Node.OpType == "Conv" ? null : PhaseConvolution.Of(layer.Node, weight)!;
        var weights = phases is null ? MemoryMarshal.Cast<byte, float>(weight.RawData.Span) : phases.Weights;
        long[] shape = phases?.Shape ?? [.. weight.Dims];
        var integers = IntegerWeights.Of(weights, (int)shape[0]);

        var made = Convolve(layer, [bytes, .. Scale(input), .. Weights(weight.Name, integers, shape), .. Scale(output),
            .. Bias(layer.Node, integers, input, phases)], phases);
        Put(layer.Output, phases is null ? made : PutInPlace(layer, made, phases), output);
    }

    private string PutInPlace(QuantizableLayer layer, string made, PhaseConvolution phases)
    {
        if (_sizeOf(layer.Input) is { } size)
            return PutInPlace(layer.Name, made, phases, size);
        if (phases.Block > 1)
            made = Emit("DepthToSpace", $"{layer.Name}.whole", [made], Attribute("blocksize", phases.Block), Attribute("mode", "DCR"));
        return Crop(layer.Name, made, phases, rows: 2);
    }

    // With the channels last, which is how ONNX Runtime computes with bytes: all channels of a row of a block move at once, several times
    // as fast as DepthToSpace moves them one by one.
    private string PutInPlace(string name, string made, PhaseConvolution phases, (long Height, long Width) input)
    {
        var (block, channels) = (phases.Block, phases.Channels);
        long[] rows = [0, 0, 0, block, block * channels];
        long[] whole = [0, block * (input.Height + phases.Pads[0] + phases.Pads[2] - phases.Shape[2] + 1),
            block * (input.Width + phases.Pads[1] + phases.Pads[3] - phases.Shape[3] + 1), channels];
        made = Emit("Transpose", $"{name}.last", [made], Attribute("perm", [0L, 2, 3, 1]));                              // [N, H, W, s·s·C]
        made = Emit("Reshape", $"{name}.rows", [made, _editor.AddIntegers($"{name}.rows.shape", rows)]);                 // [N, H, W, s, s·C]
        made = Emit("Transpose", $"{name}.placed", [made], Attribute("perm", [0L, 1, 3, 2, 4]));                         // [N, H, s, W, s·C]
        made = Emit("Reshape", $"{name}.whole", [made, _editor.AddIntegers($"{name}.whole.shape", whole)]);              // [N, s·H, s·W, C]
        return Emit("Transpose", $"{name}.first", [Crop(name, made, phases, rows: 1)], Attribute("perm", [0L, 3, 1, 2]));
    }

    private string Crop(string name, string made, PhaseConvolution phases, int rows)
    {
        long End(int side) => phases.Crop[side] == 0 ? long.MaxValue : -phases.Crop[side];
        return phases.Crop.All(c => c == 0) ? made : Emit("Slice", $"{name}.cropped", [made,
            _editor.AddIntegers($"{name}.starts", [phases.Crop[0], phases.Crop[1]]), _editor.AddIntegers($"{name}.ends", [End(2), End(3)]),
            _editor.AddIntegers($"{name}.axes", [rows, rows + 1])]);
    }

    private string Convolve(QuantizableLayer layer, IEnumerable<string> inputs, PhaseConvolution? phases) => phases is null
        ? Emit("QLinearConv", $"{layer.Name}.int8", inputs, [.. layer.Node.Attribute])
        : Emit("QLinearConv", $"{layer.Name}.int8", inputs, Attribute("kernel_shape", [.. phases.Shape.Skip(2)]),
            Attribute("pads", phases.Pads));

    // What moves bytes, moves them; they become numbers behind it.
    private bool TryMove(NodeProto node)
    {
        if (!MovedValues.IsMover(node) || !MovedValues.Moved(node).All(_bytes.ContainsKey))
            return false;
        var moved = MovedValues.Moved(node).Select(value => _bytes[value]).ToList();
        if (moved.Select(value => value.Scale).Distinct().Count() > 1)
            return false;
        string[] rest = [.. node.Input.Skip(moved.Count)];
        Put(node.Output[0], Emit(node.OpType, $"{node.Output[0]}.bytes", [.. moved.Select(value => value.Bytes), .. rest],
            [.. node.Attribute]), moved[0].Scale);
        return true;
    }

    // As bytes, and as the number it was for whoever wants that.
    private void Put(string value, string bytes, ActivationScale scale)
    {
        _bytes[value] = (bytes, scale);
        _nodes.Add(new NodeProto
        {
            OpType = "DequantizeLinear",
            Name = _editor.Unique($"{value}.number"),
            Input = { bytes, Scale(scale) },
            Output = { value },
        });
    }

    private (string Bytes, ActivationScale Scale) Bytes(string value)
    {
        var scale = _scaleOf(value);
        if (!_bytes.TryGetValue(value, out var known) || known.Scale != scale)
            _bytes[value] = known = (Emit("QuantizeLinear", $"{value}.bytes", [value, .. Scale(scale)]), scale);
        return known;
    }

    private string[] Weights(string name, IntegerWeights weights, long[] shape) =>
    [
        _editor.AddConstant($"{name}.int8", DataType.Int8, shape, MemoryMarshal.AsBytes<sbyte>(weights.Values)),
        _editor.AddConstant($"{name}.scale", DataType.Float, [shape[0]], MemoryMarshal.AsBytes<float>(weights.Scales)),
        _editor.AddConstant($"{name}.zero", DataType.Int8, [shape[0]], new byte[shape[0]]),
    ];

    private string[] Bias(NodeProto node, IntegerWeights weights, ActivationScale input, PhaseConvolution? phases)
    {
        if (node.Input.Count < 3 || node.Input[2].Length == 0)
            return [];
        var bias = MemoryMarshal.Cast<byte, float>(_editor.Constant(node.Input[2])!.RawData.Span).ToArray();
        var copies = phases is null ? 1 : phases.Block * phases.Block;
        var steps = weights.Bias([.. Enumerable.Repeat(bias, copies).SelectMany(values => values)], input.Scale);
        return [_editor.AddConstant($"{node.Input[2]}.int32", DataType.Int32, [steps.Length], MemoryMarshal.AsBytes<int>(steps))];
    }

    private string[] Scale(ActivationScale scale)
    {
        if (!_scales.TryGetValue(scale, out var names))
            _scales[scale] = names =
            [
                _editor.AddConstant("scale", DataType.Float, [], MemoryMarshal.AsBytes([scale.Scale])),
                _editor.AddConstant("zero", DataType.Uint8, [], [scale.ZeroPoint]),
            ];
        return names;
    }

    private string Emit(string operatorType, string name, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        name = _editor.Unique(name);
        _nodes.Add(new NodeProto { OpType = operatorType, Name = name, Input = { inputs }, Output = { name }, Attribute = { attributes } });
        return name;
    }
}
