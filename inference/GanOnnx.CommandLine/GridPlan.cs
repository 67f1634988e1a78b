using GanOnnx.Inference;

namespace GanOnnx.CommandLine;

/// <summary>
/// What a grid shows. With styles to mix in it is the table of the StyleGAN papers, with an empty corner: on the left the images
/// themselves, on top those whose styles they take.
/// </summary>
public sealed class GridPlan(IReadOnlyList<Sample> samples, IReadOnlyList<StyleMix> mixes, int? columns, int? scale)
{
    /// <summary>The images, row by row, without the empty corner.</summary>
    public IReadOnlyList<Sample> Samples { get; } = mixes.Count == 0 ? samples :
    [
        .. mixes.Select(mix => new Sample(mix.Seed, mix.Index, samples[0].Label)),
        .. samples.SelectMany(sample => StyleMixes.Mix(sample, mixes).Prepend(sample)),
    ];

    public bool IsTable => mixes.Count > 0;

    /// <summary>Images per row; null for a grid as square as possible.</summary>
    public int? Columns => IsTable ? mixes.Count + 1 : columns;

    /// <summary>How many times each pixel is repeated; null for as often as looks well.</summary>
    public int? Scale => scale;

    /// <summary>What stands where, row by row; null is the empty corner.</summary>
    public IEnumerable<Sample?> Places =>
        IsTable ? Samples.Cast<Sample?>().Prepend(null) : Samples.Cast<Sample?>();

    /// <summary>How many places a grid has.</summary>
    public static long CountOf(int samples, int mixes) => mixes > 0 ? (samples + 1L) * (mixes + 1L) : samples;
}
