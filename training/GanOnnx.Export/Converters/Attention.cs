using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>
/// Attention (Vaswani et al. 2017), written once on traced tensors: without a graph to find the settings that the modules
/// hide, and with one to export them. The sequence is the first axis, the batch the second; masks are left out.
/// </summary>
internal static class Attention
{
    /// <summary>The input's axes.</summary>
    public static string[] Sequence(nn.Module module) => ["L", "N", $"{Width(module)}"];

    /// <summary>Query, key and value to the output <c>[L, N, E]</c> and the weights' mean over the heads, <c>[N, L, S]</c>.</summary>
    public static IReadOnlyList<string> Multihead(Layer layer, MultiheadAttention module)
    {
        if (layer.Inputs.Count != 3)
            throw layer.Error($"gets {layer.Inputs.Count} inputs; a MultiheadAttention is exported for query, key and value, "
                + "without masks.");
        var weights = new ModuleWeights(module);
        var width = Width(module);
        // Each position that is added to the keys adds a weight.
        var zeros = layer.Outputs[1].shape[2] > layer.Inputs[1].shape[0] + (weights.Find("bias_k") is null ? 0 : 1);
        var keys = weights.Find("k_proj_weight")?.shape[1] ?? width;
        var heads = HiddenSettings.Find(layer, "heads: the divisors of the width", Divisors(width),
            [[3, 2, width], [4, 2, keys], [4, 2, keys]],
            (heads, inputs) => Values(Attend(weights, inputs[0], inputs[1], inputs[2], heads, zeros)));
        return Traced(layer, traced => Attend(traced, layer.Inputs[0], layer.Inputs[1], layer.Inputs[2], heads, zeros));
    }

    public static string EncoderLayer(Layer layer, TransformerEncoderLayer module) =>
        Transformed(layer, module, (weights, inputs, settings) => EncoderLayer(weights, inputs[0], settings));

    public static string Encoder(Layer layer, TransformerEncoder module) =>
        Transformed(layer, module, (weights, inputs, settings) => Encoder(weights, inputs[0], settings));

    public static string DecoderLayer(Layer layer, TransformerDecoderLayer module) =>
        Transformed(layer, module, (weights, inputs, settings) => DecoderLayer(weights, inputs[0], inputs[1], settings));

    public static string Decoder(Layer layer, TransformerDecoder module) =>
        Transformed(layer, module, (weights, inputs, settings) => Decoder(weights, inputs[0], inputs[1], settings));

    public static string Transformer(Layer layer, Transformer module) =>
        Transformed(layer, module, (weights, inputs, settings) =>
        {
            var memory = weights.Within("encoder", w => Encoder(w, inputs[0], settings));
            return weights.Within("decoder", w => Decoder(w, inputs[1], memory, settings));
        });

    private sealed record Settings(long Heads, bool Gelu);

    private static string Transformed(Layer layer, nn.Module module, Func<ModuleWeights, TracedTensor[], Settings, TracedTensor> compute)
    {
        var takes = module is TransformerEncoderLayer or TransformerEncoder ? 1 : 2;
        if (layer.Inputs.Count != takes)
            throw layer.Error($"gets {layer.Inputs.Count} inputs; a {module.GetType().Name} is exported for "
                + $"{(takes == 1 ? "the source" : "two sequences")}, without masks.");
        var (weights, width) = (new ModuleWeights(module), Width(module));
        Settings[] candidates = [.. Divisors(width).SelectMany(heads => new Settings[] { new(heads, false), new(heads, true) })];
        var settings = HiddenSettings.Find(layer, "heads: the divisors of the width; activation: relu, gelu", candidates,
            [.. layer.Inputs.Select((_, i) => new[] { 3L + i, 2, width })],
            (settings, inputs) => Values(compute(weights, [.. inputs.Select(i => new TracedTensor(i))], settings)));
        return Traced(layer, traced => [compute(traced, [.. layer.Inputs], settings)])[0];
    }

    private static long Width(nn.Module module) =>
        module.named_parameters().First(p => p.name.EndsWith("out_proj.weight", StringComparison.Ordinal)).parameter.shape[0];

    private static long[] Divisors(long width) => [.. Enumerable.Range(1, (int)width).Where(d => width % d == 0).Select(d => (long)d)];

    private static Tensor[] Values(params IReadOnlyList<TracedTensor> outputs) => [.. outputs.Select(o => o.Value)];

    private static List<string> Traced(Layer layer, Func<ModuleWeights, IReadOnlyList<TracedTensor>> compute)
    {
        layer.Graph.Enter(layer.Path);
        try
        {
            return [.. compute(new ModuleWeights(layer.Module, layer.Graph)).Select(o => o.NameIn(layer.Graph))];
        }
        finally
        {
            layer.Graph.Leave();
        }
    }

    private static TracedTensor[] Attend(ModuleWeights weights, TracedTensor query, TracedTensor key, TracedTensor value, long heads,
        bool zeros)
    {
        var width = query.shape[2];
        var q = Heads(Project(weights, query, "q", 0, 1 / Math.Sqrt(width / heads)), heads, 1, 2, 0, 3); // [N, heads, L, d]
        var k = Heads(WithAdded(weights, Project(weights, key, "k", 1), "bias_k", zeros), heads, 1, 2, 3, 0); // [N, heads, d, S]
        var v = Heads(WithAdded(weights, Project(weights, value, "v", 2), "bias_v", zeros), heads, 1, 2, 0, 3); // [N, heads, S, d]
        var attention = q.matmul(k).softmax(-1); // [N, heads, L, S]
        var mixed = attention.matmul(v).permute(2, 0, 1, 3); // [L, N, heads, d]
        var joined = mixed.reshape(mixed.shape[0], mixed.shape[1], width);
        return [weights.Within("out_proj", w => Linear(w, joined)), attention.mean([1])];
    }

    private static TracedTensor Heads(TracedTensor input, long heads, params long[] order) =>
        input.reshape(input.shape[0], input.shape[1], heads, input.shape[2] / heads).permute(order);

    /// <summary>The query's, key's or value's projection: its own weight, or its third of the common one.</summary>
    private static TracedTensor Project(ModuleWeights weights, TracedTensor input, string name, int third, double scale = 1)
    {
        var weight = weights.Find($"{name}_proj_weight") ?? weights["in_proj_weight"].chunk(3)[third];
        var product = input.matmul(weights.Constant($"{name}_weight", weight.t() * scale));
        return weights.Find("in_proj_bias") is { } bias ? product + weights.Constant($"{name}_bias", bias.chunk(3)[third] * scale)
            : product;
    }

    /// <summary>With the learned position, then the position of zeros, after the sequence.</summary>
    private static TracedTensor WithAdded(ModuleWeights weights, TracedTensor sequence, string name, bool zeros)
    {
        if (weights.Find(name) is null && !zeros)
            return sequence;
        // One position of zeros for each of the batch, whose size may be open.
        var none = sequence.narrow(0, 0, 1) * 0;
        List<TracedTensor> positions = [sequence];
        if (weights.Find(name) is { } learned)
            positions.Add(none + weights.Constant(name, learned));
        if (zeros)
            positions.Add(none);
        return TracedTensor.cat(positions);
    }

    private static TracedTensor EncoderLayer(ModuleWeights weights, TracedTensor source, Settings settings)
    {
        var attended = source + SelfAttention(weights, source, settings);
        return FeedForward(weights, Norm(weights, "norm1", attended), "norm2", settings);
    }

    private static TracedTensor DecoderLayer(ModuleWeights weights, TracedTensor target, TracedTensor memory, Settings settings)
    {
        var own = Norm(weights, "norm1", target + SelfAttention(weights, target, settings));
        var crossed = own + weights.Within("multihead_attn", w => Attend(w, own, memory, memory, settings.Heads, zeros: false)[0]);
        return FeedForward(weights, Norm(weights, "norm2", crossed), "norm3", settings);
    }

    private static TracedTensor Encoder(ModuleWeights weights, TracedTensor source, Settings settings) =>
        Stack(weights, source, (w, value) => EncoderLayer(w, value, settings));

    private static TracedTensor Decoder(ModuleWeights weights, TracedTensor target, TracedTensor memory, Settings settings) =>
        Stack(weights, target, (w, value) => DecoderLayer(w, value, memory, settings));

    private static TracedTensor Stack(ModuleWeights weights, TracedTensor value, Func<ModuleWeights, TracedTensor, TracedTensor> layer)
    {
        for (var i = 0; weights.Find($"layers.{i}.norm1.weight") is not null; i++)
            value = weights.Within($"layers.{i}", w => layer(w, value));
        return weights.Find("norm.weight") is null ? value : Norm(weights, "norm", value);
    }

    private static TracedTensor SelfAttention(ModuleWeights weights, TracedTensor input, Settings settings) =>
        weights.Within("self_attn", w => Attend(w, input, input, input, settings.Heads, zeros: false)[0]);

    private static TracedTensor FeedForward(ModuleWeights weights, TracedTensor input, string norm, Settings settings)
    {
        var hidden = weights.Within("linear1", w => Linear(w, input));
        var activated = settings.Gelu ? hidden.gelu() : hidden.relu();
        return Norm(weights, norm, input + weights.Within("linear2", w => Linear(w, activated)));
    }

    private static TracedTensor Linear(ModuleWeights weights, TracedTensor input)
    {
        var product = input.matmul(weights.Constant("weight_transposed", weights["weight"].t()));
        return weights.Find("bias") is { } bias ? product + weights.Constant("bias", bias) : product;
    }

    private static TracedTensor Norm(ModuleWeights weights, string name, TracedTensor input) =>
        weights.Within(name, w => TracedTensor.layer_norm(input, w.Constant("weight", w["weight"]), w.Constant("bias", w["bias"])));
}
