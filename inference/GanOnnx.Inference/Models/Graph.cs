using GanOnnx.Inference.Images;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Models;

/// <summary>Which of a graph's inputs and outputs plays which role.</summary>
internal sealed record Graph(IReadOnlyList<TensorDescription> Inputs, ImageTensor Image, int? FixedBatch)
{
    /// <summary>The latent of noise → image.</summary>
    public TensorDescription? Latent { get; private init; }

    /// <summary>The label of noise → image.</summary>
    public TensorDescription? Label { get; private init; }

    /// <summary>The truncation of noise → image.</summary>
    public TensorDescription? Truncation { get; private init; }

    /// <summary>The second latent of noise → image, and the layer from which on its style counts; both or none.</summary>
    public (TensorDescription Latent, TensorDescription From)? StyleMix { get; private init; }

    /// <summary>The image that goes into image → image.</summary>
    public ImageTensor? Source { get; private init; }

    /// <summary>Noise → image. The inputs are in the order latent, label, truncation, style_mix, style_mix_from.</summary>
    public static Graph OfGenerator(
        string path, IReadOnlyList<TensorDescription> inputs, IReadOnlyList<TensorDescription> outputs, PixelFormat format, string option)
    {
        var styleMix = FindStyleMix(inputs);
        var latents = inputs.Where(t => IsLatent(t) && t.Name != "style_mix").ToList();
        var label = inputs.FirstOrDefault(t => t is { Type: "int64", Axes.Count: 1 });
        var truncation = inputs.FirstOrDefault(t => t is { Name: "truncation", Type: "float32", Axes.Count: 1 });
        var unexpected = inputs.Except(latents).FirstOrDefault(t => t != label && t != truncation && t != styleMix?.Latent && t != styleMix?.From);

        if (latents.Count == 0)
            throw Errors.NoLatentInput(path, inputs);
        if (unexpected is not null)
            throw Errors.UnexpectedInput(path, unexpected);
        if (latents.Count > 1)
            throw Errors.AmbiguousInputs(path, latents);

        var image = FindImage(outputs, format) ?? throw NoImage(path, outputs, format, option);
        TensorDescription?[] roles = [latents[0], label, truncation, styleMix?.Latent, styleMix?.From];
        return new([.. roles.OfType<TensorDescription>()], image, BatchOf(path, [.. inputs, image.Tensor]))
        {
            Latent = latents[0],
            Label = label,
            Truncation = truncation,
            StyleMix = styleMix,
        };
    }

    /// <summary>Image → image.</summary>
    public static Graph OfTranslator(
        string path, IReadOnlyList<TensorDescription> inputs, IReadOnlyList<TensorDescription> outputs, PixelFormat from, PixelFormat to)
    {
        if (inputs.Count != 1 || FindImage(inputs, from) is not { } source)
            throw inputs.Count == 1 && ImageTensor.IsFlat(inputs[0])
                ? Errors.UnknownShape(path, inputs[0], from.Shape, "Input")
                : Errors.NoImageInput(path, inputs);

        var image = FindImage(outputs, to) ?? throw NoImage(path, outputs, to, "Output");
        return new([source.Tensor], image, BatchOf(path, [source.Tensor, image.Tensor])) { Source = source };
    }

    public static TensorDescription Describe(string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
            return new(name, metadata.OnnxValueType.ToString(), []);

        var axes = metadata.Dimensions.Zip(metadata.SymbolicDimensions, (length, symbol) =>
            length >= 0 ? new TensorAxis(length) : new TensorAxis(null, string.IsNullOrEmpty(symbol) ? null : symbol));
        return new(name, TypeName(metadata.ElementDataType), [.. axes]);
    }

    // The one called image, else the one with most axes: an intermediate result may be an output as well.
    private static ImageTensor? FindImage(IReadOnlyList<TensorDescription> tensors, PixelFormat format) =>
        tensors.OrderByDescending(t => t.Name == "image").ThenByDescending(t => t.Axes.Count)
            .Select(t => ImageTensor.Recognise(t, format)).FirstOrDefault(image => image is not null);

    private static ModelException NoImage(
        string path, IReadOnlyList<TensorDescription> outputs, PixelFormat format, string option) =>
        outputs.FirstOrDefault(ImageTensor.IsFlat) is { } flat && !outputs.Any(t => t.Axes.Count > 2)
            ? Errors.UnknownShape(path, flat, format.Shape, option)
            : format.Shape is { } shape ? Errors.OtherShape(path, outputs, shape, option) : Errors.NoImageOutput(path, outputs);

    private static int? BatchOf(string path, IReadOnlyList<TensorDescription> tensors)
    {
        var sizes = tensors.Select(t => t.Axes[0].Length).OfType<int>().Distinct().ToList();
        return sizes.Count > 1 ? throw Errors.SeveralBatches(path, tensors) : sizes.Count == 1 ? sizes[0] : null;
    }

    private static (TensorDescription Latent, TensorDescription From)? FindStyleMix(IReadOnlyList<TensorDescription> inputs) =>
        inputs.FirstOrDefault(t => t is { Name: "style_mix", Type: "float32", Axes.Count: 2 }) is { } latent
        && inputs.FirstOrDefault(t => t is { Name: "style_mix_from", Type: "float32", Axes.Count: 1 }) is { } from
            ? (latent, from) : null;

    private static bool IsLatent(TensorDescription t) =>
        t.Type == "float32" && (t.Axes.Count == 2 || (t.Axes.Count == 4 && t.Axes[2].Length == 1 && t.Axes[3].Length == 1));

    private static string TypeName(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Double => "float64",
        _ => type.ToString().ToLowerInvariant(),
    };
}
