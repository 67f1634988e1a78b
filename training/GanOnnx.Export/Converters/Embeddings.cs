using GanOnnx.Export.Graphs;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>
/// Rows of a table by their numbers. The modules hide their settings (the largest norm, a bag's mode, the padding row), so
/// these are found by running the module on every row.
/// </summary>
internal static class Embeddings
{
    public static string Embedding(Layer layer, Embedding module)
    {
        using var scope = NewDisposeScope();
        return layer.Add("Gather", [Table(layer, module, rows => module.call(rows)), layer.Input], Attribute("axis", 0));
    }

    public static string EmbeddingBag(Layer layer, EmbeddingBag module)
    {
        if (layer.Inputs.Count != 1 || layer.Shape.Length != 2)
            throw layer.Error("is an EmbeddingBag that gets offsets or weights of its own; only bags of one size, as [N, B], can "
                + "be exported.");
        using var scope = NewDisposeScope();
        var rows = layer.AddPart("rows", "Gather", [Table(layer, module, rows => module.call(rows.unsqueeze(1))), layer.Input],
            Attribute("axis", 0));
        return layer.Graph.Reduce(Mode(layer, module), layer.Path, rows, [1], keep: false);
    }

    /// <summary>The rows as the module gives them: the weight itself, or its copy with the norms limited or the padding row 0.</summary>
    private static string Table(Layer layer, nn.Module module, Func<Tensor, Tensor> rows)
    {
        var weight = Weight(module);
        var given = Unchanged(weight, () => rows(arange(weight.shape[0])));
        return given.eq(weight).all().item<bool>() ? layer.Weight("weight", weight) : layer.Weight("rows", given);
    }

    // Every row in a bag with the next: only the right mode gives all of them.
    private static string Mode(Layer layer, EmbeddingBag module)
    {
        var weight = Weight(module);
        var numbers = arange(weight.shape[0]);
        var single = Unchanged(weight, () => module.call(numbers.unsqueeze(1)));
        var bags = Unchanged(weight, () => module.call(stack([numbers, numbers.roll(-1, 0)], 1)));
        var pairs = stack([single, single.roll(-1, 0)], 1);
        var magnitude = single.abs().max().item<float>();
        foreach (var (mode, expected) in new[] { ("ReduceSum", pairs.sum(1)), ("ReduceMean", pairs.mean([1L])),
            ("ReduceMax", pairs.amax([1L])) })
            if ((bags - expected).abs().max().item<float>() <= 1e-5 * magnitude)
                return mode;
        throw layer.Error("has a padding row, which its mean or largest value leaves out; ONNX has no such operator. Make it without "
            + "padding_index, or with the mode Sum.");
    }

    // The parameter that the module's tree has; the property makes a new one each time.
    private static Parameter Weight(nn.Module module) => module.named_parameters(recurse: false).Single(p => p.name == "weight").parameter;

    // A module with a largest norm scales the rows that it is asked for in place.
    private static Tensor Unchanged(Parameter weight, Func<Tensor> run)
    {
        using var before = weight.clone();
        var result = run().clone();
        weight.copy_(before);
        return result;
    }
}
