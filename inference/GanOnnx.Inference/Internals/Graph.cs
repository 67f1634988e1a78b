using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Internals;

/// <summary>Which of a graph's inputs and outputs plays which role.</summary>
internal sealed record Graph(
    TensorDescription Latent, TensorDescription? Label, TensorDescription? Truncation, TensorDescription Image)
{
    /// <summary>Whether the graph makes uint8 [N, H, W, C] itself; else it makes float32 [N, C, H, W].</summary>
    public bool MakesBytes => IsBytes(Image);

    public TensorAxis Channels => Image.Axes[MakesBytes ? 3 : 1];

    public TensorAxis Height => Image.Axes[MakesBytes ? 1 : 2];

    public TensorAxis Width => Image.Axes[MakesBytes ? 2 : 3];

    public static Graph Recognise(string path, IReadOnlyList<TensorDescription> inputs, IReadOnlyList<TensorDescription> outputs)
    {
        var latents = inputs.Where(IsLatent).ToList();
        var labels = inputs.Where(t => t is { Type: "int64", Axes.Count: 1 }).ToList();
        var truncation = inputs.FirstOrDefault(t => t is { Name: "truncation", Type: "float32", Axes.Count: 1 });
        var unexpected = inputs.Except(latents).Except(labels.Take(1)).FirstOrDefault(t => t != truncation);

        if (latents.Count == 0)
            throw Errors.NoLatentInput(path, inputs);
        if (unexpected is not null)
            throw Errors.UnexpectedInput(path, unexpected);
        if (latents.Count > 1)
            throw Errors.AmbiguousInputs(path, latents);

        var images = outputs.Where(t => IsFloats(t) || IsBytes(t)).ToList();
        var image = images.Find(t => t.Name == "image") ?? images.FirstOrDefault() ?? throw Errors.NoImageOutput(path, outputs);

        foreach (var input in inputs)
            if (input.Axes[0].Length is not null)
                throw Errors.FixedBatch(path, "input", input);
        if (image.Axes[0].Length is not null)
            throw Errors.FixedBatch(path, "output", image);

        return new(latents[0], labels.FirstOrDefault(), truncation, image);
    }

    public static TensorDescription Describe(string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
            return new(name, metadata.OnnxValueType.ToString(), []);

        var axes = metadata.Dimensions.Zip(metadata.SymbolicDimensions, (length, symbol) =>
            length >= 0 ? new TensorAxis(length) : new TensorAxis(null, string.IsNullOrEmpty(symbol) ? null : symbol));
        return new(name, TypeName(metadata.ElementDataType), [.. axes]);
    }

    private static bool IsFloats(TensorDescription t) => t is { Type: "float32", Axes.Count: 4 } && t.Axes[1].Length is null or 1 or 3;

    private static bool IsBytes(TensorDescription t) => t is { Type: "uint8", Axes.Count: 4 } && t.Axes[3].Length is null or 1 or 3;

    private static bool IsLatent(TensorDescription t) =>
        t.Type == "float32" && (t.Axes.Count == 2 || (t.Axes.Count == 4 && t.Axes[2].Length == 1 && t.Axes[3].Length == 1));

    private static string TypeName(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Double => "float64",
        _ => type.ToString().ToLowerInvariant(),
    };
}
