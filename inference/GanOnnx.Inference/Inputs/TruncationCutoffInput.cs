using System.Globalization;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Inputs;

/// <summary>The layer from which on truncation doesn't count, as StyleGAN's own generators have it: none, where the sample says
/// nothing.</summary>
internal sealed class TruncationCutoffInput : ModelInput
{
    public const string Supported = "truncation_cutoff int64 [N], [N, 1] or one number";

    private TruncationCutoffInput(IReadOnlyList<TensorSpec> tensors) : base(tensors)
    {
    }

    public override string Name => "truncationCutoff";

    public static TruncationCutoffInput Recognise(UntakenInputs inputs) =>
        inputs.Take(IsCutoff) is { } tensor ? new([TensorSpec.OfNumber(tensor)]) : new([]);

    public override Sample Read(ModelDescription model, in Sample sample, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? sample with { TruncationCutoff = layer }
            : throw Errors.WrongTruncationCutoff(text);

    public override string? Write(in Sample sample) => sample.TruncationCutoff?.ToString(CultureInfo.InvariantCulture);

    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.TruncationCutoff is < 0 and var layer)
            throw Errors.WrongTruncationCutoff(layer.ToString(CultureInfo.InvariantCulture));
        if (sample.TruncationCutoff is not null && !IsTaken)
            throw Errors.NoTruncationCutoff(model.Path);
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        for (var i = 0; i < count; i++)
            tensors[First].Put(row + i, 0, Math.Min(images[first + i].TruncationCutoff ?? int.MaxValue, StyleMixInput.BeyondAllLayers));
    }

    private static bool IsCutoff(TensorDescription t) => t.Name == "truncation_cutoff" && t.ElementType() is not null
        && (t.Axes.Count < 2 || t.Axes is [_, { Length: 1 }]);
}
