using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Inputs;

/// <summary>The class of the image, which conditional models take; drawn from the sample's seed where none is asked for.</summary>
internal sealed class LabelInput : ModelInput
{
    public const string Supported = "label int64 [N]";

    private LabelInput(IReadOnlyList<TensorSpec> tensors, IReadOnlyList<string> classes) : base(tensors) => Classes = classes;

    /// <summary>The classes' names in label order; empty where nobody says them.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <exception cref="ModelException">The metadata has classes, but the graph has no label.</exception>
    public static LabelInput Recognise(Signature signature)
    {
        var named = signature.Metadata?.Classes ?? [];
        if (signature.Take(t => t is { Type: "int64", Axes.Count: 1 }) is { } tensor)
            return new([new(tensor.Name, TensorElementType.Int64, [])], named.Count > 0 ? named : signature.Options.Classes);
        return named.Count == 0
            ? new([], [])
            : throw Errors.Contradiction(signature.Path, $"there are {named.Count} classes", "has no input label int64 [N]");
    }

    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.Label is { } label)
            model.CheckLabel(label);
        else if (IsTaken && Classes.Count == 0)
            throw Errors.UnknownClasses(model.Path);
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        var labels = tensors[First].Values<long>(row, count);
        for (var i = 0; i < count; i++)
        {
            var sample = images[first + i];
            labels[i] = sample.Label ?? LatentSampler.Label(sample.Seed, sample.Index, Classes.Count);
        }
    }
}
