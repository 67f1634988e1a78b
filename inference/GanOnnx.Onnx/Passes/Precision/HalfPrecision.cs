using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Passes.Precision;

/// <summary>Lets a graph compute in float16, but for what <see cref="HalfPlan"/> keeps in float32; inputs and outputs stay
/// float32.</summary>
internal sealed class HalfPrecision
{
    private readonly GraphProto _graph;
    private readonly GraphEditor _names;
    private readonly HalfPlan _plan;
    private readonly HashSet<string> _outputs, _onlyHalf;
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly Dictionary<(string Value, bool Half), string> _forms = [];
    private readonly List<NodeProto> _nodes = [];

    private HalfPrecision(GraphProto graph, IReadOnlyDictionary<string, ValueRange> ranges)
    {
        _graph = graph;
        _names = new GraphEditor(_graph);
        _plan = new HalfPlan(_graph, ranges);
        _outputs = [.. _graph.Output.Select(o => o.Name)];
        _onlyHalf = OnlyHalf();
        _constants = _graph.Initializer.ToDictionary(i => i.Name, StringComparer.Ordinal);
    }

    /// <param name="graph">The graph, in float32.</param>
    /// <param name="ranges">What each float32 value is for an example, constants included.</param>
    public static void Apply(GraphProto graph, IReadOnlyDictionary<string, ValueRange> ranges) =>
        new HalfPrecision(graph, ranges).Rewrite();

    private void Rewrite()
    {
        foreach (var node in _graph.Node.ToList())
        {
            var half = _plan.IsHalf(node);
            for (var i = 0; i < node.Input.Count; i++)
                if (_plan.IsComputed(node, i))
                    node.Input[i] = Form(node.Input[i], half);
            _nodes.Add(node);
            if (half)
                foreach (var output in node.Output.Where(o => o.Length > 0).ToList())
                    GiveHalf(node, output);
        }
        _graph.Node.Clear();
        _graph.Node.AddRange(_nodes);
        DeadNodes.Apply(_graph);
    }

    /// <summary>The constants that keep their name in float16, as nothing needs them in float32.</summary>
    private HashSet<string> OnlyHalf()
    {
        var used = _graph.Node.SelectMany(n => n.Input.Select((name, i) => (name, half: _plan.IsHalf(n) && _plan.IsComputed(n, i))));
        return [.. used.GroupBy(u => u.name, u => u.half).Where(g => g.All(half => half)).Select(g => g.Key)];
    }

    /// <summary>A value in a precision, cast where it isn't there yet.</summary>
    private string Form(string value, bool half)
    {
        if (!_forms.TryGetValue((value, half), out var form))
            form = _forms[(value, half)] = (half, _constants.GetValueOrDefault(value)) switch
            {
                (true, { } constant) => HalfConstant(constant),
                (true, _) => Cast(value, _names.Unique($"{value}.half"), DataType.Float16),
                (false, _) when _forms.TryGetValue((value, true), out var made) && made == value =>
                    Cast(value, _names.Unique($"{value}.float"), DataType.Float),
                _ => value,
            };
        return form;
    }

    /// <summary>Notes that a node gives a value in float16; one that is an output is cast under its name.</summary>
    private void GiveHalf(NodeProto node, string output)
    {
        if (!_plan.IsFloat(output))
            return;
        if (!_outputs.Contains(output))
        {
            _forms[(output, true)] = output;
            return;
        }
        var half = _names.Unique($"{output}.half");
        node.Output[node.Output.IndexOf(output)] = half;
        (_forms[(output, true)], _forms[(output, false)]) = (half, Cast(half, output, DataType.Float));
    }

    private string Cast(string value, string name, DataType type)
    {
        _nodes.Add(new NodeProto
        {
            OpType = "Cast",
            Name = _names.Unique($"{value}.cast"),
            Input = { value },
            Output = { name },
            Attribute = { Attributes.Attribute("to", (long)type) },
        });
        return name;
    }

    private string HalfConstant(TensorProto constant)
    {
        var values = MemoryMarshal.Cast<byte, float>(constant.RawData.Span);
        var halves = new Half[values.Length];
        for (var i = 0; i < halves.Length; i++)
            halves[i] = (Half)values[i];
        var bytes = MemoryMarshal.AsBytes<Half>(halves);
        if (!_onlyHalf.Contains(constant.Name))
            return _names.AddConstant($"{constant.Name}.half", DataType.Float16, [.. constant.Dims], bytes);
        _names.SetConstant(constant.Name, DataType.Float16, [.. constant.Dims], bytes);
        return constant.Name;
    }
}
