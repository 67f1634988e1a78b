using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Inputs;

/// <summary>How far styles are pulled to the average one: 1, not at all, where the sample says nothing.</summary>
internal sealed class TruncationInput : ModelInput
{
    public const string Supported = "truncation float32 [N]";

    private TruncationInput(IReadOnlyList<TensorSpec> tensors) : base(tensors)
    {
    }

    public static TruncationInput Recognise(Signature signature) =>
        signature.Take(t => t is { Name: "truncation", Type: "float32", Axes.Count: 1 }) is { } tensor
            ? new([new(tensor.Name, TensorElementType.Float, [])]) : new([]);

    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.Truncation is { } value && !float.IsFinite(value))
            throw Errors.WrongTruncation(value);
        if (sample.Truncation is not null && !IsTaken)
            throw Errors.NoTruncation(model.Path);
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        var values = tensors[First].Values<float>(row, count);
        for (var i = 0; i < count; i++)
            values[i] = images[first + i].Truncation ?? 1;
    }
}
