using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Onnx.Editing;
using TorchSharp;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>One of ONNX's recurrent operators.</summary>
/// <param name="Operator">Its name.</param>
/// <param name="Gates">Which of TorchSharp's gates comes at each place of ONNX's.</param>
/// <param name="States">How many tensors its state has.</param>
internal sealed record RecurrentKind(string Operator, int[] Gates, int States)
{
    public static readonly RecurrentKind Rnn = new("RNN", [0], 1);

    // TorchSharp: input, forget, cell, output. ONNX: input, output, forget, cell.
    public static readonly RecurrentKind Lstm = new("LSTM", [0, 3, 1, 2], 2);

    // TorchSharp: reset, update, new. ONNX: update, reset, hidden.
    public static readonly RecurrentKind Gru = new("GRU", [1, 0, 2], 1);
}

/// <summary>
/// RNN, LSTM, GRU and their cells. Sizes, layers, directions and biases are in the weights' names and shapes; whether the
/// batch comes first shows in the state's shape; the RNN's function is found by <see cref="HiddenSettings"/>.
/// </summary>
internal static class Recurrent
{
    private static readonly string[] _functions = ["Tanh", "Relu"];

    /// <summary>The input's axes, for a stack of layers.</summary>
    public static string[] Sequence(nn.Module module) =>
        IsBatchFirst(module) ? ["N", "T", $"{InputSize(module)}"] : ["T", "N", $"{InputSize(module)}"];

    /// <summary>The input's axes, for a cell.</summary>
    public static string[] Step(nn.Module module) => ["N", $"{InputSize(module)}"];

    /// <summary>A stack of layers: the last one's outputs of every step, then the state of all after the last step.</summary>
    public static IReadOnlyList<string> Layers(Layer layer, RecurrentKind kind)
    {
        var (graph, weights, batchFirst) = (layer.Graph, new ModuleWeights(layer.Module), IsBatchFirst(layer.Module));
        string[] directions = weights.Find("weight_ih_l0_reverse") is null ? [""] : ["", "_reverse"];
        var count = weights.Names.Count(n => n.StartsWith("weight_ih_l", StringComparison.Ordinal)) / directions.Length;
        var function = kind == RecurrentKind.Rnn ? FunctionOfLayers(layer, weights, count, directions, batchFirst) : null;
        var states = layer.Inputs.Skip(1).Select((state, i) => PerLayer(layer, state, i, count, directions.Length)).ToList();

        var value = batchFirst ? graph.Transpose(layer.Part("time_first"), layer.Input, [1, 0, 2]) : layer.Input;
        var last = new List<string[]>();
        for (var i = 0; i < count; i++)
        {
            var outputs = Operator(layer, kind, $"l{i}", [.. directions.Select(d => $"_l{i}{d}")], value, [.. states.Select(s => s[i])],
                function);
            value = i < count - 1
                ? JoinDirections(layer, layer.Part($"l{i}.output"), outputs[0], directions.Length, batchFirst: false)
                : JoinDirections(layer, layer.Path, outputs[0], directions.Length, batchFirst);
            last.Add(outputs[1..]);
        }
        return [value, .. Enumerable.Range(0, kind.States).Select(state => count == 1
            ? last[0][state]
            : layer.AddPart($"last_{state}", "Concat", last.Select(l => l[state]), Attribute("axis", 0)))];
    }

    /// <summary>A cell: a sequence of one step.</summary>
    public static IReadOnlyList<string> Cell(Layer layer, RecurrentKind kind)
    {
        var graph = layer.Graph;
        var function = kind == RecurrentKind.Rnn ? FunctionOfCell(layer, new ModuleWeights(layer.Module)) : null;
        var states = layer.Inputs.Skip(1).Select((s, i) => graph.Unsqueeze(layer.Part($"first_{i}"), s.NameIn(graph), 0));
        var outputs = Operator(layer, kind, "step", [""], graph.Unsqueeze(layer.Part("sequence"), layer.Input, 0), [.. states], function);
        return [.. outputs[1..].Select((o, i) => graph.Squeeze(i == 0 ? layer.Path : layer.Part("cell"), o, 0))];
    }

    private static long InputSize(nn.Module module) =>
        module.named_parameters().First(p => p.name.StartsWith("weight_ih", StringComparison.Ordinal)).parameter.shape[1];

    /// <summary>Whether the batch is axis 0 of the input; it is always axis 1 of the state.</summary>
    private static bool IsBatchFirst(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return ModuleRunner.Run(module, [zeros(2, 3, InputSize(module))])[1].shape[1] == 2;
    }

    private static string[] PerLayer(Layer layer, TracedTensor state, int index, int count, int directions) =>
        count == 1
            ? [state.NameIn(layer.Graph)]
            : layer.Graph.Split(layer.Part($"first_{index}"), state.NameIn(layer.Graph), 0,
                [.. Enumerable.Repeat((long)directions, count)]);

    /// <summary>Gives <c>[T, directions, N, H]</c>, then the last state's tensors, each <c>[directions, N, H]</c>.</summary>
    /// <param name="layer">The module.</param>
    /// <param name="kind">The operator.</param>
    /// <param name="part">The node's name.</param>
    /// <param name="suffixes">What each direction's weights have after their names.</param>
    /// <param name="value">The input, <c>[T, N, I]</c>.</param>
    /// <param name="states">The first state; none for zeros.</param>
    /// <param name="function">The RNN's function.</param>
    private static string[] Operator(Layer layer, RecurrentKind kind, string part, string[] suffixes, string value, string[] states,
        string? function)
    {
        using var scope = NewDisposeScope();
        var weights = new ModuleWeights(layer.Module);
        List<string> inputs = [value, Weight("W", "weight_ih"), Weight("R", "weight_hh")];
        var bias = weights.Find($"bias_ih{suffixes[0]}") is not null;
        if (bias)
            inputs.Add(layer.Weight($"{part}.B",
                stack([.. suffixes.Select(s => cat([Reordered($"bias_ih{s}"), Reordered($"bias_hh{s}")]))])));
        if (states.Length > 0)
            inputs.AddRange(bias ? ["", .. states] : ["", "", .. states]); // the lengths are left out
        List<Onnx.AttributeProto> attributes =
        [
            Attribute("direction", suffixes.Length == 2 ? "bidirectional" : "forward"),
            Attribute("hidden_size", weights[$"weight_hh{suffixes[0]}"].shape[1]),
        ];
        if (function is not null)
            attributes.Insert(0, Attribute("activations", Enumerable.Repeat(function, suffixes.Length)));
        if (kind == RecurrentKind.Gru)
            attributes.Add(Attribute("linear_before_reset", 1)); // the reset gate is on the product with its bias
        return layer.Graph.AddMany(kind.Operator, layer.Part(part), inputs, 1 + kind.States, [.. attributes]);

        string Weight(string letter, string name) =>
            layer.Weight($"{part}.{letter}", stack([.. suffixes.Select(s => Reordered(name + s))]));

        Tensor Reordered(string name)
        {
            var gates = weights[name].chunk(kind.Gates.Length);
            return cat([.. kind.Gates.Select(g => gates[g])]);
        }
    }

    /// <summary>From <c>[T, directions, N, H]</c> to <c>[T, N, directions · H]</c>, or <c>[N, T, directions · H]</c>.</summary>
    private static string JoinDirections(Layer layer, string name, string value, int directions, bool batchFirst)
    {
        var graph = layer.Graph;
        if (directions == 1 && !batchFirst)
            return graph.Squeeze(name, value, 1);
        var moved = graph.Transpose($"{name}.directions", value, batchFirst ? [2, 0, 1, 3] : [0, 2, 1, 3]);
        return graph.Add("Reshape", name,
            [moved, graph.Initializer($"{name}.shape", Ops.Reshape.Keep, Ops.Reshape.Keep, Ops.Reshape.Infer)]);
    }

    private static string FunctionOfCell(Layer layer, ModuleWeights weights) =>
        HiddenSettings.Find(layer, "nonlinearity: tanh, relu", _functions,
            [[2, InputSize(layer.Module)], [2, weights["weight_hh"].shape[1]]],
            (function, inputs) => [Step(weights, "", inputs[0], inputs[1], function)]);

    // Over one step both directions are the same, so a stack of layers is a stack of cells.
    private static string FunctionOfLayers(Layer layer, ModuleWeights weights, int count, string[] directions, bool batchFirst)
    {
        long[] shape = batchFirst ? [2, 1, InputSize(layer.Module)] : [1, 2, InputSize(layer.Module)];
        return HiddenSettings.Find(layer, "nonlinearity: tanh, relu", _functions,
            [shape, [count * directions.Length, 2, weights["weight_hh_l0"].shape[1]]],
            (function, inputs) =>
            {
                var (value, states) = (inputs[0].reshape(2, -1), new List<Tensor>());
                for (var i = 0; i < count; i++)
                {
                    foreach (var direction in directions)
                        states.Add(Step(weights, $"_l{i}{direction}", value, inputs[1][states.Count], function));
                    value = cat([.. states[^directions.Length..]], 1);
                }
                return [value.unsqueeze(batchFirst ? 1 : 0), stack([.. states])];
            });
    }

    private static Tensor Step(ModuleWeights weights, string suffix, Tensor input, Tensor state, string function)
    {
        var sum = input.matmul(weights[$"weight_ih{suffix}"].t()) + state.matmul(weights[$"weight_hh{suffix}"].t());
        if (weights.Find($"bias_ih{suffix}") is { } bias)
            sum += bias + weights[$"bias_hh{suffix}"];
        return function == "Tanh" ? sum.tanh() : sum.relu();
    }
}
