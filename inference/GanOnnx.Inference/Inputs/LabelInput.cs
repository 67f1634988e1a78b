using System.Globalization;
using System.Text.RegularExpressions;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Inputs;

/// <summary>
/// The class of the image, which conditional models take, as a number or one-hot; drawn from the sample's seed where none is asked for.
/// </summary>
internal sealed partial class LabelInput : ModelInput
{
    public const string Supported = "label int64 or int32 [N] or [N, 1] or one-hot [N, K]";

    // A float input of this name is no latent.
    private const string Names = "^(labels?|class(es)?|cond(ition)?|one_?hot|[cy])([._:].*)?$";

    private readonly bool _isOneHot;

    private LabelInput(IReadOnlyList<TensorSpec> tensors, IReadOnlyList<string> classes, bool isOneHot) : base(tensors) =>
        (Classes, _isOneHot) = (classes, isOneHot);

    /// <summary>The classes' names in label order; empty where nobody says them.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <exception cref="ModelException">The metadata has classes, but the graph has no label or one of another length.</exception>
    public static LabelInput Recognise(UntakenInputs inputs)
    {
        var named = inputs.Metadata?.Classes ?? [];
        if (named.Count == 0)
            named = inputs.Options.Classes;
        if (inputs.Take(IsNumber) is { } number)
            return new([new(number.Name, number.ElementType()!.Value, number.Axes.Count == 1 ? [] : [1])], named, false);
        if (inputs.Take(IsOneHot) is { Axes: [_, { Length: { } length }] } oneHot)
            return named.Count > 0 && named.Count != length
                ? throw Errors.Contradiction(inputs.Path, $"there are {named.Count} classes", $"has {oneHot}")
                : new([new(oneHot.Name, oneHot.ElementType()!.Value, [length])], named.Count > 0 ? named : Numbers(length), true);
        return inputs.Metadata is { Classes.Count: > 0 and var count }
            ? throw Errors.Contradiction(inputs.Path, $"there are {count} classes", "has no input label int64 [N]")
            : new([], [], false);
    }

    public override string Name => "label";

    public override Sample Read(ModelDescription model, in Sample sample, string text) => sample with { Label = model.FindLabel(text) };

    public override string? Write(in Sample sample) => sample.Label?.ToString(CultureInfo.InvariantCulture);

    public override void Check(ModelDescription model, in Sample sample)
    {
        if (sample.Label is { } label)
            model.CheckLabel(label);
        else if (IsTaken && Classes.Count == 0)
            throw Errors.UnknownClasses(model.Path);
    }

    public override void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
    {
        var labels = tensors[First];
        if (_isOneHot)
            labels.Bytes(row, count).Clear();
        for (var i = 0; i < count; i++)
        {
            var sample = images[first + i];
            var label = sample.Label ?? LatentSampler.Label(sample.Seed, sample.Index, Classes.Count);
            if (_isOneHot)
                labels.Put(row + i, label, 1);
            else
                labels.Put(row + i, 0, label);
        }
    }

    private static bool IsNumber(TensorDescription t) =>
        t.Type is "int64" or "int32" && (t.Axes.Count == 1 || (t.Axes.Count == 2 && t.Axes[1].Length == 1));

    private static bool IsOneHot(TensorDescription t) => t.Axes is [_, { Length: > 1 }]
        && (t.Type is "int64" or "int32" || (t.Type is "float32" or "float16" && LabelName().IsMatch(t.Name)));

    private static string[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(label => label.ToString(CultureInfo.InvariantCulture))];

    [GeneratedRegex(Names, RegexOptions.IgnoreCase)]
    private static partial Regex LabelName();
}
