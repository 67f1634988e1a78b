using System.Globalization;
using GanOnnx.Inference;

namespace GanOnnx.CommandLine;

/// <summary>Styles to mix in as people write them: <c>7-10:3</c>.</summary>
public static class StyleMixes
{
    public static IReadOnlyList<StyleMix> Parse(string text)
    {
        if (text.Split(':') is not [var seeds, var last]
            || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var layer))
            throw new UsageException($"--style-mix {text} is no style mixing; write the seeds and the layer from which on their styles "
                + "count, as 7:3 or 7-10:3.");
        return [.. SeedList.Parse(seeds, "--style-mix").Select(seed => new StyleMix(seed, layer))];
    }

    /// <summary>One sample with each of the styles.</summary>
    public static IEnumerable<Sample> Mix(Sample sample, IReadOnlyList<StyleMix> mixes) =>
        mixes.Select(mix => sample with { StyleMix = mix });
}
