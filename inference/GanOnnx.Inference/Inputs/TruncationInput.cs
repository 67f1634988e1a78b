using System.Globalization;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Inputs;

/// <summary>How far styles are pulled to the average one: 1, not at all, where the sample says nothing.</summary>
internal sealed class TruncationInput : ModelInput
{
    public const string Supported = "truncation float32 [N], [N, 1] or one number";

    // −1 is the opposite of an image (Karras et al. 2019, figure 8), and beyond 2 nothing is left of it.
    private const float Most = 2;

    private TruncationInput(IReadOnlyList<TensorSpec> tensors) : base(tensors)
    {
    }

    public static TruncationInput Recognise(UntakenInputs inputs) =>
        inputs.Take(IsTruncation) is { } tensor ? new([TensorSpec.OfNumber(tensor)]) : new([]);

    public override string Name => "truncation";

    public override Sample Read(ModelDescription model, in Sample sample, string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? sample with { Truncation = value }
            : throw Errors.WrongTruncation(text, Most);

    public override string? Write(in Sample sample) => sample.Truncation?.ToString(CultureInfo.InvariantCulture);

    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.Truncation is { } value && !(Math.Abs(value) <= Most))
            throw Errors.WrongTruncation(value.ToString(CultureInfo.InvariantCulture), Most);
        if (sample.Truncation is not null && !IsTaken)
            throw Errors.NoTruncation(model.Path);
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        for (var i = 0; i < count; i++)
            tensors[First].Put(row + i, 0, images[first + i].Truncation ?? 1);
    }

    private static bool IsTruncation(TensorDescription t) =>
        t is { Name: "truncation" or "truncation_psi" or "psi", Type: "float32" or "float16" }
        && (t.Axes.Count < 2 || t.Axes is [_, { Length: 1 }]);
}
